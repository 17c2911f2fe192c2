import { beforeEach, describe, expect, it } from 'vitest';
import { createWorld, type World } from './api-world.ts';

let world: World;
const admin = (...call: Parameters<ReturnType<World['as']>>) => world.as('admin')(...call);
const newest = async () => (await admin('GET', '/api/v1/audit/changes?limit=1')).body.items[0];
const made = async (path: string, body: object): Promise<string> => {
  const { status, body: shown } = await admin('POST', path, body);
  expect(status, JSON.stringify(shown)).toBe(201);
  return `${path}/${shown.id}`;
};

const production = '/api/v1/environments/production';
const tests = { name: 'tests', applies_to: ['agent'] };
const machine = {
  ...{ name: 'm', account: '123456789012', role: 'm', unique_id: 'AROAM', owner: 'alice' },
  roles: [{ role: 'developer' }],
};
const policy = { name: 'p', environments: ['production'], required_approvers: 2, groups: [] };
const rule = {
  name: 'r',
  source_environment: 'staging',
  target_environment: 'production',
  required_approvers: 2,
};
const freeze = { reason: 'fair', starts_at: '2026-12-24T00:00:00Z', ends_at: '2026-12-27T00:00:00Z' };

/** Prepares something, and gives the request that weakens it: method, path, body. */
type Weaken = () => Promise<readonly [method: string, path: string, body?: object]>;

const WEAKENINGS: { readonly [what: string]: Weaken } = {
  'an environment that is protected no longer': async () => ['PATCH', production, { protected: false }],
  'an environment without a gate': async () => ['PATCH', production, { gates: [] }],
  'a producer more': async () => {
    await admin('PATCH', production, { gates: [{ ...tests, producers: ['alice'] }], reason: 'r' });
    return ['PATCH', production, { gates: [{ ...tests, producers: ['alice', 'bob'] }] }];
  },
  'a signer more': async () => {
    const signer = (name: string) => ({
      identity: `${name}@acme.com`,
      issuer: 'https://idp.example',
      trusted_root: `sha256:${'0'.repeat(64)}`,
    });
    const signature = { name: 'signature', applies_to: ['agent'] };
    await admin('PATCH', production, { gates: [{ ...signature, signers: [signer('a')] }], reason: 'r' });
    return ['PATCH', production, { gates: [{ ...signature, signers: [signer('a'), signer('b')] }] }];
  },
  'a policy that asks for fewer': async () => [
    'PATCH',
    await made('/api/v1/approval-policies', policy),
    { required_approvers: 1 },
  ],
  'a policy replaced by a weaker one': async () => [
    'PUT',
    await made('/api/v1/approval-policies', policy),
    { ...policy, required_approvers: 1 },
  ],
  'no policy': async () => ['DELETE', await made('/api/v1/approval-policies', policy)],
  'a new policy that lifts the default separation': async () => [
    'POST',
    '/api/v1/approval-policies',
    { ...policy, separation_of_duties: { requester: false } },
  ],
  'no rule': async () => ['DELETE', await made('/api/v1/promotions/rules', rule)],
  'a member with a deciding role': async () => [
    'POST',
    '/api/v1/members',
    { subject: 'new', email: 'new@acme.com', roles: [{ role: 'approver' }] },
  ],
  'a second admin': async () => ['PATCH', '/api/v1/members/viewer', { roles: [{ role: 'admin' }] }],
  'a member in a named group': async () => {
    await made('/api/v1/approval-policies', { ...policy, groups: [{ group: 'security', min: 1 }] });
    return ['PATCH', '/api/v1/members/bob', { groups: ['security'] }];
  },
  'a machine that acts': async () => ['POST', '/api/v1/principals', machine],
  'another owner of a machine': async () => ['PATCH', '/api/v1/principals/mach-ci', { owner: 'bob' }],
  'a gateway that another machine speaks for': async () => [
    'PATCH',
    await made('/api/v1/gateways', { id: 'gw-1', environment: 'production' }),
    { principal: 'mach-ci' },
  ],
  'the lock of an environment lifted': async () => {
    await admin('POST', `${production}/lock`, { reason: 'incident' });
    return ['POST', `${production}/unlock`, {}];
  },
  'the lock of everything lifted': async () => {
    await admin('POST', '/api/v1/environments/*/lock', { reason: 'incident' });
    return ['POST', '/api/v1/environments/*/unlock', {}];
  },
  'a freeze that ends early': async () => [
    'PATCH',
    await made(`${production}/freezes`, freeze),
    { ends_at: '2026-12-25T00:00:00Z' },
  ],
  'a freeze deleted': async () => ['DELETE', await made(`${production}/freezes`, freeze)],
  'the window outside which nothing executes deleted': async () => [
    'DELETE',
    await made(`${production}/freezes`, { ...freeze, mode: 'allow' }),
  ],
  'a window in which executions are allowed that ends later': async () => [
    'PATCH',
    await made(`${production}/freezes`, { ...freeze, mode: 'allow' }),
    { ends_at: '2026-12-28T00:00:00Z' },
  ],
};

beforeEach(async () => {
  world = await createWorld();
});

describe.each(Object.entries(WEAKENINGS))('%s', (_, weaken) => {
  it('takes a reason, which stands in the record with what it weakens', async () => {
    const [method, path, body] = await weaken();
    const before = await newest();
    const refused = await admin(method, path, body);
    expect(refused, JSON.stringify(refused.body)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ field: 'reason' }] },
    });
    expect(await newest()).toEqual(before);
    const reason = 'ticket 7';
    const said =
      body === undefined
        ? await admin(method, `${path}?reason=ticket%207`)
        : await admin(method, path, { ...body, reason });
    expect(said.status, JSON.stringify(said.body)).toBeLessThan(300);
    const entry = await newest();
    expect(entry).toMatchObject({ seq: before.seq + 1, actor: { subject: 'admin' }, reason });
    expect(entry.weakens).not.toEqual([]);
  });
});

describe('what weakens nothing', () => {
  it.each([
    ['PATCH', production, { gates: [tests, { name: 'policy_compliance' }, { name: 'soak' }] }],
    ['POST', '/api/v1/approval-policies', policy],
    ['POST', '/api/v1/promotions/rules', rule],
    ['POST', '/api/v1/members', { subject: 'new', email: 'new@acme.com', roles: [{ role: 'viewer' }] }],
    ['POST', '/api/v1/gateways', { id: 'gw-1', environment: 'production' }],
    ['POST', `${production}/freezes`, freeze],
    ['POST', `${production}/freezes`, { ...freeze, mode: 'allow' }],
  ])('needs no reason: %s %s', async (method, path, body) => {
    if (method === 'PATCH') await admin('PATCH', production, { gates: [], reason: 'a fresh start' });
    const answer = await admin(method, path, body);
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    expect((await newest()).weakens).toEqual([]);
  });
});
