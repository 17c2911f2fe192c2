import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { QueueDefinition } from '../cloudformation/queues.ts';

const rowSchema = z.object({
  id: z.number(),
  queue: z.string(),
  message_id: z.string(),
  body: z.string(),
  /** Unix milliseconds. */
  sent_at: z.number(),
  visible_at: z.number(),
  /** Of the newest receive. */
  receipt: z.string().nullable(),
  receives: z.number(),
  first_received_at: z.number().nullable(),
  dead_source: z.string().nullable(),
  /** Of a message in a standard queue its own id: it is a group of its own. */
  message_group: z.string(),
  /** Only messages of a FIFO queue have one. */
  deduplication_id: z.string().nullable(),
});

/** A message as it is stored; `queue` is the ARN of the one that holds it. */
export type MessageRow = z.infer<typeof rowSchema>;

/** What is sent. `fifo`: to a FIFO queue. */
export type SentMessage = {
  readonly body: string;
  readonly delayMs: number;
  readonly fifo?: { readonly group: string; readonly deduplicationId: string };
};

/** For so long a FIFO queue knows an id again: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html */
const deduplicationMs = 300_000;

/** How many messages a queue holds. */
export type Depth = { readonly visible: number; readonly in_flight: number; readonly delayed: number };

/** The messages of all queues. Each change is one commit, so kill -9 loses nothing that was answered. */
export class MessageStore {
  readonly #database: DatabaseSync;
  readonly #now: () => number;

  constructor(database: DatabaseSync, now: () => number = Date.now) {
    this.#database = database;
    this.#now = now;
  }

  /** Stores the messages together; returns their ids. One that a FIFO queue knows already keeps the id it has, and is not stored again. */
  send(queue: QueueDefinition, messages: readonly SentMessage[]): readonly string[] {
    const insert = this.#database.prepare(
      `INSERT INTO messages (queue, message_id, body, sent_at, visible_at, message_group, deduplication_id)
        VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    const now = this.#now();
    return this.#together(() =>
      messages.map((message) => {
        const known = this.#known(queue, message, now);
        if (known !== undefined) return known;
        const { body, delayMs, fifo } = message;
        const id = randomUUID();
        insert.run(queue.arn, id, body, now, now + delayMs, fifo?.group ?? id, fifo?.deduplicationId ?? null);
        this.#know(queue, message, id, now);
        return id;
      }),
    );
  }

  /**
   * Up to `most` visible messages, oldest first, invisible from now on for `visibilityMs`; those received too often go to the dead
   * letters in place of it. A group of which one message is invisible is passed over. `handedOver`: to a function of this process,
   * which dies with it.
   */
  receive(
    queue: QueueDefinition,
    most: number,
    visibilityMs: number,
    handedOver: boolean,
  ): readonly MessageRow[] {
    const now = this.#now();
    const take = this.#database.prepare(
      `UPDATE messages SET receipt = ?, receives = receives + 1, visible_at = ?, handed_over = ?,
        first_received_at = coalesce(first_received_at, ?) WHERE id = ? RETURNING *`,
    );
    return this.#together(() => {
      this.#forgetOld(queue, now);
      this.#redrive(queue, now);
      return this.#rows(
        `SELECT * FROM messages WHERE queue = ? AND visible_at <= ? AND NOT EXISTS (SELECT 1 FROM messages AS held
          WHERE held.queue = messages.queue AND held.message_group = messages.message_group AND held.visible_at > ?)
          ORDER BY id LIMIT ?`,
        [queue.arn, now, now, most],
      ).map(({ id }) =>
        rowSchema.parse(take.get(`${id}:${randomUUID()}`, now + visibilityMs, handedOver ? 1 : 0, now, id)),
      );
    });
  }

  /** Deletes by the newest receipt; an older one deletes nothing, as nobody may count on it. */
  delete(queue: QueueDefinition, receipt: string): void {
    this.#database.prepare('DELETE FROM messages WHERE queue = ? AND receipt = ?').run(queue.arn, receipt);
  }

  /** False when the message is gone, was received again or is not in flight. */
  changeVisibility(queue: QueueDefinition, receipt: string, visibilityMs: number): boolean {
    const now = this.#now();
    const { changes } = this.#database
      .prepare('UPDATE messages SET visible_at = ? WHERE queue = ? AND receipt = ? AND visible_at > ?')
      .run(now + visibilityMs, queue.arn, receipt, now);
    return Number(changes) > 0;
  }

  /** The function that held these messages has answered: they are not lost with this process any more. */
  handBack(rows: readonly MessageRow[]): void {
    const release = this.#database.prepare('UPDATE messages SET handed_over = 0 WHERE receipt = ?');
    this.#together(() => rows.map(({ receipt }) => release.run(receipt)));
  }

  /** After a start: what functions of an earlier process held has nobody who will answer for it. */
  takeBack(): void {
    this.#database
      .prepare('UPDATE messages SET visible_at = min(visible_at, ?), handed_over = 0 WHERE handed_over = 1')
      .run(this.#now());
  }

  /** Unix milliseconds at which the next message can be received: when no message of its group is invisible. */
  nextVisibleAt(queue: QueueDefinition): number | undefined {
    const row = this.#database
      .prepare(
        `SELECT min(at) AS at FROM
          (SELECT max(visible_at) AS at FROM messages WHERE queue = ? GROUP BY message_group)`,
      )
      .get(queue.arn);
    return typeof row?.['at'] === 'number' ? row['at'] : undefined;
  }

  depth(queue: QueueDefinition): Depth {
    const count = (condition: string) =>
      Number(
        this.#database
          .prepare(`SELECT count(*) AS n FROM messages WHERE queue = ? AND visible_at ${condition}`)
          .get(queue.arn, this.#now())?.['n'],
      );
    return {
      visible: count('<= ?'),
      in_flight: count('> ? AND receives > 0'),
      delayed: count('> ? AND receives = 0'),
    };
  }

  /** The newest messages of a queue, received or not. */
  newest(queue: QueueDefinition, most: number): readonly MessageRow[] {
    return this.#rows('SELECT * FROM messages WHERE queue = ? ORDER BY id DESC LIMIT ?', [queue.arn, most]);
  }

  /** The id of the message that a FIFO queue was sent under the same id of deduplication within five minutes. */
  #known(queue: QueueDefinition, { fifo }: SentMessage, now: number): string | undefined {
    if (fifo === undefined) return undefined;
    this.#database
      .prepare('DELETE FROM deduplications WHERE queue = ? AND sent_at <= ?')
      .run(queue.arn, now - deduplicationMs);
    const row = this.#database
      .prepare('SELECT message_id FROM deduplications WHERE queue = ? AND scope = ? AND deduplication_id = ?')
      .get(queue.arn, scopeOf(queue, fifo.group), fifo.deduplicationId);
    return row === undefined ? undefined : String(row['message_id']);
  }

  #know(queue: QueueDefinition, { fifo }: SentMessage, id: string, now: number): void {
    if (fifo === undefined) return;
    this.#database
      .prepare('INSERT INTO deduplications VALUES (?, ?, ?, ?, ?)')
      .run(queue.arn, scopeOf(queue, fifo.group), fifo.deduplicationId, id, now);
  }

  #forgetOld(queue: QueueDefinition, now: number): void {
    this.#database
      .prepare('DELETE FROM messages WHERE queue = ? AND sent_at < ?')
      .run(queue.arn, now - queue.retentionMs);
  }

  #redrive({ arn, redrive }: QueueDefinition, now: number): void {
    if (redrive === undefined) return;
    this.#database
      .prepare(
        `UPDATE messages SET queue = ?, dead_source = ?, visible_at = ?, receipt = NULL, handed_over = 0
          WHERE queue = ? AND visible_at <= ? AND receives >= ?`,
      )
      .run(redrive.arn, arn, now, arn, now, redrive.maxReceives);
  }

  #rows(sql: string, values: readonly (string | number)[]): readonly MessageRow[] {
    return this.#database
      .prepare(sql)
      .all(...values)
      .map((row) => rowSchema.parse(row));
  }

  #together<T>(change: () => T): T {
    this.#database.exec('BEGIN');
    try {
      const result = change();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

/** Within what an id of deduplication is known. */
function scopeOf({ fifo }: QueueDefinition, group: string): string {
  return fifo?.deduplicates === 'messageGroup' ? group : '';
}
