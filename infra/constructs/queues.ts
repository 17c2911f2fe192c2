import { Duration, Validations } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import {
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
  type QueueProps,
} from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { FunctionDeclaration, QueueName, Trigger } from '../declaration.ts';
import type { SluiceFunction } from './sluice-function.ts';

/** Tries of a message before it is a dead letter: with the pauses of `functions/handlers/queues` most of a day. */
const ATTEMPTS = 50;
/** AWS asks for a visibility time-out of six times the function's: a message that is worked on is not received again. */
const VISIBILITY = 6;
/** A FIFO queue of which each message group has its own throughput and its own deduplication: groups do not slow each other. */
const ORDERED = {
  fifo: true,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
} as const satisfies QueueProps;

/** A queue that a function empties, and where its messages end that no try could finish. */
export type Worked = {
  readonly name: QueueName;
  readonly queue: Queue;
  readonly dead: Queue;
  readonly impact: string;
};

type QueueTrigger = Extract<Trigger, { readonly type: 'queue' }>;

/** The queues: one for each function that declares to be called by one. */
export class Queues extends Construct {
  readonly all: readonly Worked[];

  constructor(scope: Construct, id: string, functions: readonly SluiceFunction[]) {
    super(scope, id);
    this.all = functions.flatMap((fn) => {
      const { trigger, timeout }: FunctionDeclaration = fn.declaration;
      if (trigger.type !== 'queue') return [];
      const worked = this.create(trigger, timeout);
      fn.workOff(worked, ATTEMPTS);
      new EventSourceMapping(this, `${trigger.queue}-to-${fn.declaration.name}`, {
        target: fn,
        eventSourceArn: worked.queue.queueArn,
        batchSize: trigger.batch === 'ordered' ? 1 : trigger.batch,
        maxConcurrency: trigger.concurrency,
        reportBatchItemFailures: true,
      });
      return [worked];
    });
    for (const fn of functions) {
      const { grants }: FunctionDeclaration = fn.declaration;
      for (const name of grants.sends ?? []) fn.sendTo(name, this.named(name).queue);
    }
  }

  private named(name: QueueName): Worked {
    const found = this.all.find((each) => each.name === name);
    if (!found) throw new Error(`No function is called by the queue ${name}.`);
    return found;
  }

  /** The dead letters of a FIFO queue are in a FIFO queue: SQS takes no other. */
  private create({ queue: name, batch, impact }: QueueTrigger, timeout: number): Worked {
    const settings = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      ...(batch === 'ordered' ? ORDERED : {}),
    } as const satisfies QueueProps;
    // A message keeps its age among the dead letters, so these are kept longer than it may wait before.
    const dead = new Queue(this, `${name}-dead`, { ...settings, retentionPeriod: Duration.days(14) });
    Validations.of(dead).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'This is the dead-letter queue.' });
    const queue = new Queue(this, name, {
      ...settings,
      retentionPeriod: Duration.days(4),
      visibilityTimeout: Duration.seconds(VISIBILITY * timeout),
      deadLetterQueue: { queue: dead, maxReceiveCount: ATTEMPTS },
    });
    return { name, queue, dead, impact };
  }
}
