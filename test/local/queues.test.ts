import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  MessageNotInflight,
  QueueDoesNotExist,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocalQueues, localQueues } from '../support/local-queues.ts';

let folder: string;
let local: LocalQueues;
let client: SQSClient;
let QueueUrl: string;
let deadUrl: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-queues-'));
  local = await localQueues(folder);
  client = local.client;
});
afterAll(async () => {
  await local.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 20 });
});
beforeEach(() => {
  ({ url: QueueUrl, deadUrl } = local.newQueue({ visibilityMs: 30_000, maxReceives: 3 }));
});

const send = (MessageBody: string, DelaySeconds?: number) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...(DelaySeconds ? { DelaySeconds } : {}) }));

async function receive(url = QueueUrl, most = 10) {
  const command = { QueueUrl: url, MaxNumberOfMessages: most };
  return (await client.send(new ReceiveMessageCommand(command))).Messages ?? [];
}

async function depths(url = QueueUrl) {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  );
  const {
    ApproximateNumberOfMessages,
    ApproximateNumberOfMessagesNotVisible,
    ApproximateNumberOfMessagesDelayed,
  } = Attributes;
  return [
    ApproximateNumberOfMessages,
    ApproximateNumberOfMessagesNotVisible,
    ApproximateNumberOfMessagesDelayed,
  ].map(Number);
}

const visibleAgain = (ReceiptHandle: string | undefined) =>
  client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));

describe('a local queue', () => {
  it('gives a message to one receiver, until it is deleted', async () => {
    await send('{"a":"é 🚀"}');
    const [message, ...more] = await receive();
    expect(more).toEqual([]);
    expect(message).toMatchObject({
      Body: '{"a":"é 🚀"}',
      Attributes: { ApproximateReceiveCount: '1', SentTimestamp: expect.stringMatching(/^\d{13}$/) },
    });
    expect(await receive()).toEqual([]);
    expect(await depths()).toEqual([0, 1, 0]);
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
    expect(await depths()).toEqual([0, 0, 0]);
  });

  it('gives it again when its time-out has passed or is set to nothing, with a count of receives', async () => {
    await send('a');
    const [first] = await receive();
    await visibleAgain(first?.ReceiptHandle);
    const [second] = await receive();
    expect(second?.Attributes?.['ApproximateReceiveCount']).toBe('2');
    local.advance(30_001);
    const [third] = await receive();
    expect(third).toMatchObject({
      MessageId: first?.MessageId,
      Attributes: { ApproximateReceiveCount: '3' },
    });
    // What an older receipt deletes or postpones would be the work of somebody else.
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }));
    expect(await depths()).toEqual([0, 1, 0]);
    await expect(visibleAgain(second?.ReceiptHandle)).rejects.toThrow(MessageNotInflight);
    await expect(visibleAgain('made up')).rejects.toThrow(ReceiptHandleIsInvalid);
  });

  it('moves what was received too often to the dead letters, which say where it comes from', async () => {
    await send('poison');
    for (let n = 0; n < 3; n += 1) await visibleAgain((await receive())[0]?.ReceiptHandle);
    expect(await receive()).toEqual([]);
    expect(await depths()).toEqual([0, 0, 0]);
    const [dead] = await receive(deadUrl);
    expect(dead).toMatchObject({
      Body: 'poison',
      Attributes: { DeadLetterQueueSourceArn: expect.stringContaining(':sqs:') },
    });
  });

  it('keeps a message back for as long as its sender says', async () => {
    await send('later', 60);
    expect(await receive()).toEqual([]);
    expect(await depths()).toEqual([0, 0, 1]);
    local.advance(60_001);
    expect(await receive()).toHaveLength(1);
  });

  it('forgets what is older than its retention', async () => {
    await send('old');
    local.advance(345_600_001);
    expect(await receive()).toEqual([]);
    expect(await depths()).toEqual([0, 0, 0]);
  });

  it('waits for a message as long as a long poll says, and answers when it comes', async () => {
    const waiting = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await send('at last');
    expect((await waiting).Messages).toMatchObject([{ Body: 'at last' }]);
  });

  it('judges each entry of a batch by itself', async () => {
    const entry = (Id: string, MessageBody: string, more = {}) => ({ Id, MessageBody, ...more });
    const sent = await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [entry('good', 'a'), entry('late', 'b', { DelaySeconds: 901 }), entry('also-good', 'c')],
      }),
    );
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['good', 'also-good']);
    expect(sent.Failed).toMatchObject([{ Id: 'late', SenderFault: true, Code: 'InvalidParameterValue' }]);
    const [one, other] = await receive();
    const deleted = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: '1', ReceiptHandle: one?.ReceiptHandle },
          { Id: '2', ReceiptHandle: 'made up' },
        ],
      }),
    );
    expect(deleted.Successful?.map(({ Id }) => Id)).toEqual(['1']);
    expect(deleted.Failed).toMatchObject([{ Id: '2', Code: 'ReceiptHandleIsInvalid' }]);
    expect(other?.Body).toBe('c');
  });

  it.each([
    ['no entries', [], 'EmptyBatchRequest'],
    [
      'too many',
      Array.from({ length: 11 }, (_, n) => ({ Id: `${n}`, MessageBody: 'a' })),
      'TooManyEntriesInBatchRequest',
    ],
    ['the same id twice', Array(2).fill({ Id: 'a', MessageBody: 'a' }), 'BatchEntryIdsNotDistinct'],
    ['over 1 MiB', ['a', 'b'].map((Id) => ({ Id, MessageBody: 'x'.repeat(600_000) })), 'BatchRequestTooLong'],
  ])('refuses a batch with %s', async (_, Entries, name) => {
    await expect(client.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).rejects.toMatchObject({
      name,
    });
  });

  it('refuses what it could not keep', async () => {
    const attributes = { a: { DataType: 'String', StringValue: 'b' } };
    const withAttributes = new SendMessageCommand({
      QueueUrl,
      MessageBody: 'a',
      MessageAttributes: attributes,
    });
    await expect(client.send(withAttributes)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await expect(send('x'.repeat(1_048_577))).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('is found by its name, and not when there is none', async () => {
    const name = QueueUrl.split('/').at(-1) ?? '';
    expect(await client.send(new GetQueueUrlCommand({ QueueName: name }))).toMatchObject({ QueueUrl });
    await expect(receive('https://sqs.us-east-1.amazonaws.com/000000000000/none')).rejects.toThrow(
      QueueDoesNotExist,
    );
  });
});

describe('a local FIFO queue', () => {
  beforeEach(() => {
    ({ url: QueueUrl, deadUrl } = local.newQueue({ visibilityMs: 30_000, maxReceives: 3, fifo: true }));
  });

  const put = (body: string, group: string, id = `${group}-${body}`) =>
    client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: body,
        MessageGroupId: group,
        MessageDeduplicationId: id,
      }),
    );
  const bodies = async (most?: number, url?: string) => (await receive(url, most)).map(({ Body }) => Body);
  const deleted = (ReceiptHandle: string | undefined) =>
    client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));

  it('gives a group in order, and nothing of it while one of it is in flight', async () => {
    for (const body of ['a1', 'a2', 'a3']) await put(body, 'a');
    await put('b1', 'b');
    const [first] = await receive(QueueUrl, 1);
    expect(first?.Body).toBe('a1');
    expect(await bodies()).toEqual(['b1']);
    expect(await bodies()).toEqual([]);
    await deleted(first?.ReceiptHandle);
    expect(await bodies()).toEqual(['a2', 'a3']);
  });

  it('gives the failed one again before what came after it', async () => {
    for (const body of ['a1', 'a2']) await put(body, 'a');
    const [first] = await receive(QueueUrl, 1);
    local.advance(30_001);
    expect(await bodies(1)).toEqual(['a1']);
    await expect(visibleAgain(first?.ReceiptHandle)).rejects.toThrow(MessageNotInflight);
    expect(await bodies()).toEqual([]);
  });

  it('moves what was received too often to the dead letters, with its group, and goes on', async () => {
    for (const body of ['a1', 'a2']) await put(body, 'a');
    for (let n = 0; n < 3; n += 1) await visibleAgain((await receive(QueueUrl, 1))[0]?.ReceiptHandle);
    expect(await bodies(1)).toEqual(['a2']);
    expect(await receive(deadUrl)).toMatchObject([{ Body: 'a1', Attributes: { MessageGroupId: 'a' } }]);
  });

  it('takes a message once within five minutes, by its id and group, also when it is gone', async () => {
    const first = await put('a1', 'a', 'same');
    await deleted((await receive())[0]?.ReceiptHandle);
    expect((await put('other', 'a', 'same')).MessageId).toBe(first.MessageId);
    await put('b1', 'b', 'same');
    expect(await bodies()).toEqual(['b1']);
    local.advance(300_001);
    await put('later', 'a', 'same');
    expect(await bodies()).toEqual(['b1', 'later']);
  });

  it('wakes a long poll when the message before is deleted', async () => {
    for (const body of ['a1', 'a2']) await put(body, 'a');
    const [first] = await receive(QueueUrl, 1);
    const waiting = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }));
    await deleted(first?.ReceiptHandle);
    expect((await waiting).Messages).toMatchObject([{ Body: 'a2' }]);
  });

  it.each([
    ['no group', { MessageDeduplicationId: 'x' }],
    ['no id', { MessageGroupId: 'x' }],
    ['a delay of its own', { MessageGroupId: 'x', MessageDeduplicationId: 'x', DelaySeconds: 1 }],
    ['a group of another form', { MessageGroupId: 'é', MessageDeduplicationId: 'x' }],
  ])('refuses a message with %s', async (_, more) => {
    const command = new SendMessageCommand({ QueueUrl, MessageBody: 'a', ...more });
    await expect(client.send(command)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });
});
