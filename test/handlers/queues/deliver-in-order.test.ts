import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { sqsOrderedQueue } from '../../../functions/adapters/sqs/queue.ts';
import { sqsReturns } from '../../../functions/adapters/sqs/returns.ts';
import { decide } from '../../../functions/domain/promotion/decider.ts';
import { append } from '../../../functions/domain/promotion/history.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import { notifyHandler } from '../../../functions/handlers/events/notify.ts';
import { deliverHandler } from '../../../functions/handlers/queues/deliver.ts';
import type { Deliveries, DeliveryRef } from '../../../functions/ports/deliveries.ts';
import type { Sent } from '../../../functions/ports/sender.ts';
import { announcements } from '../../../functions/use-cases/engine/announce.ts';
import type { QueueMapping } from '../../../local/cloudformation/queues.ts';
import type { Functions } from '../../../local/lambda/functions.ts';
import { QueuePoller } from '../../../local/queues/poller.ts';
import { channel } from '../../ports/channel-samples.ts';
import { IDLE } from '../../ports/samples.ts';
import { promotionAfter } from '../../support/decider-specification.ts';
import { times } from '../../support/length.ts';
import { type LocalQueues, localQueues } from '../../support/local-queues.ts';
import { noRegistries } from '../../support/no-registries.ts';
import { asks, dev, NOON } from '../../support/promotion-facts.ts';
import { memoryStores } from '../../support/replayed-stores.ts';
import { testSigner } from '../../support/signer.ts';
import { testLog } from '../log.ts';

const TENANT = 'acme';
const PROMOTIONS = Array.from({ length: times(8, 20) }, (_, n) => `prom-${n}`);
/** The first commit has two events, each of the others one. */
const COMMITS = times(19, 49);
const SEQS = Array.from({ length: COMMITS + 1 }, (_, n) => n + 1);
const NOTICES = PROMOTIONS.length * SEQS.length;
const LATER = '2026-11-22T12:00:00.000Z';

/** More than a second each can use up before the others are through, on any machine. */
const ATTEMPTS = 100_000;

let folder: string;
let local: LocalQueues;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-order-'));
  local = await localQueues(folder);
});
afterAll(async () => {
  await local.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 20 });
});

type Arrival = { readonly channel: string; readonly promotion: string; readonly seq: number };

/** What receivers heard, and how they answer; everything between the bus and them is real but the table and the wire. */
let arrived: Arrival[];
let answer: (arrival: Arrival) => Promise<Sent>;
let stores: ReturnType<typeof memoryStores>;
let url: string;
let deadUrl: string;
let mapping: QueueMapping;
beforeEach(() => {
  arrived = [];
  answer = async () => ({ outcome: 'delivered' });
  stores = memoryStores(() => NOON);
  const queue = local.newQueue({ visibilityMs: 720_000, maxReceives: ATTEMPTS, fifo: true });
  ({ url, deadUrl } = queue);
  const [queueArn, functionName] = [queue.arn, 'deliver'];
  mapping = { queueArn, functionName, batchSize: 1, windowMs: 0, concurrency: 20, reportsFailures: true };
});

const clock = { now: () => NOON };
const quiet = () => {};

async function commit(...writes: Parameters<typeof stores.transactions.commit>[1]): Promise<void> {
  const result = await stores.transactions.commit(TENANT, writes);
  if (!result.committed) throw new Error(`lost: ${result.lost.join()}`);
}

const open = (id: string) =>
  commit({
    write: 'catalog',
    entry: { type: 'channel', item: channel(TENANT, id) },
    expected: 0,
  });

/** A promotion after each of its commits: all its events, and the news among them. */
function* historyOf(id: string) {
  let { state, events } = promotionAfter(asks.request({ id, tenant: TENANT }));
  yield { state, events, news: events };
  for (let n = 1; n < COMMITS; n += 1) {
    const command = n % 2 === 1 ? asks.schedule(LATER) : asks.unschedule();
    const answer = decide(state, command, { actor: dev, now: NOON });
    if (isRefusal(answer)) throw new Error(answer.detail);
    const next = append(state, answer, { actor: dev, now: NOON });
    state = next.state;
    events = [...events, ...next.events];
    yield { state, events, news: next.events };
  }
}

/** Commits a promotion step by step, and lets the bus say each event: twice, as it may. */
async function live(id: string): Promise<void> {
  const queue = sqsOrderedQueue<DeliveryRef>({ client: local.client, url });
  const notify = notifyHandler(() => ({ ...stores, clock, queue }), testLog(), quiet);
  for (const { state, events, news } of historyOf(id)) {
    const expected = events.length - news.length;
    await commit({ write: 'promotion', state, workflowRecord: IDLE, events: news, expected });
    for (const detail of announcements(state, news)) await Promise.all([1, 2].map(() => notify({ detail })));
  }
}

/** A process that works off the queue until it dies; a dead one writes and answers nothing. */
function process() {
  let dead = false;
  const alive = <T>(value: T): Promise<T> => (dead ? new Promise(() => {}) : Promise.resolve(value));
  const { position, advance, record } = stores.deliveries;
  const deliveries: Deliveries = {
    ...stores.deliveries,
    position: async (...given) => alive(await position(...(await alive(given)))),
    advance: async (...given) => alive(await advance(...(await alive(given)))),
    record: async (...given) => alive(await record(...(await alive(given)))),
  };
  const sender = {
    async send(
      to: { readonly id: string },
      { promotion, event }: { promotion: { id: string }; event: { seq: number } },
    ) {
      const arrival = { channel: to.id, promotion: promotion.id, seq: event.seq };
      arrived.push(arrival);
      return alive(await answer(arrival));
    },
    drift: async (): Promise<Sent> => ({ outcome: 'refused', reason: 'no drift is told here' }),
  };
  const senders = { email: sender, webhook: sender, slack: sender };
  const handle = deliverHandler(
    () => ({
      ...{ ...stores, deliveries, clock, senders, signer: testSigner, registries: noRegistries },
      ...{ random: () => 0, sleep: async () => {} },
    }),
    () => ({ returns: sqsReturns({ client: local.client, url, deadUrl }), attempts: ATTEMPTS }),
    testLog(),
    quiet,
    () => 0,
  );
  const functions: Functions = {
    definitions: [],
    invoke: async (_, event) => ({ ok: true, payload: await handle(event) }),
    stop: async () => {},
  };
  const poller = new QueuePoller(mapping, local.queues, functions);
  local.queues.store.takeBack();
  poller.start();
  return {
    kill() {
      dead = true;
      poller.stop();
    },
    stop: () => poller.stop(),
  };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const heard = (channel: string, promotion: string) =>
  arrived.filter((one) => one.channel === channel && one.promotion === promotion).map(({ seq }) => seq);
const complete = (channel: string, promotions = PROMOTIONS) =>
  promotions.every((promotion) => heard(channel, promotion).includes(SEQS.length));
const emptied = () => {
  const { visible, in_flight } = local.queues.store.depth(local.queues.of(mapping.queueArn));
  return visible + in_flight === 0;
};

it('tells all notices of many promotions at once, each once and in order', async () => {
  await open('chan-1');
  const running = process();
  await Promise.all(PROMOTIONS.map(live));
  await until(() => complete('chan-1') && emptied());
  running.stop();
  expect(arrived).toHaveLength(NOTICES);
  for (const promotion of PROMOTIONS) expect(heard('chan-1', promotion)).toEqual(SEQS);
});

it('tells each at least once, a later one never before an earlier, when the process is killed again and again', async () => {
  await open('chan-1');
  let running = process();
  let kills = 0;
  // Some notices arrive in the last moment of the process.
  answer = async () => {
    if (arrived.length % times(14, 90) === 0) {
      kills += 1;
      running.kill();
      queueMicrotask(() => {
        running = process();
      });
    }
    return { outcome: 'delivered' };
  };
  await Promise.all(PROMOTIONS.map(live));
  await until(() => complete('chan-1') && emptied());
  running.stop();
  expect(kills).toBeGreaterThan(9);
  expect(arrived.length).toBeGreaterThan(NOTICES);
  for (const promotion of PROMOTIONS) {
    const seqs = heard('chan-1', promotion);
    expect([...new Set(seqs)]).toEqual(SEQS);
    // What comes again is the one before, never an older one.
    expect(
      seqs.every((seq, at) => at === 0 || (seq - (seqs[at - 1] ?? 0) <= 1 && seq >= (seqs[at - 1] ?? 0))),
    ).toBe(true);
  }
});

it('holds up no other channel and no other promotion by a receiver that fails', async () => {
  await open('chan-1');
  await open('chan-failing');
  let failing = true;
  answer = async ({ channel: to, promotion, seq }) => {
    const fails = failing && (to === 'chan-failing' || (promotion === 'prom-3' && seq === 7));
    return fails ? { outcome: 'retry', reason: 'it answered 500' } : { outcome: 'delivered' };
  };
  const running = process();
  const promotions = PROMOTIONS.slice(0, 5);
  await Promise.all(promotions.map(live));
  const others = promotions.filter((promotion) => promotion !== 'prom-3');
  await until(
    () =>
      others.every((promotion) => heard('chan-1', promotion).includes(SEQS.length)) &&
      heard('chan-1', 'prom-3').includes(7) &&
      promotions.every((promotion) => heard('chan-failing', promotion).includes(1)),
  );
  for (const promotion of others) expect(heard('chan-1', promotion)).toEqual(SEQS);
  expect([...new Set(heard('chan-1', 'prom-3'))]).toEqual([1, 2, 3, 4, 5, 6, 7]);
  for (const promotion of promotions) expect(new Set(heard('chan-failing', promotion))).toEqual(new Set([1]));
  failing = false;
  await until(() => complete('chan-1', promotions) && complete('chan-failing', promotions) && emptied());
  running.stop();
  for (const promotion of promotions) expect([...new Set(heard('chan-failing', promotion))]).toEqual(SEQS);
  expect([...new Set(heard('chan-1', 'prom-3'))]).toEqual(SEQS);
});
