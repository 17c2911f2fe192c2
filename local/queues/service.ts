import { createHash } from 'node:crypto';
import * as z from 'zod';
import { AwsError, type AwsService, type Operation } from '../aws-endpoint.ts';
import type { QueueDefinition } from '../cloudformation/queues.ts';
import { type Entry, eachEntry, maxEntries } from './entries.ts';
import { parse } from './input.ts';
import type { MessageRow, SentMessage } from './message-store.ts';
import type { Queues } from './queues.ts';

/** Limits of SQS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const maxBatchBytes = 1_048_576;
const maxDelaySeconds = 900;
const maxVisibilitySeconds = 43_200;
const maxWaitSeconds = 20;

// A message attribute is refused rather than forgotten: nothing here would give it back.
const messageInput = z.strictObject({
  MessageBody: z.string().min(1),
  DelaySeconds: z.number().int().min(0).max(maxDelaySeconds).optional(),
});
/** Alphanumeric characters and punctuation, as SQS has it. */
const fifoId = z.string().regex(/^[\x21-\x7e]{1,128}$/);
// A FIFO queue takes no delay of a single message.
const fifoMessageInput = z.strictObject({
  MessageBody: z.string().min(1),
  MessageGroupId: fifoId,
  MessageDeduplicationId: fifoId,
});
const visibility = z.number().int().min(0).max(maxVisibilitySeconds);
const receipt = z.string().regex(/^\d+:[0-9a-f-]{36}$/);

const atQueue = z.looseObject({ QueueUrl: z.string() });
const receiveInput = atQueue.extend({
  MaxNumberOfMessages: z.number().int().min(1).max(maxEntries).default(1),
  VisibilityTimeout: visibility.optional(),
  WaitTimeSeconds: z.number().int().min(0).max(maxWaitSeconds).default(0),
});
const change = z.looseObject({ ReceiptHandle: receipt, VisibilityTimeout: visibility });
const removal = z.looseObject({ ReceiptHandle: receipt });

/** The operations of SQS that functions and operators call, for the real SDK client. */
export function queueService(queues: Queues): AwsService {
  const at = (raw: unknown) => queues.at(parse(atQueue, raw).QueueUrl);
  const batch =
    (
      perform: (queue: QueueDefinition, entry: Entry) => object,
      check?: (entries: readonly Entry[]) => void,
    ): Operation =>
    (raw) => {
      const queue = at(raw);
      return eachEntry(raw, (entry) => perform(queue, entry), check);
    };
  return {
    name: 'sqs',
    target: 'AmazonSQS',
    operations: {
      SendMessage(raw) {
        const { QueueUrl, ...message } = raw;
        return send(queues, at({ QueueUrl }), message);
      },
      SendMessageBatch: batch((queue, { Id: _, ...message }) => send(queues, queue, message), totalBytes),
      ReceiveMessage: (raw) => receive(queues, raw),
      DeleteMessage: (raw) => remove(queues, at(raw), raw),
      DeleteMessageBatch: batch((queue, entry) => remove(queues, queue, entry)),
      ChangeMessageVisibility: (raw) => changeVisibility(queues, at(raw), raw),
      ChangeMessageVisibilityBatch: batch((queue, entry) => changeVisibility(queues, queue, entry)),
      GetQueueUrl: ({ QueueName: name }) => ({ QueueUrl: queues.named(String(name)).url }),
      GetQueueAttributes: (raw) => ({ Attributes: attributesOf(queues, at(raw)) }),
    },
  };
}

function send(queues: Queues, queue: QueueDefinition, raw: unknown) {
  const message = messageIn(queue, raw);
  const { body } = message;
  if (Buffer.byteLength(body) > queue.maxBytes) {
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${queue.maxBytes} bytes.`,
    );
  }
  const [MessageId] = queues.send(queue, [message]);
  return { MessageId, MD5OfMessageBody: md5(body) };
}

/** A message as queues of its kind take it. */
function messageIn(queue: QueueDefinition, raw: unknown): SentMessage {
  if (queue.fifo === undefined) {
    const { MessageBody: body, DelaySeconds: delay } = parse(messageInput, raw);
    return { body, delayMs: delay === undefined ? queue.delayMs : delay * 1000 };
  }
  const { MessageBody: body, MessageGroupId: group, ...ids } = parse(fifoMessageInput, raw);
  return { body, delayMs: queue.delayMs, fifo: { group, deduplicationId: ids.MessageDeduplicationId } };
}

/** Waits for a message as long as the caller says, as long polling does. */
async function receive(queues: Queues, raw: unknown) {
  const { QueueUrl, MaxNumberOfMessages: most, ...input } = parse(receiveInput, raw);
  const queue = queues.at(QueueUrl);
  const visibilityMs =
    input.VisibilityTimeout === undefined ? queue.visibilityMs : input.VisibilityTimeout * 1000;
  const deadline = Date.now() + input.WaitTimeSeconds * 1000;
  for (;;) {
    const rows = queues.store.receive(queue, most, visibilityMs, false);
    const left = deadline - Date.now();
    if (rows.length > 0) return { Messages: rows.map(messageOf) };
    if (left <= 0) return {};
    await somethingToReceive(queues, queue, left);
  }
}

/** Settles at a change of the queue, when the next message becomes visible, or after `mostMs`. */
function somethingToReceive(queues: Queues, queue: QueueDefinition, mostMs: number): Promise<void> {
  return new Promise((resolve) => {
    const next = (queues.store.nextVisibleAt(queue) ?? Number.POSITIVE_INFINITY) - Date.now();
    const done = () => {
      clearTimeout(timer);
      unwatch();
      resolve();
    };
    const unwatch = queues.watch(queue, done);
    const timer = setTimeout(done, Math.max(1, Math.min(mostMs, next))).unref();
  });
}

/** A received message in SQS's words; every attribute is given, as if all had been asked for. */
function messageOf(row: MessageRow) {
  return {
    MessageId: row.message_id,
    ReceiptHandle: row.receipt,
    Body: row.body,
    MD5OfBody: md5(row.body),
    Attributes: messageAttributes(row),
  };
}

/** The system attributes of a message, numbers as text. */
export function messageAttributes(row: MessageRow): Readonly<Record<string, string>> {
  return {
    ApproximateReceiveCount: String(row.receives),
    SentTimestamp: String(row.sent_at),
    ApproximateFirstReceiveTimestamp: String(row.first_received_at ?? row.sent_at),
    ...(row.dead_source === null ? {} : { DeadLetterQueueSourceArn: row.dead_source }),
    ...(row.deduplication_id === null
      ? {}
      : { MessageGroupId: row.message_group, MessageDeduplicationId: row.deduplication_id }),
  };
}

function changeVisibility(queues: Queues, queue: QueueDefinition, raw: unknown): object {
  const { ReceiptHandle, VisibilityTimeout } = parse(change, raw);
  if (!queues.store.changeVisibility(queue, ReceiptHandle, VisibilityTimeout * 1000)) {
    throw new AwsError('MessageNotInflight', 'The specified message is not in flight.');
  }
  queues.changed(queue);
  return {};
}

function remove(queues: Queues, queue: QueueDefinition, raw: unknown): object {
  queues.store.delete(queue, parse(removal, raw).ReceiptHandle);
  // What came after it in its group can be received now.
  if (queue.fifo !== undefined) queues.changed(queue);
  return {};
}

function attributesOf(queues: Queues, queue: QueueDefinition): Readonly<Record<string, string>> {
  const { visible, in_flight, delayed } = queues.store.depth(queue);
  return {
    QueueArn: queue.arn,
    VisibilityTimeout: String(queue.visibilityMs / 1000),
    MessageRetentionPeriod: String(queue.retentionMs / 1000),
    DelaySeconds: String(queue.delayMs / 1000),
    MaximumMessageSize: String(queue.maxBytes),
    ...(queue.fifo === undefined ? {} : { FifoQueue: 'true', DeduplicationScope: queue.fifo.deduplicates }),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(in_flight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    ...(queue.redrive === undefined
      ? {}
      : {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: queue.redrive.arn,
            maxReceiveCount: queue.redrive.maxReceives,
          }),
        }),
  };
}

function totalBytes(entries: readonly Entry[]): void {
  const bytes = entries.reduce((sum, entry) => sum + Buffer.byteLength(String(entry['MessageBody'])), 0);
  if (bytes > maxBatchBytes) throw new AwsError('BatchRequestTooLong', `The batch has ${bytes} bytes.`);
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
