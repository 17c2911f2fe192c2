import { expect, it } from 'vitest';
import type { ChannelOf } from '../../../functions/domain/notification/channel.ts';
import type { Sent } from '../../../functions/ports/sender.ts';
import { deliverWithBackoff } from '../../../functions/use-cases/notifications/deliver-with-backoff.ts';
import { memoryStores } from '../../support/replayed-stores.ts';
import { createWorld, T0, TENANT, type World } from '../deployments/world.ts';
import { recorded, requested } from '../promotions/stage.ts';

/** A channel to a receiver that takes its time, and a promotion to tell of. */
async function waiting() {
  const world = await createWorld((now) => memoryStores(now));
  await world.gateway('gw-staging', 'staging');
  await world.gateway('gw-789', 'production');
  await recorded(world, 'dep-456', 'agent-123', 'staging');
  const { id } = await requested(world);
  await world.commit({ write: 'catalog', entry: { type: 'channel', item: CHANNEL }, expected: 0 });
  const receiver = { takes: 'PT0S', says: { outcome: 'delivered' } as Sent, asked: 0 };
  const send = async () => {
    receiver.asked += 1;
    world.advance(receiver.takes);
    return receiver.says;
  };
  const sender = { send, drift: send };
  const deps = { ...world.deps, senders: { email: sender, webhook: sender, slack: sender } };
  const ref = { tenant: TENANT, channel_id: CHANNEL.id, promotion_id: id };
  const tell = (last = false) => deliverWithBackoff(deps, ref, { last });
  return { world, receiver, deps, ref, tell };
}

const CHANNEL: ChannelOf<'webhook'> = {
  id: 'chan-1',
  tenant: TENANT,
  name: 'slow',
  type: 'webhook',
  url: 'https://receiver.example',
  secret_ref: `sluice/${TENANT}/webhook/hook`,
  filter: { events: 'all', environments: 'all', severities: 'all' },
  status: 'active',
  since: T0,
  created_by: 'admin',
  created_at: T0,
  updated_at: T0,
  version: 1,
};

const failing: Sent = { outcome: 'retry', reason: 'no answer in time' };

/** Lets the receiver hang once, so that it is left alone. */
async function hung(stage: Awaited<ReturnType<typeof waiting>>): Promise<void> {
  Object.assign(stage.receiver, { takes: 'PT10S', says: failing });
  expect(await stage.tell()).toMatchObject({ outcome: 'retry', reason: 'no answer in time' });
  stage.receiver.asked = 0;
}

const seconds = (world: World, count: number) => world.advance(`PT${count}S`);

it('leaves a receiver alone that was slow to fail, and says for how long', async () => {
  const stage = await waiting();
  await hung(stage);
  seconds(stage.world, 10);
  expect(await stage.tell()).toMatchObject({ outcome: 'retry', after_seconds: 20 });
  expect(stage.receiver.asked).toBe(0);
});

it('tries a left-alone receiver with a last attempt, and records that it was given up', async () => {
  const stage = await waiting();
  await hung(stage);
  expect(await stage.tell(true)).toMatchObject({ outcome: 'retry', reason: 'no answer in time' });
  expect(stage.receiver.asked).toBe(1);
  const { items } = await stage.deps.deliveries.history(TENANT, CHANNEL.id, { limit: 10 });
  expect(items.map(({ outcome }) => outcome)).toContain('given_up');
});

it('does not so when it fails at once', async () => {
  const stage = await waiting();
  Object.assign(stage.receiver, { says: failing });
  await stage.tell();
  await stage.tell();
  expect(stage.receiver.asked).toBe(2);
});

it('lets one of many try it after that, and the others wait for what comes of it', async () => {
  const stage = await waiting();
  await hung(stage);
  seconds(stage.world, 31);
  const tried = await Promise.all(Array.from({ length: 10 }, stage.tell));
  expect(stage.receiver.asked).toBe(1);
  const told = tried.filter(({ outcome, ...more }) => outcome === 'retry' && 'after_seconds' in more);
  expect(told).toHaveLength(9);
});

it('is told everything once it answers again', async () => {
  const stage = await waiting();
  await hung(stage);
  seconds(stage.world, 31);
  Object.assign(stage.receiver, { takes: 'PT0S', says: { outcome: 'delivered' } });
  expect(await stage.tell()).toEqual({ outcome: 'done' });
  expect(await stage.deps.backoff.until(stage.ref)).toBeUndefined();
  const { length } = await stage.deps.promotions.events(TENANT, stage.ref.promotion_id);
  expect(stage.receiver.asked).toBe(length);
});

it('is left alone again when it is as slow as before', async () => {
  const stage = await waiting();
  await hung(stage);
  seconds(stage.world, 31);
  await stage.tell();
  seconds(stage.world, 29);
  expect(await stage.tell()).toMatchObject({ after_seconds: 1 });
  expect(stage.receiver.asked).toBe(1);
});

it('is tried again when the one that tried it never came back', async () => {
  const stage = await waiting();
  await hung(stage);
  seconds(stage.world, 31);
  const seen = await stage.deps.backoff.until(stage.ref);
  await stage.deps.backoff.prolong(stage.ref, seen ?? '', '2026-03-01T09:01:00.000Z');
  stage.world.now = '2026-03-01T09:01:01.000Z';
  await stage.tell();
  expect(stage.receiver.asked).toBe(1);
});
