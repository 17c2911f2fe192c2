import { SQSClient } from '@aws-sdk/client-sqs';
import { startAwsEndpoint } from '../../local/aws-endpoint.ts';
import type { QueueDefinition } from '../../local/cloudformation/queues.ts';
import { readCrashPlan } from '../../local/crash-plan.ts';
import { MessageStore } from '../../local/queues/message-store.ts';
import { Queues } from '../../local/queues/queues.ts';
import { queueService } from '../../local/queues/service.ts';
import { openStore } from '../../local/store.ts';

/** The runtime's queues behind their real endpoint, without the rest of it; the real client. */
export interface LocalQueues {
  readonly client: SQSClient;
  readonly queues: Queues;
  /** A queue that nobody else uses, with dead letters of its own. */
  newQueue(settings?: { visibilityMs?: number; maxReceives?: number; fifo?: boolean }): {
    url: string;
    deadUrl: string;
    arn: string;
  };
  /** Moves the queues' clock; long polls keep real time. */
  advance(milliseconds: number): void;
  stop(): Promise<void>;
}

export async function localQueues(folder: string): Promise<LocalQueues> {
  const database = openStore(folder);
  const endpoint = await startAwsEndpoint(readCrashPlan({}));
  const definitions: QueueDefinition[] = [];
  let ahead = 0;
  const store = new MessageStore(database, () => Date.now() + ahead);
  const queues = new Queues(definitions, store);
  endpoint.serve([queueService(queues)]);
  const client = new SQSClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  return {
    client,
    queues,
    newQueue({ visibilityMs = 30_000, maxReceives = 3, fifo = false } = {}) {
      const name = `queue-${definitions.length}`;
      const dead = definition(`${name}-dead`, visibilityMs, fifo);
      const queue = { ...definition(name, visibilityMs, fifo), redrive: { arn: dead.arn, maxReceives } };
      definitions.push(queue, dead);
      return { url: queue.url, deadUrl: dead.url, arn: queue.arn };
    },
    advance(milliseconds) {
      ahead += milliseconds;
    },
    async stop() {
      client.destroy();
      await endpoint.stop();
      database.close();
    },
  };
}

function definition(logical: string, visibilityMs: number, fifo: boolean): QueueDefinition {
  const name = fifo ? `${logical}.fifo` : logical;
  return {
    name,
    url: `https://sqs.us-east-1.amazonaws.com/000000000000/${name}`,
    arn: `arn:aws:sqs:us-east-1:000000000000:${name}`,
    visibilityMs,
    retentionMs: 345_600_000,
    delayMs: 0,
    maxBytes: 1_048_576,
    ...(fifo ? { fifo: { deduplicates: 'messageGroup' } } : {}),
  };
}
