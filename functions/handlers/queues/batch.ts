import * as z from 'zod/mini';
import type { Returns } from '../../ports/queue.ts';
import type { Log } from '../lambda.ts';
import { postponement } from './postponement.ts';

/** What SQS hands to a function, as far as it is read. */
const Batch = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      receiptHandle: z.string(),
      body: z.string(),
      attributes: z.object({
        ApproximateReceiveCount: z.string().check(z.regex(/^[1-9]\d{0,9}$/)),
        MessageGroupId: z.optional(z.string()),
      }),
    }),
  ),
});

type QueueRecord = z.infer<typeof Batch>['Records'][number];

/** The messages to be received again; all others are done. */
export type BatchAnswer = { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] };

/** What one try came to. `after_seconds`: not sooner than that, for the other side said so. */
export type Tried =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'retry'; readonly reason: string; readonly after_seconds?: number };

/** `attempt` counts from 1, approximately. `last`: after this one the message goes to the dead letters. */
export type Attempt = { readonly attempt: number; readonly last: boolean };

export type QueueWork<Deps, Message> = {
  readonly schema: z.ZodMiniType<Message>;
  readonly wired: () => Deps;
  /** The queue's way back and its number of attempts. */
  readonly queue: () => { readonly returns: Returns; readonly attempts: number };
  /** Does what one message asks for; a fault it throws is tried again. Messages of a batch are worked on at once. */
  readonly run: (deps: Deps, message: Message, attempt: Attempt) => Promise<Tried>;
  readonly log: Log;
  /** From 0 up to 1. */
  readonly random: () => number;
};

/**
 * The handler of a queue. A message that is to be tried again becomes visible after a pause that grows with its attempts;
 * one that cannot be read is dead-lettered with a word in the log. Nothing one message does touches another: an ordered queue hands over
 * one message a call.
 * The log holds ids of messages and reasons, never bodies.
 */
export function queueHandler<Deps, Message>(
  work: QueueWork<Deps, Message>,
): (event: unknown) => Promise<BatchAnswer> {
  let wired: { deps: Deps; returns: Returns; attempts: number } | undefined;
  return async (event) => {
    const { Records } = z.parse(Batch, event);
    work.log.about({});
    wired ??= { deps: work.wired(), ...work.queue() };
    const bound = { ...work, ...wired };
    const outcomes = await Promise.all(Records.map((record) => settle(bound, record)));
    return {
      batchItemFailures: Records.filter((_, at) => outcomes[at] === 'again').map(({ messageId }) => ({
        itemIdentifier: messageId,
      })),
    };
  };
}

type Bound<Deps, Message> = Omit<QueueWork<Deps, Message>, 'wired' | 'queue'> & {
  readonly deps: Deps;
  readonly returns: Returns;
  readonly attempts: number;
};

async function settle<Deps, Message>(
  work: Bound<Deps, Message>,
  record: QueueRecord,
): Promise<'done' | 'again'> {
  const message = z.safeParse(work.schema, jsonOf(record.body));
  if (!message.success) return deadLetter(work, record, message.error);
  const attempt = Number(record.attributes.ApproximateReceiveCount);
  const tried = await attempted(work, record, message.data, attempt);
  if (tried.outcome === 'done') return 'done';
  const seconds = Math.max(postponement(attempt, work.random()), tried.after_seconds ?? 0);
  work.log.warn('message_postponed', {
    message_id: record.messageId,
    attempt,
    seconds,
    reason: tried.reason,
  });
  try {
    await work.returns.postpone(record.receiptHandle, Math.min(seconds, LONGEST_SECONDS));
  } catch (error) {
    // It comes again all the same, when the queue's own visibility time-out has passed.
    work.log.error('message_not_postponed', error, { message_id: record.messageId });
  }
  return 'again';
}

/** What SQS takes at most, from the first receipt on: twelve hours, less what the try itself took. */
const LONGEST_SECONDS = 43_200 - 900;

async function attempted<Deps, Message>(
  { run, deps, attempts, log }: Bound<Deps, Message>,
  { messageId }: QueueRecord,
  message: Message,
  attempt: number,
): Promise<Tried> {
  try {
    return await run(deps, message, { attempt, last: attempt >= attempts });
  } catch (error) {
    log.error('message_failed', error, { message_id: messageId, attempt });
    return { outcome: 'retry', reason: error instanceof Error ? error.name : 'unknown' };
  }
}

async function deadLetter<Deps, Message>(
  { returns, log }: Bound<Deps, Message>,
  { messageId, body, attributes: { MessageGroupId: group } }: QueueRecord,
  { issues }: { readonly issues: readonly { readonly path: readonly PropertyKey[] }[] },
): Promise<'done' | 'again'> {
  const fields = issues.map(({ path }) => path.join('.'));
  log.warn('message_unreadable', { message_id: messageId, fields });
  try {
    await returns.deadLetter({ id: messageId, body, ...(group === undefined ? {} : { group }) });
    return 'done';
  } catch (error) {
    log.error('message_not_buried', error, { message_id: messageId });
    return 'again';
  }
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
