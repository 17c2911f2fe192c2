import { beforeEach, describe, expect, it } from 'vitest';
import { createWorld, type World } from './api-world.ts';

type Members = { readonly [name: string]: unknown };
/** A noun of the API: where it is, one of it, the members a PUT must say, and a read-only one with another value. */
type Noun = {
  readonly path: string;
  readonly body: Members;
  readonly demanded: readonly string[];
  readonly change: Members;
};

const webhook = { type: 'webhook', url: 'https://hooks.acme.com/x', secret_ref: 'sluice/acme/webhook/x' };
const NOUNS: { readonly [noun: string]: Noun } = {
  rule: {
    path: '/api/v1/promotions/rules',
    body: {
      name: 'r',
      source_environment: 'development',
      target_environment: 'staging',
      conditions: { field: 'evidence.tests', op: 'eq', value: null },
    },
    demanded: ['required_approvers'],
    change: { name: 's' },
  },
  policy: {
    path: '/api/v1/approval-policies',
    body: { name: 'p', environments: ['staging'], groups: [{ group: 'security', min: 1 }] },
    demanded: ['required_approvers', 'groups'],
    change: { required_approvers: 3 },
  },
  environment: {
    path: '/api/v1/environments',
    body: { name: 'qa', owned_keys: ['db.*'] },
    demanded: ['rank', 'protected', 'gates', 'aliases', 'tag_suffix'],
    change: { protected: true },
  },
  gateway: {
    path: '/api/v1/gateways',
    body: { id: 'gw-9', environment: 'staging', driver: 'http', endpoint: 'https://gw.acme.com/' },
    demanded: [],
    change: { status: 'inactive' },
  },
  registry: {
    path: '/api/v1/registries',
    body: { id: 'dr', type: 'harbor', url: 'https://registry.acme.com', repository_prefix: 'team/project' },
    demanded: ['role'],
    change: { max_artifact_bytes: 5 },
  },
  consumer: {
    path: '/api/v1/consumers',
    body: {
      id: 'cons-9',
      name: 'billing',
      environment: 'staging',
      artifact: 'platform',
      constraint: '^1.0.0',
    },
    demanded: [],
    change: { constraint: '~1.2.0' },
  },
  freeze: {
    path: '/api/v1/environments/production/freezes',
    body: { reason: 'fair', starts_at: '2026-12-24T00:00:00Z', ends_at: '2026-12-27T00:00:00Z' },
    demanded: [],
    change: { reason: 'longer fair' },
  },
  channel: {
    path: '/api/v1/notification-channels',
    body: { ...webhook, name: 'hook', filter: { severities: ['critical'] } },
    demanded: [],
    change: { name: 'other hook' },
  },
  member: {
    path: '/api/v1/members',
    body: { subject: 'sub-9', email: 'new@acme.com', groups: ['security'] },
    demanded: ['roles', 'groups'],
    change: { status: 'inactive' },
  },
  machine: {
    path: '/api/v1/principals',
    body: {
      ...{ id: 'mach-9', name: 'm', account: '123456789012', role: 'm', unique_id: 'AROAM' },
      owner: 'alice',
    },
    demanded: ['roles', 'groups'],
    change: { owner: 'bob' },
  },
};

let world: World;
const admin = (...call: Parameters<ReturnType<World['as']>>) => world.as('admin')(...call);

beforeEach(async () => {
  world = await createWorld();
});

describe.each(Object.entries(NOUNS))('a %s', (_, { path, body, demanded, change }) => {
  const made = async () => {
    const { headers, body: shown } = await admin('POST', path, body);
    return { one: String(headers?.['location']), shown };
  };

  it('is the same after its own GET is PUT, in the same version', async () => {
    const { one } = await made();
    const shown = (await admin('GET', one)).body;
    expect(await admin('PUT', one, shown)).toMatchObject({ status: 200, body: shown });
    expect((await admin('GET', one)).body).toEqual(shown);
  });

  it('changes one field by GET, change, PUT, and by PATCH alike', async () => {
    const { one, shown } = await made();
    // What is taken back here may weaken what governs promotions, and says why.
    const why = 'reason' in body ? {} : { reason: 'back and forth' };
    const put = await admin('PUT', one, { ...shown, ...change, ...why });
    expect(put).toMatchObject({ status: 200, body: { ...change, version: shown.version + 1 } });
    const [name = ''] = Object.keys(change);
    const back = await admin('PATCH', one, { [name]: shown[name], ...why });
    expect(back).toMatchObject({ status: 200, body: { ...shown, version: shown.version + 2 } });
  });

  it('refuses another value of a read-only field, and names the field', async () => {
    const { one, shown } = await made();
    for (const method of ['PUT', 'PATCH'] as const) {
      const other = { ...shown, organization_id: 'globex' };
      expect(await admin(method, one, other)).toMatchObject({
        status: 409,
        body: { code: 'immutable', field: 'organization_id' },
      });
    }
  });

  it('demands in a PUT what would weaken or reorder by its default, and points to PATCH', async () => {
    const { one, shown } = await made();
    for (const field of demanded) {
      const { [field]: _left, ...rest } = shown;
      const refused = await admin('PUT', one, rest);
      expect(refused).toMatchObject({ status: 400, body: { errors: [{ field }] } });
      expect(refused.body.detail).toContain('PATCH');
    }
  });

  it('honours If-Match on PUT, PATCH and DELETE', async () => {
    const { one, shown } = await made();
    const stale = { 'if-match': '"9999"' };
    for (const method of ['PUT', 'PATCH'] as const) {
      expect(await admin(method, one, { ...shown, ...change }, stale)).toMatchObject({ status: 412 });
    }
    expect(await admin('DELETE', one, undefined, stale)).toMatchObject({ status: 412 });
  });

  it('is recorded with the values before and after, the actor and the reason', async () => {
    const { one, shown } = await made();
    const reason = 'because';
    const said = 'reason' in body ? change : { ...change, reason };
    await admin('PATCH', one, said);
    const [newest, first] = (await admin('GET', '/api/v1/audit/changes')).body.items;
    const after = expect.objectContaining({ version: shown.version + 1 });
    const before = expect.objectContaining({ version: shown.version });
    expect(newest).toMatchObject({
      action: 'update',
      actor: { subject: 'admin' },
      values: { before, after },
    });
    expect(newest.reason).toBe('reason' in body ? change['reason'] : reason);
    expect(first).toMatchObject({ action: 'create', before: null, values: { before: null } });
    expect(first.after).toBe(newest.before);
  });

  it('is nothing that a stranger learns of, whatever they say', async () => {
    const { one } = await made();
    for (const [method, at] of [
      ['POST', path],
      ['PUT', one],
      ['PATCH', one],
      ['DELETE', one],
      ['GET', one],
      ['DELETE', `${path}/nothing`],
    ] as const) {
      const wrong = { ...body, environment: 'nowhere', target_environment: 'nowhere' };
      const said = { POST: body, PUT: wrong, PATCH: wrong, DELETE: undefined, GET: undefined }[method];
      const refused = await world.as('nobody')(method, at, said);
      expect(refused, `${method} ${at}`).toMatchObject({ status: 403, body: { code: 'not_authorized' } });
    }
  });
});

describe('null', () => {
  it('means absent for an optional field, and is data inside a value', async () => {
    const { path, body } = NOUNS['rule'] ?? { path: '', body: {} };
    const made = await admin('POST', path, { ...body, target_gateway_id: null, auto_promote: null });
    expect(made).toMatchObject({
      status: 201,
      body: { target_gateway_id: null, auto_promote: false, conditions: { value: null } },
    });
    const cleared = await admin('PATCH', String(made.headers?.['location']), { conditions: null });
    expect(cleared).toMatchObject({ status: 200, body: { conditions: null } });
  });

  it('cannot take a demanded field away', async () => {
    const refused = await admin('PATCH', '/api/v1/environments/staging', { rank: null });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'rank' }] } });
  });
});

describe('the pipeline', () => {
  const staging = '/api/v1/environments/staging';

  beforeEach(async () => {
    await admin('PATCH', '/api/v1/members/viewer', {
      ...{ roles: [{ role: 'admin', environment: 'staging' }], reason: 'their own place' },
    });
  });

  it('is not an environment admin’s to reorder, rename or shorten', async () => {
    const part = world.as('viewer');
    for (const change of [{ rank: 9 }, { aliases: ['stage'] }]) {
      expect(await part('PATCH', staging, change)).toMatchObject({ status: 403 });
    }
    expect(await part('DELETE', staging)).toMatchObject({ status: 403 });
    expect(await part('POST', '/api/v1/environments', { name: 'qa' })).toMatchObject({ status: 403 });
    expect((await admin('GET', staging)).body).toMatchObject({ rank: 2, aliases: ['stg'] });
  });

  it('leaves the settings of an environment to its own admin', async () => {
    const changed = await world.as('viewer')('PATCH', staging, { protected: true });
    expect(changed).toMatchObject({ status: 200, body: { protected: true } });
  });
});

describe('a name used again', () => {
  it.each([
    ['environment', 'qa'],
    ['gateway', 'gw-9'],
    ['registry', 'dr'],
    ['consumer', 'cons-9'],
    ['member', 'sub-9'],
    ['machine', 'mach-9'],
  ])('starts past the versions that the %s had before', async (noun, id) => {
    const { path, body, change } = NOUNS[noun] ?? { path: '', body: {}, change: {} };
    const one = `${path}/${id}`;
    const made = await admin('POST', path, body);
    const changed = await admin('PATCH', one, change);
    expect((await admin('DELETE', `${one}?reason=gone`)).status).toBe(204);
    expect((await admin('POST', path, body)).status).toBe(201);
    for (const { headers } of [made, changed]) {
      const stale = { 'if-match': String(headers?.['etag']) };
      expect(await admin('PATCH', one, change, stale)).toMatchObject({ status: 412 });
      expect(await admin('DELETE', one, undefined, stale)).toMatchObject({ status: 412 });
    }
  });
});

describe('limits', () => {
  it('hold when the last places are asked for at once', async () => {
    const { path, body } = NOUNS['channel'] ?? { path: '', body: {} };
    for (let n = 0; n < 47; n += 1) await admin('POST', path, body);
    const answers = await Promise.all(Array.from({ length: 6 }, () => admin('POST', path, body)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    expect(answers.filter(({ body: { code } }) => code === 'limit_reached')).toHaveLength(4);
    expect((await admin('GET', path)).body.items).toHaveLength(50);
  });
});

describe('a machine and the gateway it speaks for', () => {
  const { path, body } = NOUNS['machine'] ?? { path: '', body: {} };
  const bind = () =>
    admin('PATCH', '/api/v1/gateways/gw-1', { principal: 'mach-9', reason: 'it reports there' });
  const remove = () => admin('DELETE', `${path}/mach-9?reason=gone`);

  beforeEach(async () => {
    await admin('POST', path, body);
    await admin('POST', '/api/v1/gateways', { id: 'gw-1', environment: 'staging' });
  });

  it('are not bound and deleted at once', async () => {
    const [bound, deleted] = await Promise.all([bind(), remove()]);
    const either = [
      [200, 409],
      [400, 204],
    ];
    expect(either).toContainEqual([bound.status, deleted.status]);
  });

  it('part before the machine is deleted, and no machine that is gone is bound', async () => {
    expect((await bind()).status).toBe(200);
    expect(await remove()).toMatchObject({ status: 409, body: { code: 'in_use', gateway_id: 'gw-1' } });
    const without = { principal: null, reason: 'another one comes' };
    expect((await admin('PATCH', '/api/v1/gateways/gw-1', without)).status).toBe(200);
    expect((await remove()).status).toBe(204);
    expect((await bind()).status).toBe(400);
  });
});
