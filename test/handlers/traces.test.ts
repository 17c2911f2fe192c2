import { beforeEach, describe, expect, it } from 'vitest';
import { notifyHandler } from '../../functions/handlers/events/notify.ts';
import { deliverHandler } from '../../functions/handlers/queues/deliver.ts';
import type { Exported } from '../../functions/ports/traces.ts';
import { announcements } from '../../functions/use-cases/engine/announce.ts';
import type { Task } from '../../functions/use-cases/notifications/notify.ts';
import { memoryOrderedQueue } from '../support/memory/queue.ts';
import { ACME, createWorld, type World } from './api-world.ts';
import { testLog } from './log.ts';

const promotions = '/api/v1/config/promotions';
let world: World;
let bodies: unknown[];
let answer: Exported;
const dev: ReturnType<World['as']> = (...call) => world.as('dev')(...call);

beforeEach(async () => {
  world = await createWorld();
  bodies = [];
  answer = { outcome: 'sent' };
  await dev('PUT', '/api/v1/config/environments/development/configs/key', { value: 1 });
});

async function promoted(): Promise<string> {
  const asked = {
    sourceEnvironment: 'development',
    targetEnvironment: 'staging',
    promotionType: 'FULL',
  };
  const { body } = await dev('POST', promotions, asked);
  await dev('POST', `${promotions}/${body.id}/execute`);
  await world.run(body.id);
  return String(body.id);
}

/** What the bus says goes through the queue; answers the messages about traces, and how many come again. */
async function told(id: string, traced: boolean) {
  const queue = memoryOrderedQueue<Task>();
  const notify = notifyHandler(
    () => ({ ...world.deps, queue, traced }),
    testLog(),
    () => {},
  );
  const state = (await world.deps.promotions.read(ACME, id))?.state;
  if (state === undefined) throw new Error(`there is no promotion ${id}`);
  for (const detail of announcements(state, await world.deps.promotions.events(ACME, id))) {
    if (detail.type.startsWith('dev.cdeventsx.')) await notify({ detail });
  }
  const messages = queue.sent.filter(({ message }) => 'send' in message);
  const traces = {
    service: 'sluice',
    async export(body: object) {
      bodies.push(body);
      return answer;
    },
  };
  const log = testLog();
  const deliver = deliverHandler(
    () => ({ ...world.deps, traces }),
    () => ({ returns: { postpone: async () => {}, deadLetter: async () => {} }, attempts: 50 }),
    log,
    () => {},
    () => 0,
  );
  const Records = messages.map(({ message }, number) => ({
    messageId: `m-${number}`,
    receiptHandle: `r-${number}`,
    body: JSON.stringify(message),
    attributes: { ApproximateReceiveCount: '1' },
  }));
  const { batchItemFailures } = Records.length === 0 ? { batchItemFailures: [] } : await deliver({ Records });
  return { messages: messages.length, again: batchItemFailures.length };
}

describe('a promotion that has ended', () => {
  it('is sent as one trace where the installation names a receiver', async () => {
    const id = await promoted();
    expect(await told(id, true)).toEqual({ messages: 1, again: 0 });
    const text = JSON.stringify(bodies);
    expect(text).toContain('"promote config');
    expect(text).toContain('"name":"execute"');
    expect(text).toContain('"name":"gate policy_compliance"');
    expect(text).toContain(`{"key":"sluice.promotion.id","value":{"stringValue":"${id}"}}`);
  });

  it('is sent nowhere where it names none', async () => {
    expect(await told(await promoted(), false)).toEqual({ messages: 0, again: 0 });
    expect(bodies).toEqual([]);
  });

  it('is sent with the same bytes again, after a receiver that was away', async () => {
    const id = await promoted();
    answer = { outcome: 'retry', reason: 'away' };
    expect(await told(id, true)).toEqual({ messages: 1, again: 1 });
    answer = { outcome: 'sent' };
    expect(await told(id, true)).toEqual({ messages: 1, again: 0 });
    expect(JSON.stringify(bodies[0])).toBe(JSON.stringify(bodies[1]));
    expect((await dev('GET', `${promotions}/${id}`)).body).toMatchObject({ status: 'completed' });
  });

  it('is given up where the receiver refuses it', async () => {
    const id = await promoted();
    answer = { outcome: 'refused', reason: 'the receiver of traces answered 401' };
    expect(await told(id, true)).toEqual({ messages: 1, again: 0 });
  });

  it('is not sent before it ended', async () => {
    const asked = { sourceEnvironment: 'development', targetEnvironment: 'staging', promotionType: 'FULL' };
    const { body } = await dev('POST', promotions, asked);
    expect(await told(body.id, true)).toEqual({ messages: 0, again: 0 });
  });
});
