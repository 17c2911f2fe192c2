import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { Fault } from '../../../functions/domain/faults.ts';
import { queueHandler, type Tried } from '../../../functions/handlers/queues/batch.ts';
import { postponement } from '../../../functions/handlers/queues/postponement.ts';
import { wireOrderedQueue, wireQueue, wireReturns } from '../../../functions/handlers/wiring/queue.ts';
import type { ReceivedMessage } from '../../../functions/ports/queue.ts';
import { testLog } from '../log.ts';

const schema = z.strictObject({ id: z.string() });

type Run = (id: string, attempt: { attempt: number; last: boolean }) => Promise<Tried>;

/** A handler whose queue notes what comes back to it; `broken` makes the way back fail. */
function handlerOf(run: Run, { broken = false, random = 0.5 } = {}) {
  const postponed: [string, number][] = [];
  const buried: string[] = [];
  const log = testLog();
  const fail = () => {
    if (broken) throw new Fault('Unavailable', 'SQS is away');
  };
  const returns = {
    async postpone(receipt: string, seconds: number) {
      fail();
      postponed.push([receipt, seconds]);
    },
    async deadLetter({ body }: ReceivedMessage) {
      fail();
      buried.push(body);
    },
  };
  const handle = queueHandler({
    schema,
    wired: () => ({}),
    queue: () => ({ returns, attempts: 50 }),
    run: (_, { id }, attempt) => run(id, attempt),
    log,
    random: () => random,
  });
  return { handle, postponed, buried, log };
}

const record = (id: string, receives = 1, body = JSON.stringify({ id })) => ({
  messageId: `m-${id}`,
  receiptHandle: `r-${id}`,
  body,
  attributes: { ApproximateReceiveCount: String(receives), SentTimestamp: '1' },
  eventSource: 'aws:sqs',
});

const failed = (...ids: string[]) => ({
  batchItemFailures: ids.map((id) => ({ itemIdentifier: `m-${id}` })),
});

const done: Tried = { outcome: 'done' };

describe('a batch of messages', () => {
  it('is done when each of them is', async () => {
    const seen: string[] = [];
    const { handle, postponed } = handlerOf(async (id) => {
      seen.push(id);
      return done;
    });
    expect(await handle({ Records: [record('a'), record('b')] })).toEqual(failed());
    expect(seen).toEqual(['a', 'b']);
    expect(postponed).toEqual([]);
  });

  it('keeps what must be tried again, and only that, after a pause that grows', async () => {
    const { handle, postponed, log } = handlerOf(async (id) =>
      id === 'a' ? done : { outcome: 'retry', reason: 'answered 500' },
    );
    expect(await handle({ Records: [record('a'), record('b', 1), record('c', 5)] })).toEqual(
      failed('b', 'c'),
    );
    expect(postponed).toEqual([
      ['r-b', 2],
      ['r-c', 17],
    ]);
    expect(log.lines).toMatchObject([{ data: { reason: 'answered 500' } }, { data: { attempt: 5 } }]);
  });

  it('comes no sooner than the other side said', async () => {
    const { handle, postponed } = handlerOf(async () => ({
      outcome: 'retry',
      reason: 'slower',
      after_seconds: 120,
    }));
    await handle({ Records: [record('a')] });
    expect(postponed).toEqual([['r-a', 120]]);
  });

  it('never asks for more than SQS takes', async () => {
    const { handle, postponed } = handlerOf(async () => ({
      outcome: 'retry',
      reason: 'next week',
      after_seconds: 604_800,
    }));
    await handle({ Records: [record('a')] });
    expect(postponed[0]?.[1]).toBeLessThan(43_200);
  });

  it('tries again what throws, while the others are done', async () => {
    const { handle, postponed } = handlerOf(async (id) => {
      if (id === 'a') throw new Fault('Unavailable', 'the table');
      return done;
    });
    expect(await handle({ Records: [record('a'), record('b')] })).toEqual(failed('a'));
    expect(postponed).toHaveLength(1);
  });

  it('works on its messages at once, so that a slow one keeps none waiting', async () => {
    let release = () => {};
    const second = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { handle } = handlerOf(async (id) => {
      if (id === 'a') await second;
      else release();
      return done;
    });
    expect(await handle({ Records: [record('a'), record('b')] })).toEqual(failed());
  });

  it('knows which try of a message is the last', async () => {
    const tries: unknown[] = [];
    const { handle } = handlerOf(async (_, attempt) => {
      tries.push(attempt);
      return done;
    });
    await handle({ Records: [record('a', 49), record('a', 50)] });
    expect(tries).toEqual([
      { attempt: 49, last: false },
      { attempt: 50, last: true },
    ]);
  });
});

describe('a message that nobody can read', () => {
  it.each(['', '{', 'null', '[]', '{"id":1}', '{"id":"a","more":true}'])(
    'is dead-lettered as it came: %j',
    async (body) => {
      const { handle, buried, log } = handlerOf(async () => done);
      expect(await handle({ Records: [record('a', 1, body), record('b')] })).toEqual(failed());
      expect(buried).toEqual([body]);
      expect(log.lines).toMatchObject([{ message: 'message_unreadable', data: { message_id: 'm-a' } }]);
    },
  );

  it('never shows its body in the log', async () => {
    const { handle, log } = handlerOf(async () => done);
    await handle({ Records: [record('a', 1, '{"secret":"whsec_x"}')] });
    expect(JSON.stringify(log.lines)).not.toContain('whsec_x');
  });
});

describe('a queue that does not answer', () => {
  it('keeps the message all the same', async () => {
    const { handle, log } = handlerOf(async () => ({ outcome: 'retry', reason: 'no' }), { broken: true });
    expect(await handle({ Records: [record('a'), record('b', 1, '{')] })).toEqual(failed('a', 'b'));
    expect(log.lines.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['message_not_postponed', 'message_not_buried']),
    );
  });
});

it('refuses a call that is no batch', async () => {
  await expect(handlerOf(async () => done).handle({ detail: {} })).rejects.toThrow();
});

describe('the pause before the next attempt', () => {
  it('is at least a second, doubles at most, and ends at an hour', () => {
    expect([1, 2, 3, 50, 1_000].map((attempt) => postponement(attempt, 0))).toEqual([1, 1, 1, 1, 1]);
    const longest = [1, 2, 3, 12, 50, 1_000].map((attempt) => postponement(attempt, 1 - 2 ** -53));
    expect(longest).toEqual([2, 4, 8, 3_600, 3_600, 3_600]);
  });
});

describe('the wiring of a queue', () => {
  const variables = {
    SLACK_ACTIONS_QUEUE_URL: 'https://sqs/1',
    SLACK_ACTIONS_DEAD_QUEUE_URL: 'https://sqs/2',
    SLACK_ACTIONS_QUEUE_ATTEMPTS: '50',
  };

  it('reads where the queue is, and how often a message is tried', () => {
    expect(wireReturns('slack-actions', variables).attempts).toBe(50);
    expect(wireQueue('slack-actions', variables).send).toBeDefined();
  });

  it('names the variable that is missing', () => {
    expect(() => wireOrderedQueue('deliveries', variables)).toThrow('DELIVERIES_QUEUE_URL');
    const { SLACK_ACTIONS_DEAD_QUEUE_URL: _, ...others } = variables;
    expect(() => wireReturns('slack-actions', others)).toThrow('SLACK_ACTIONS_DEAD_QUEUE_URL');
    expect(() => wireReturns('slack-actions', { ...variables, SLACK_ACTIONS_QUEUE_ATTEMPTS: 'x' })).toThrow();
  });
});
