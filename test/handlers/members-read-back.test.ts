import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { ENDPOINTS } from '../../functions/contract/all.ts';
import { NOUN_SAMPLES, type NounSample } from '../support/noun-samples.ts';
import { createWorld, type World } from './api-world.ts';

type Members = { readonly [name: string]: unknown };

/** A member of a noun is declared once: whatever a caller says of an item must come back on every way that shows it. */

/** Members that callers may leave out, of the one form of the body that `least` fits. */
function optionalMembers({ path, least }: NounSample): readonly string[] {
  const at = path.replace('/staging/', '/{scope}/');
  const create = ENDPOINTS.find((endpoint) => endpoint.method === 'POST' && endpoint.path === at);
  const form = formsOf(create?.body).find((one) => z.safeParse(one, least).success);
  return Object.entries(form?.shape ?? {}).flatMap(([name, member]) =>
    z.safeParse(z.object({ [name]: mini(member) }), {}).success ? [name] : [],
  );
}

function formsOf(body: unknown): readonly z.ZodMiniObject[] {
  if (body instanceof z.ZodMiniObject) return [body];
  return body instanceof z.ZodMiniUnion ? body._zod.def.options.flatMap(formsOf) : [];
}

function mini(member: unknown): z.ZodMiniType {
  if (member instanceof z.ZodMiniType) return member;
  throw new Error('no schema');
}

/** Why it is changed is said beside it, but for a freeze, whose own it is. */
const besides = ({ least }: NounSample): Members => ('reason' in least ? {} : { reason: 'a sample' });
/** Members that creation alone sets. */
const FIXED = ['id', 'user_id'];

let world: World;
const admin = (...call: Parameters<ReturnType<World['as']>>) => world.as('admin')(...call);

async function made(sample: NounSample, members: Members): Promise<string> {
  const answer = await admin('POST', sample.path, { ...members, ...besides(sample) });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  expect(answer.body).toMatchObject(members);
  return String(answer.headers?.['location']);
}

/** A tenant with what the samples name. */
beforeEach(async () => {
  world = await createWorld();
  const { registry, gateway } = NOUN_SAMPLES;
  await made(registry, { ...registry.least, id: 'reg-whole' });
  await made(gateway, { ...gateway.least, id: 'gw-whole' });
});

describe.each(Object.entries<NounSample>(NOUN_SAMPLES))('every member of a %s', (noun, sample) => {
  const { path, least } = sample;
  // The registry and the gateway that the other samples name are there already.
  const others = { id: `${noun}-whole` };
  const more: Members = 'id' in sample.more ? { ...sample.more, ...others } : sample.more;
  const whole = { ...least, ...more };

  it('that may be left out has a sample here', () => {
    const own = optionalMembers(sample).filter((name) => 'reason' in least || name !== 'reason');
    expect(Object.keys(more).sort()).toEqual([...own].sort());
  });

  it('comes back when it is created, read and listed', async () => {
    const at = await made(sample, whole);
    const { body } = await admin('GET', at);
    expect(body).toMatchObject(whole);
    const { items } = (await admin('GET', path)).body;
    const { warnings: _, ...listed } = body;
    expect(items).toContainEqual(listed);
  });

  it('comes back when it is said by PATCH, and stays by a PATCH of nothing and a PUT of what is shown', async () => {
    const at = await made(sample, least);
    const changed = Object.fromEntries(Object.entries(more).filter(([name]) => !FIXED.includes(name)));
    const patched = await admin('PATCH', at, { ...changed, reason: 'a sample' });
    expect(patched).toMatchObject({ status: 200, body: changed });
    const { body } = await admin('GET', at);
    expect(body).toMatchObject(changed);
    expect(await admin('PATCH', at, {})).toMatchObject({ status: 200, body });
    expect(await admin('PUT', at, body)).toMatchObject({ status: 200, body });
  });

  it('is in the record of its creation and of its change', async () => {
    const { roles, ...recorded } = whole;
    // A role is kept as a grant, and of the address of a webhook the host alone is recorded.
    const expected: Record<string, unknown> = {
      ...recorded,
      ...(roles === undefined ? {} : { grants: roles }),
    };
    if ('url' in least && noun === 'webhook') expected['url'] = expect.any(String);
    const at = await made(sample, whole);
    const [created] = (await admin('GET', '/api/v1/audit/changes')).body.items;
    expect(created.values.after).toMatchObject(expected);
    const changed = await admin('PATCH', at, { ...CHANGE[noun], reason: 'another' });
    expect(changed.status, JSON.stringify(changed.body)).toBe(200);
    const [updated] = (await admin('GET', '/api/v1/audit/changes')).body.items;
    expect(updated.values).toMatchObject({
      before: expected,
      after: { ...expected, ...('reason' in least ? { reason: 'another' } : CHANGE[noun]) },
    });
  });
});

/** A change of each noun by which no other member moves. */
const CHANGE: { readonly [noun: string]: Members } = {
  registry: { type: 'oci' },
  gateway: { driver: 'record' },
  consumer: { name: 'other' },
  freeze: { reason: 'another' },
  rule: { name: 'other' },
  policy: { name: 'other' },
  email: { name: 'other' },
  webhook: { name: 'other' },
  slack_webhook: { name: 'other' },
  slack_app: { name: 'other' },
  member: { email: 'other@acme.com' },
  machine: { name: 'other' },
  environment: { tag_suffix: 'other' },
};

describe('the configuration document', () => {
  const path = '/api/v1/configuration';
  const document = {
    artifacts: {
      registry: { primary: { type: 'harbor', url: 'registry.acme.com' } },
      promotion: { cross_registry_sync: true, verification: 'signature_match' },
    },
    'x-sluice': {
      approvals: [{ ...NOUN_SAMPLES.policy.least, ...NOUN_SAMPLES.policy.more }],
      retention: { keep_versions: 5, keep_days: 30, protected: ['v1.*'] },
      pins: [NOUN_SAMPLES.consumer.least],
    },
  };

  it('exports every member that it was told, and changes nothing when it is applied again', async () => {
    const said = await admin('PUT', `${path}?reason=all`, document);
    expect(said.status, JSON.stringify(said.body)).toBe(200);
    const { body } = await admin('GET', path);
    expect(body).toMatchObject({ 'x-sluice': document['x-sluice'] });
    expect(body.artifacts).toMatchObject({
      registry: document.artifacts.registry,
      promotion: document.artifacts.promotion,
    });
    expect((await admin('PUT', path, body)).body.changes).toEqual([]);
  });

  it('leaves the members of a channel as they are that it does not name', async () => {
    const at = '/api/v1/notification-channels';
    const email = { email: { recipients: ['ops@acme.com'] } };
    const said = { artifacts: { promotion: { notifications: email } } };
    await admin('PUT', path, said);
    const own = ({ name }: { readonly name: string }) => name === 'configuration';
    const channel = (await admin('GET', at)).body.items.find(own);
    await admin('PATCH', `${at}/${channel.id}`, NOUN_SAMPLES.email.more);
    email.email.recipients = ['oncall@acme.com'];
    expect((await admin('PUT', path, said)).status).toBe(200);
    const expected = { ...NOUN_SAMPLES.email.more, recipients: ['oncall@acme.com'] };
    expect((await admin('GET', `${at}/${channel.id}`)).body).toMatchObject(expected);
  });

  it('records every member of the settings of artifacts', async () => {
    await admin('PUT', `${path}?reason=all`, document);
    const { items } = (await admin('GET', '/api/v1/audit/changes?type=artifact_settings')).body;
    const { cross_registry_sync, verification } = document.artifacts.promotion;
    const { retention } = document['x-sluice'];
    expect(items[0].values.after).toMatchObject({ cross_registry_sync, verification, retention });
  });
});
