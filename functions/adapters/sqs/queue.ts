import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { Fault } from '../../domain/faults.ts';
import type { Queue } from '../../ports/queue.ts';
import { awsFault } from '../aws-fault.ts';

/** Entries and bytes of one batch: SQS takes 1 MiB, counted over all entries; names and quotes around them are left room for. */
const ENTRIES = 10;
const BYTES = 1_000_000;

/** A queue of SQS as a port; messages are sent as JSON. An answer of 200 that names failed entries is `Unavailable` too. */
export function sqsQueue<Message>({
  client,
  url,
}: {
  readonly client: SQSClient;
  readonly url: string;
}): Queue<Message> {
  return {
    async send(messages, { delay_seconds: DelaySeconds } = {}) {
      for (const bodies of batches(messages.map((message) => JSON.stringify(message)))) {
        const Entries = bodies.map((MessageBody, at) => ({
          Id: String(at),
          MessageBody,
          ...(DelaySeconds === undefined ? {} : { DelaySeconds }),
        }));
        const { Failed = [] } = await client
          .send(new SendMessageBatchCommand({ QueueUrl: url, Entries }))
          .catch((error) => {
            throw awsFault('SQS', error);
          });
        if (Failed.length > 0) {
          throw new Fault(
            'Unavailable',
            `SQS left out messages: ${Failed.map(({ Code }) => Code).join(', ')}`,
          );
        }
      }
    },
  };
}

function* batches(bodies: readonly string[]): Generator<readonly string[]> {
  let [batch, bytes]: [string[], number] = [[], 0];
  for (const body of bodies) {
    const size = Buffer.byteLength(body);
    if (batch.length === ENTRIES || (batch.length > 0 && bytes + size > BYTES)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(body);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
