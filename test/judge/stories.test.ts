import { beforeEach, describe, expect, it } from 'vitest';
import { ACME, createWorld, type World } from '../handlers/api-world.ts';
import { exportedOf } from '../support/export-completed.ts';
import { adminOfAll } from './admin-of-all.ts';
import { eventsIn, itemsOf, judged, skipWithoutPython } from './record.ts';

/** Acts of people who try what they should not: answers are not looked at, and what comes of it is judged by the record alone. */
const PROMOTIONS = '/api/v1/promotions';
const POLICIES = '/api/v1/approval-policies';
const policy = { name: 'two', environments: ['production'], required_approvers: 2 };
const weaker = { required_approvers: 1, reason: 'in a hurry' };

let world: World;
let made = 0;
const as =
  (sub: string) =>
  (method: string, path: string, body?: unknown, headers = {}) =>
    world.send({ method, path, signer: { sub }, headers, ...(body === undefined ? {} : { body }) });

/** Asks to promote an agent of its own from staging, and answers the promotion. */
async function asks(who: string, more: object = {}): Promise<string> {
  made += 1;
  const [id, agent_id] = [`dep-${made}`, `agent-${made}`];
  await as('dev')('POST', '/api/v1/deployments', {
    ...{ id, agent_id, gateway_id: 'gw-staging', environment: 'staging' },
  });
  const asked = await as(who)('POST', PROMOTIONS, {
    ...{ agent_id, source_deployment_id: id, target_gateway_id: 'gw-production' },
    ...{ target_environment: 'production', ...more },
  });
  return asked.body.id;
}

const act = (who: string, id: string, verb: string, body?: object) =>
  as(who)('POST', `${PROMOTIONS}/${id}/${verb}`, body);

/** The workflow takes up what was asked for; what it is refused is refused. */
const runs = (id: string): Promise<unknown> => world.run(id).catch(() => undefined);

/** What became of a promotion, and what the judge says of the tenant. */
async function told(id: string) {
  const items = itemsOf(await exportedOf(world.deps, ACME));
  const completed = eventsIn(items, id).some(({ event }) => event.type === 'PromotionCompleted');
  return { completed, said: judged({ story: items }).of('story') };
}

beforeEach(async () => {
  world = await createWorld();
  made = 0;
  await adminOfAll(world);
  for (const environment of ['staging', 'production']) {
    await as('admin')('POST', '/api/v1/gateways', { id: `gw-${environment}`, environment });
  }
});

/** What happens, answered by the promotion that it ends with; the answers on the way are not looked at. */
const REFUSED: Readonly<Record<string, () => Promise<string>>> = {
  'who weakened the policy approves under the weaker one': async () => {
    const { body } = await as('admin')('POST', POLICIES, { ...policy, reason: 'two of us' });
    const id = await asks('dev');
    await as('admin')('PATCH', `${POLICIES}/${body.id}`, weaker);
    await act('dev', id, 'validate');
    await act('admin', id, 'approve');
    await act('dev', id, 'execute');
    await runs(id);
    return id;
  },
  'an execution inside a freeze': async () => {
    const id = await asks('dev');
    await act('alice', id, 'approve');
    const window = { starts_at: '2026-11-20T00:00:00Z', ends_at: '2026-11-30T00:00:00Z', reason: 'holidays' };
    await as('admin')('POST', '/api/v1/environments/production/freezes', window);
    await act('dev', id, 'execute');
    await runs(id);
    return id;
  },
  'one approval where two are asked for': async () => {
    await as('admin')('POST', POLICIES, { ...policy, reason: 'two of us' });
    const id = await asks('dev');
    await act('alice', id, 'approve');
    await act('dev', id, 'execute');
    await runs(id);
    return id;
  },
};

describe.skipIf(skipWithoutPython())('what people try, judged by the record alone', () => {
  it.each(Object.entries(REFUSED))('%s: nothing illegitimate comes of it', async (_, happens) => {
    const { said } = await told(await happens());
    expect(said).not.toContain('illegitimate');
  });

  it('a promotion that nobody bends completes, and is legitimate', async () => {
    const id = await asks('dev');
    await act('alice', id, 'approve');
    await act('dev', id, 'execute');
    await runs(id);
    expect(await told(id)).toEqual({ completed: true, said: `promotion/${id} legitimate` });
  });
});
