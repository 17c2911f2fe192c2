import * as z from 'zod';
import type { QueueDefinition, QueueMapping } from '../cloudformation/queues.ts';
import type { Functions } from '../lambda/functions.ts';
import { longTimeout } from '../long-timeout.ts';
import { localRegion } from '../surroundings.ts';
import type { MessageRow } from './message-store.ts';
import type { Queues } from './queues.ts';
import { messageAttributes } from './service.ts';

/** What a function answers that reports which messages failed; null or nothing means none. */
const reportSchema = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish() })
  .nullish();

/** An event source mapping: calls a function with the messages of a queue as soon as they are visible. */
export class QueuePoller {
  readonly #mapping: QueueMapping;
  readonly #queue: QueueDefinition;
  readonly #queues: Queues;
  readonly #functions: Functions;
  #running = 0;
  #stopped = true;
  #cancel: (() => void) | undefined;
  #unwatch: (() => void) | undefined;

  constructor(mapping: QueueMapping, queues: Queues, functions: Functions) {
    this.#mapping = mapping;
    this.#queue = queues.of(mapping.queueArn);
    this.#queues = queues;
    this.#functions = functions;
  }

  start(): void {
    this.#stopped = false;
    this.#unwatch = this.#queues.watch(this.#queue, () => this.#look());
    this.#look();
  }

  /** Calls nothing more; what is under way is not answered for, and comes again after the next start. */
  stop(): void {
    this.#stopped = true;
    this.#unwatch?.();
    this.#cancel?.();
  }

  #look(): void {
    this.#cancel?.();
    while (!this.#stopped && this.#running < this.#mapping.concurrency) {
      const wait = this.#wait();
      if (wait === undefined) return;
      if (wait > 0) {
        this.#cancel = longTimeout(wait, () => this.#look());
        return;
      }
      const rows = this.#queues.store.receive(
        this.#queue,
        this.#mapping.batchSize,
        this.#queue.visibilityMs,
        true,
      );
      // All that was visible went to the dead letters.
      if (rows.length > 0) void this.#call(rows);
    }
  }

  /** Milliseconds until a batch should be taken; undefined when there is nothing to wait for. */
  #wait(): number | undefined {
    const { batchSize, windowMs } = this.#mapping;
    const next = this.#queues.store.nextVisibleAt(this.#queue);
    if (next === undefined) return undefined;
    const full = windowMs === 0 || this.#queues.store.depth(this.#queue).visible >= batchSize;
    return Math.max(0, next + (full ? 0 : windowMs) - Date.now());
  }

  async #call(rows: readonly MessageRow[]): Promise<void> {
    this.#running += 1;
    const result = await this.#functions.invoke(this.#mapping.functionName, {
      Records: rows.map((row) => recordOf(row, this.#queue)),
    });
    this.#running -= 1;
    if (this.#stopped) return;
    const failed = result.ok ? this.#failedIn(result.payload, rows) : rows;
    for (const row of rows) {
      if (!failed.includes(row) && row.receipt !== null) this.#queues.store.delete(this.#queue, row.receipt);
    }
    this.#queues.store.handBack(failed);
    this.#look();
  }

  /** All of them, when the answer is of another form or names a message that is not in the batch; as Lambda has it. */
  #failedIn(payload: unknown, rows: readonly MessageRow[]): readonly MessageRow[] {
    if (!this.#mapping.reportsFailures) return [];
    const report = reportSchema.safeParse(payload);
    if (!report.success) return rows;
    const ids = (report.data?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
    const failed = rows.filter(({ message_id }) => ids.includes(message_id));
    return ids.every((id) => failed.some(({ message_id }) => message_id === id)) ? failed : rows;
  }
}

function recordOf(row: MessageRow, queue: QueueDefinition) {
  return {
    messageId: row.message_id,
    receiptHandle: row.receipt,
    body: row.body,
    attributes: messageAttributes(row),
    messageAttributes: {},
    eventSource: 'aws:sqs',
    eventSourceARN: queue.arn,
    awsRegion: localRegion,
  };
}
