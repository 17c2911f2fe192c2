import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { inTime } from '../../adapters/in-time.ts';
import { sqsOrderedQueue, sqsQueue } from '../../adapters/sqs/queue.ts';
import { sqsReturns } from '../../adapters/sqs/returns.ts';
import type { OrderedQueue, Queue, Returns } from '../../ports/queue.ts';

/** The queues of a deployment. */
export type QueueName = 'deliveries' | 'slack-actions';

/** A standard queue to send to. Throws when the function was not told where it is. */
export function wireQueue<Message>(
  name: 'slack-actions',
  variables: NodeJS.ProcessEnv = process.env,
): Queue<Message> {
  return sqsQueue({ client: openQueues(), url: variable(variables, name, 'QUEUE_URL') });
}

/** A FIFO queue to send to. Throws when the function was not told where it is. */
export function wireOrderedQueue<Message>(
  name: 'deliveries',
  variables: NodeJS.ProcessEnv = process.env,
): OrderedQueue<Message> {
  return sqsOrderedQueue({ client: openQueues(), url: variable(variables, name, 'QUEUE_URL') });
}

/** The way back of a queue's messages, and how often one is tried. Throws when the function was not told. */
export function wireReturns(
  name: QueueName,
  variables: NodeJS.ProcessEnv = process.env,
): { readonly returns: Returns; readonly attempts: number } {
  const [url, deadUrl] = [
    variable(variables, name, 'QUEUE_URL'),
    variable(variables, name, 'DEAD_QUEUE_URL'),
  ];
  const attempts = z.parse(z.int().check(z.positive()), Number(variable(variables, name, 'QUEUE_ATTEMPTS')));
  return { returns: sqsReturns({ client: openQueues(), url, deadUrl }), attempts };
}

/** A queue's URL only names it: calls go to the endpoint of the region, as those to every other service do. */
function openQueues(): SQSClient {
  return inTime(new SQSClient({ useQueueUrlAsEndpoint: false }));
}

function variable(variables: NodeJS.ProcessEnv, queue: QueueName, what: string): string {
  const name = `${queue.replaceAll('-', '_').toUpperCase()}_${what}`;
  const value = variables[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}
