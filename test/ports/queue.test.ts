import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqsOrderedQueue, sqsQueue } from '../../functions/adapters/sqs/queue.ts';
import { sqsReturns } from '../../functions/adapters/sqs/returns.ts';
import type { OrderedQueue, Queue } from '../../functions/ports/queue.ts';
import { type LocalQueues, localQueues } from '../support/local-queues.ts';
import { memoryOrderedQueue, memoryQueue } from '../support/memory/queue.ts';

type Message = { readonly n: number; readonly text?: string };

/** A queue that only one test uses, and the messages that can be received from it so many seconds from now. */
type Bench = { readonly queue: Queue<Message>; readonly visibleIn: (seconds: number) => Promise<Message[]> };

let folder: string;
let local: LocalQueues;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-queue-'));
  local = await localQueues(folder);
});
afterAll(async () => {
  await local.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 20 });
});

async function received(QueueUrl: string) {
  const all = [];
  for (;;) {
    const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
    const { Messages = [] } = await local.client.send(command);
    if (Messages.length === 0) return all;
    // What is not deleted holds back what comes after it in its group.
    for (const { ReceiptHandle } of QueueUrl.endsWith('.fifo') ? Messages : []) {
      await local.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    all.push(
      ...Messages.map(({ Body = '', ReceiptHandle = '' }) => ({ body: Body, receipt: ReceiptHandle })),
    );
  }
}

function inMemory(): Bench {
  const queue = memoryQueue<Message>();
  return {
    queue,
    visibleIn: async (seconds) =>
      queue.sent.filter((each) => each.delay_seconds <= seconds).map(({ message }) => message),
  };
}

function onSqs(): Bench {
  const { url } = local.newQueue();
  return {
    queue: sqsQueue({ client: local.client, url }),
    async visibleIn(seconds) {
      local.advance(seconds * 1000);
      return (await received(url)).map(({ body }) => JSON.parse(body));
    },
  };
}

describe.each([
  ['in memory', inMemory],
  ['on SQS', onSqs],
])('a queue %s', (_, bench) => {
  it('holds every message that was sent', async () => {
    const { queue, visibleIn } = bench();
    const messages = Array.from({ length: 23 }, (__, n) => ({ n }));
    await queue.send(messages);
    expect((await visibleIn(0)).sort((a, b) => a.n - b.n)).toEqual(messages);
  });

  it('holds nothing when nothing was sent', async () => {
    const { queue, visibleIn } = bench();
    await queue.send([]);
    expect(await visibleIn(0)).toEqual([]);
  });

  it('shows a message after its delay', async () => {
    const { queue, visibleIn } = bench();
    await queue.send([{ n: 1 }], { delay_seconds: 60 });
    expect(await visibleIn(59)).toEqual([]);
    expect(await visibleIn(61)).toEqual([{ n: 1 }]);
  });

  it('takes large messages together', async () => {
    const { queue, visibleIn } = bench();
    const messages = Array.from({ length: 5 }, (__, n) => ({ n, text: 'é'.repeat(200_000) }));
    await queue.send(messages);
    expect((await visibleIn(0)).map(({ n }) => n).sort()).toEqual([0, 1, 2, 3, 4]);
  });
});

function orderedInMemory(): { queue: OrderedQueue<Message>; all: () => Promise<readonly Message[]> } {
  const queue = memoryOrderedQueue<Message>();
  return { queue, all: async () => queue.sent.map(({ message }) => message) };
}

function orderedOnSqs(): ReturnType<typeof orderedInMemory> {
  const { url } = local.newQueue({ fifo: true });
  return {
    queue: sqsOrderedQueue({ client: local.client, url }),
    all: async () => (await received(url)).map(({ body }) => JSON.parse(body)),
  };
}

describe.each([
  ['in memory', orderedInMemory],
  ['on SQS', orderedOnSqs],
])('an ordered queue %s', (_, bench) => {
  const message = (n: number, group = 'one', id = `id-${n}`) => ({ message: { n }, group, id });

  it('holds a group in the order of sending, across batches', async () => {
    const { queue, all } = bench();
    await queue.send(Array.from({ length: 13 }, (__, n) => message(n)));
    await queue.send([message(13)]);
    expect((await all()).map(({ n }) => n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  });

  it('takes an id once for each group', async () => {
    const { queue, all } = bench();
    await queue.send([message(1, 'one', 'same'), message(2, 'two', 'same')]);
    await queue.send([message(3, 'one', 'same'), message(4, 'one', 'other')]);
    expect((await all()).map(({ n }) => n)).toEqual([1, 2, 4]);
  });

  it('takes groups and ids of any text', async () => {
    const { queue, all } = bench();
    await queue.send([message(1, `é ${'x'.repeat(400)}`, '# 🚀')]);
    expect(await all()).toEqual([{ n: 1 }]);
  });
});

describe('what SQS refuses', () => {
  it('is a fault, also when only one entry of an accepted batch is', async () => {
    const { url } = local.newQueue();
    const queue = sqsQueue<Message>({ client: local.client, url });
    const tooLate = queue.send([{ n: 1 }], { delay_seconds: 901 });
    await expect(tooLate).rejects.toMatchObject({
      name: 'Unavailable',
      message: expect.stringContaining('left out'),
    });
    const nowhere = sqsQueue<Message>({ client: local.client, url: `${url}-gone` });
    await expect(nowhere.send([{ n: 1 }])).rejects.toMatchObject({ name: 'Unavailable' });
  });
});

describe('a received message', () => {
  it('comes again when it was postponed to, and not sooner', async () => {
    const { url, deadUrl } = local.newQueue();
    const returns = sqsReturns({ client: local.client, url, deadUrl });
    await sqsQueue<Message>({ client: local.client, url }).send([{ n: 1 }]);
    const [first] = await received(url);
    await returns.postpone(first?.receipt ?? '', 600);
    local.advance(599_000);
    expect(await received(url)).toEqual([]);
    local.advance(2_000);
    expect(await received(url)).toMatchObject([{ body: '{"n":1}' }]);
    await expect(returns.postpone(first?.receipt ?? '', 600)).rejects.toMatchObject({ name: 'Unavailable' });
  });

  it('that is dead-lettered lies among the dead letters as it came', async () => {
    const { url, deadUrl } = local.newQueue();
    const returns = sqsReturns({ client: local.client, url, deadUrl });
    await returns.deadLetter({ id: 'message-1', body: '{not json' });
    expect(await received(deadUrl)).toMatchObject([{ body: '{not json' }]);
    expect(await received(url)).toEqual([]);
  });

  it('of an ordered queue is dead-lettered once, however often that is tried', async () => {
    const { url, deadUrl } = local.newQueue({ fifo: true });
    const returns = sqsReturns({ client: local.client, url, deadUrl });
    for (const _ of [1, 2]) await returns.deadLetter({ id: 'message-1', group: 'one', body: '{not json' });
    expect(await received(deadUrl)).toMatchObject([{ body: '{not json' }]);
  });
});
