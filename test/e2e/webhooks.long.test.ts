import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, Api, until } from '../support/api.ts';
import { MortalRuntime } from '../support/mortal-runtime.ts';
import { randomStream } from '../support/random-stream.ts';
import { newDataDir } from '../support/runtime.ts';
import { type Weather, WebhookReceiver } from '../support/webhook-receiver.ts';

const TENANT = '550e8400-e29b-41d4-a716-446655440000';
/** Another number is another run. */
const SEED = Number(process.env['SLUICE_TEST_SEED'] ?? 20261121);
const KILLS = 3;
const AGENTS = 4;
const SECRET_REF = `sluice/${TENANT}/webhook/all`;
const SECRET = `whsec_${Buffer.from('a secret of 32 bytes for testing').toString('base64')}`;

const random = randomStream(SEED);
/** Every kind of bad weather once, in an order of its own, then fair: each message that meets it waits longer the next time. */
const stormy = (...kinds: readonly Weather[]) => {
  const drawn = kinds.map((kind) => ({ kind, at: random() })).sort((a, b) => a.at - b.at);
  return (n: number): Weather => drawn[n]?.kind ?? 'kept';
};

let runtime: MortalRuntime;
let admin: Api;
const receivers = {
  first: new WebhookReceiver(
    SECRET,
    stormy('error', 'reset', 'redirect', 'kept, then reset', 'kept', 'hang'),
  ),
  second: new WebhookReceiver(SECRET, stormy('error', 'redirect', 'kept, then reset', 'reset', 'error')),
  completions: new WebhookReceiver(SECRET, () => 'kept'),
  silent: new WebhookReceiver(SECRET, () => 'hang'),
  leaving: new WebhookReceiver(SECRET, (n) => (n < 2 ? 'kept' : 'gone')),
};

beforeAll(async () => {
  const dataDir = await newDataDir();
  await writeFile(join(dataDir, 'secrets.json'), JSON.stringify({ [SECRET_REF]: SECRET }));
  runtime = new MortalRuntime({ SLUICE_DEMO: 'off' }, { dataDir });
  const { url, token } = await runtime.current();
  admin = new Api(url, await token('admin@acme.com'));
  for (const [id, environment] of [
    ['gw-stg', 'staging'],
    ['gw-prod', 'production'],
  ]) {
    await admin.post('/api/v1/gateways', { id, environment, driver: 'record' });
  }
  await Promise.all(Object.values(receivers).map((receiver) => receiver.start()));
});
afterAll(async () => {
  await runtime?.stop();
  await Promise.all(Object.values(receivers).map((receiver) => receiver.stop()));
});

async function channel(
  name: string,
  url: string,
  events: readonly string[] | 'all' = 'all',
): Promise<string> {
  const answer = await admin.post('/api/v1/notification-channels', {
    name,
    type: 'webhook',
    url,
    secret_ref: SECRET_REF,
    filter: { events, environments: 'all', severities: 'all' },
  });
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
  return answer.body.id;
}

const good = ({ status }: Answer) => status < 300;

/** Records an agent, requests its promotion to production, approves and executes it; answers the promotion's id. */
async function promoted(agent: string): Promise<string> {
  const once = { 'idempotency-key': agent };
  const deployment = { id: `dep-${agent}`, agent_id: agent, gateway_id: 'gw-stg', environment: 'staging' };
  const recorded = (answer: Answer) => good(answer) || answer.status === 409;
  await runtime.persistently('dev@acme.com', (dev) => dev.post('/api/v1/deployments', deployment), recorded);
  const request = {
    agent_id: agent,
    source_deployment_id: `dep-${agent}`,
    target_gateway_id: 'gw-prod',
    target_environment: 'production',
  };
  const created = await runtime.persistently(
    'dev@acme.com',
    (dev) => dev.post('/api/v1/promotions', request, once),
    good,
  );
  const path = `/api/v1/promotions/${created?.body.id}`;
  const decided = (answer: Answer) => good(answer) || answer.body.code === 'already_decided';
  await runtime.persistently('alice@acme.com', (alice) => alice.post(`${path}/approve`), decided);
  await runtime.persistently('dev@acme.com', (dev) => dev.post(`${path}/execute`), good);
  const over = ({ body }: Answer) => body.status === 'completed';
  await runtime.persistently('dev@acme.com', (dev) => dev.get(path), over);
  return created?.body.id;
}

/** The ids of a promotion's events in the order of its chain. */
async function chainOf(promotion: string): Promise<string[]> {
  const { body } = await admin.get(`/api/v1/promotions/${promotion}/timeline`);
  return body.items.map(({ seq }: { seq: number }) => `${promotion}-${seq}`);
}

describe(`webhooks in a storm (seed ${SEED}), with the process killed ${KILLS} times`, () => {
  let promotions: string[];
  let chains: string[][];
  let leaving: string;

  beforeAll(async () => {
    await channel('first', receivers.first.url);
    await channel('second', receivers.second.url);
    await channel('completions', receivers.completions.url, ['completed']);
    await channel('silent', receivers.silent.url);
    leaving = await channel('leaving', receivers.leaving.url);
    const promoting = Promise.all(Array.from({ length: AGENTS }, (_, n) => promoted(`agent-${n}`)));
    for (let n = 0; n < KILLS; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 500 + random() * 3_000));
      await runtime.kill();
    }
    promotions = await promoting;
    chains = await Promise.all(promotions.map(chainOf));
  });

  it.each(['first', 'second'] as const)('%s gets every event of every promotion', async (name) => {
    const receiver = receivers[name];
    const wanted = chains.flat().sort();
    const kept = await until(
      async () => receiver.kept.map(({ id }) => id).sort(),
      ({ length }) => length >= wanted.length,
    );
    expect(kept).toEqual(wanted);
  });

  it.each(['first', 'second'] as const)(
    '%s gets those of one promotion in the order of its chain',
    (name) => {
      for (const [at, promotion] of promotions.entries()) {
        const own = receivers[name].kept.filter((each) => each.promotion === promotion);
        expect(own.map(({ id }) => id)).toEqual(chains[at]);
      }
    },
  );

  it('had bad weather indeed', () => {
    for (const { met } of [receivers.first, receivers.second]) {
      expect(met).toEqual(expect.arrayContaining(['error', 'reset', 'redirect', 'kept, then reset']));
    }
    expect(runtime.lives).toBe(KILLS);
  });

  it('tells a receiver what it asked for and nothing else', async () => {
    const kept = await until(
      async () => receivers.completions.kept,
      ({ length }) => length >= AGENTS,
    );
    expect(kept.map(({ promotion }) => promotion).sort()).toEqual([...promotions].sort());
    for (const { event } of kept)
      expect(event).toMatchObject({ specversion: '1.0', source: expect.any(String) });
  });

  it('disables the channel of a receiver that says it is gone, and says why', async () => {
    const look = async () => (await admin.get(`/api/v1/notification-channels/${leaving}`)).body;
    const { disabled_reason } = await until(look, ({ status }) => status === 'disabled');
    expect(disabled_reason).toMatch(/410|gone/i);
    // What another message had under way then may still arrive; what comes to pass from now on may not.
    const later = await promoted('agent-later');
    await until(
      async () => receivers.completions.kept,
      (kept) => kept.some(({ promotion }) => promotion === later),
    );
    expect(receivers.leaving.promotions).not.toContain(later);
  });

  it('signs each of them so that the published library accepts it, and follows no redirect', () => {
    for (const { forged, paths, met } of Object.values(receivers)) {
      expect(forged).toEqual([]);
      expect(met.length).toBeGreaterThan(0);
      expect(new Set(paths)).toEqual(new Set(['/hook']));
    }
  });
});

describe('a receiver that never answers', () => {
  it('keeps no promotion from completing', async () => {
    await promoted('agent-unhurried');
  });
});

describe('an address that is not on the public Internet', () => {
  it.each(['https://10.0.0.1/hook', 'https://169.254.169.254/hook', 'https://[fd00::1]/hook'])(
    'is not called: %s',
    async (url) => {
      const answer = await admin.post('/api/v1/notification-channels', {
        name: url,
        type: 'webhook',
        url,
        secret_ref: SECRET_REF,
        filter: { events: 'all', environments: 'all', severities: 'all' },
      });
      expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
      const tested = await admin.post(`/api/v1/notification-channels/${answer.body.id}/test`);
      expect(tested.body).toMatchObject({
        outcome: 'retry',
        reason: expect.stringContaining('must not be called'),
      });
    },
  );
});
