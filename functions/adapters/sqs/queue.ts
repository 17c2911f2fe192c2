import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { digestOfBytes } from '../../domain/digest.ts';
import { Fault } from '../../domain/faults.ts';
import type { OrderedQueue, Queue } from '../../ports/queue.ts';
import { awsFault } from '../aws-fault.ts';

/** Entries and bytes of one batch: SQS takes 1 MiB, counted over all entries; names and quotes around them are left room for. */
const ENTRIES = 10;
const BYTES = 1_000_000;

/** A message as SQS takes it. */
type Entry = {
  readonly MessageBody: string;
  readonly DelaySeconds?: number;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
};

/** Where a queue is. */
export type QueueAt = { readonly client: SQSClient; readonly url: string };

/** A standard queue of SQS as a port; messages are sent as JSON. An answer of 200 that names failed entries is `Unavailable` too. */
export function sqsQueue<Message>(at: QueueAt): Queue<Message> {
  return {
    send: (messages, { delay_seconds: DelaySeconds } = {}) =>
      sendAll(
        at,
        messages.map((message) => ({
          MessageBody: JSON.stringify(message),
          ...(DelaySeconds === undefined ? {} : { DelaySeconds }),
        })),
      ),
  };
}

/** A FIFO queue of SQS as a port; the same otherwise. Its deduplication is per message group. */
export function sqsOrderedQueue<Message>(at: QueueAt): OrderedQueue<Message> {
  return {
    send: (messages) =>
      sendAll(
        at,
        messages.map(({ message, group, id }) => ({
          MessageBody: JSON.stringify(message),
          MessageGroupId: fifoName(group),
          MessageDeduplicationId: fifoName(id),
        })),
      ),
  };
}

/** Groups and ids take 128 characters of some kinds: a digest stands for any text. */
const fifoName = (text: string): string => digestOfBytes(text);

async function sendAll({ client, url }: QueueAt, entries: readonly Entry[]): Promise<void> {
  for (const batch of batches(entries)) {
    const Entries = batch.map((entry, at) => ({ Id: String(at), ...entry }));
    const { Failed = [] } = await client
      .send(new SendMessageBatchCommand({ QueueUrl: url, Entries }))
      .catch((error) => {
        throw awsFault('SQS', error);
      });
    if (Failed.length > 0) {
      throw new Fault('Unavailable', `SQS left out messages: ${Failed.map(({ Code }) => Code).join(', ')}`);
    }
  }
}

function* batches(entries: readonly Entry[]): Generator<readonly Entry[]> {
  let [batch, bytes]: [Entry[], number] = [[], 0];
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.MessageBody);
    if (batch.length === ENTRIES || (batch.length > 0 && bytes + size > BYTES)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(entry);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
