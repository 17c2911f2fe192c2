import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Returns } from '../../ports/queue.ts';
import { awsFault } from '../aws-fault.ts';

/** The way back of messages received from the queue `url`, whose dead letters are kept in the queue `deadUrl`. */
export function sqsReturns({
  client,
  url,
  deadUrl,
}: {
  readonly client: SQSClient;
  readonly url: string;
  readonly deadUrl: string;
}): Returns {
  const fault = (error: unknown) => {
    throw awsFault('SQS', error);
  };
  return {
    async postpone(receipt, seconds) {
      const VisibilityTimeout = seconds;
      await client
        .send(
          new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: receipt, VisibilityTimeout }),
        )
        .catch(fault);
    },
    async deadLetter({ id, body, group }) {
      const ordered = group === undefined ? {} : { MessageGroupId: group, MessageDeduplicationId: id };
      const command = new SendMessageCommand({ QueueUrl: deadUrl, MessageBody: body, ...ordered });
      await client.send(command).catch(fault);
    },
  };
}
