import * as z from 'zod';
import type { Deployed } from './stack.ts';

/** A queue as the template describes it. Times are in milliseconds. */
export interface QueueDefinition {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly visibilityMs: number;
  readonly retentionMs: number;
  readonly delayMs: number;
  /** Bytes of one message at most. */
  readonly maxBytes: number;
  /** A FIFO queue, and within what an id of deduplication is known. */
  readonly fifo?: { readonly deduplicates: 'queue' | 'messageGroup' };
  /** Where a message goes that was received this often and not deleted. */
  readonly redrive?: { readonly arn: string; readonly maxReceives: number };
}

/** A function that is called with the messages of a queue. */
export interface QueueMapping {
  readonly queueArn: string;
  readonly functionName: string;
  readonly batchSize: number;
  /** Milliseconds to wait for a batch to fill. */
  readonly windowMs: number;
  /** Batches at once. */
  readonly concurrency: number;
  /** The function's answer says which messages failed; otherwise all are done when it does not throw. */
  readonly reportsFailures: boolean;
}

// Defaults as CloudFormation documents them for AWS::SQS::Queue.
const queueSchema = z.looseObject({
  FifoQueue: z.boolean().default(false),
  ContentBasedDeduplication: z.literal(false).default(false),
  DeduplicationScope: z.enum(['queue', 'messageGroup']).default('queue'),
  VisibilityTimeout: z.number().default(30),
  MessageRetentionPeriod: z.number().default(345_600),
  DelaySeconds: z.number().default(0),
  MaximumMessageSize: z.number().default(1_048_576),
  RedrivePolicy: z
    .object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number().int().positive() })
    .optional(),
});

const mappingSchema = z.looseObject({
  Enabled: z.boolean().default(true),
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.number().default(10),
  MaximumBatchingWindowInSeconds: z.number().default(0),
  ScalingConfig: z.object({ MaximumConcurrency: z.number() }).optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  FilterCriteria: z.undefined().optional(),
});

/** The queues of the template. Throws on a FIFO queue that deduplicates by content. */
export function readQueues(deployed: Deployed): readonly QueueDefinition[] {
  return deployed.resources('AWS::SQS::Queue').map(({ physical, properties }) => {
    const queue = queueSchema.parse(properties);
    const { RedrivePolicy: redrive } = queue;
    return {
      name: physical.attribute('QueueName'),
      url: physical.ref,
      arn: physical.attribute('Arn'),
      visibilityMs: queue.VisibilityTimeout * 1000,
      retentionMs: queue.MessageRetentionPeriod * 1000,
      delayMs: queue.DelaySeconds * 1000,
      maxBytes: queue.MaximumMessageSize,
      ...(queue.FifoQueue ? { fifo: { deduplicates: queue.DeduplicationScope } } : {}),
      ...(redrive === undefined
        ? {}
        : { redrive: { arn: redrive.deadLetterTargetArn, maxReceives: redrive.maxReceiveCount } }),
    };
  });
}

/** The enabled event source mappings of the template. Throws on a source that is no queue, and on filters. */
export function readQueueMappings(
  deployed: Deployed,
  queues: readonly QueueDefinition[],
  defaultConcurrency: number,
): readonly QueueMapping[] {
  return deployed.resources('AWS::Lambda::EventSourceMapping').flatMap(({ logicalId, properties }) => {
    const mapping = mappingSchema.parse(properties);
    if (!mapping.Enabled) return [];
    if (!queues.some(({ arn }) => arn === mapping.EventSourceArn)) {
      throw new Error(`${logicalId}: the local runtime calls functions for its own queues only.`);
    }
    return [
      {
        queueArn: mapping.EventSourceArn,
        functionName: mapping.FunctionName,
        batchSize: mapping.BatchSize,
        windowMs: mapping.MaximumBatchingWindowInSeconds * 1000,
        concurrency: Math.min(
          mapping.ScalingConfig?.MaximumConcurrency ?? defaultConcurrency,
          defaultConcurrency,
        ),
        reportsFailures: mapping.FunctionResponseTypes.length > 0,
      },
    ];
  });
}
