import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { Functions } from './functions.ts';

/** How many given-up invocations are kept for a look. */
const keptDeadLetters = 1000;

/** Lambda tries an asynchronous invocation three times in all. */
const maxAttempts = 3;

/** No attempt: the function had no room. Lambda keeps such an event for six hours. */
const throttled = 'TooManyRequestsException';

const rowSchema = z.object({
  id: z.number(),
  function_name: z.string(),
  event: z.string(),
  failures: z.number(),
  last_error: z.string().nullable(),
});

/** An asynchronous invocation that was given up after its retries. */
export type DeadLetter = z.infer<typeof rowSchema>;

/** Asynchronous invocations: recorded before they are accepted, so that kill -9 only makes them come again. */
export class Deliveries {
  readonly #database: DatabaseSync;
  readonly #functions: Functions;
  readonly #retryMs: readonly number[];
  #stopped = false;

  /** `retryMs`: the pauses before the second and third attempt (Lambda: one and two minutes). */
  constructor(database: DatabaseSync, functions: Functions, retryMs: readonly number[]) {
    this.#database = database;
    this.#functions = functions;
    this.#retryMs = retryMs;
    database
      .prepare(
        `DELETE FROM deliveries WHERE failures >= ? AND id NOT IN (SELECT id FROM deliveries ORDER BY id DESC LIMIT ?)`,
      )
      .run(maxAttempts, keptDeadLetters);
  }

  /** Accepts an invocation; it happens later. */
  enqueue(functionName: string, event: unknown): void {
    this.accept(functionName, event)();
  }

  /** Records an invocation in the transaction that is open, and answers what begins it once that is committed. */
  accept(functionName: string, event: unknown): () => void {
    const { lastInsertRowid } = this.#database
      .prepare('INSERT INTO deliveries (function_name, event) VALUES (?, ?)')
      .run(functionName, JSON.stringify(event));
    return () => void this.#deliver(Number(lastInsertRowid));
  }

  /** Takes up what an earlier process accepted and did not finish. */
  resume(): void {
    for (const { id } of this.#rows('failures < ?')) void this.#deliver(id);
  }

  /** What was given up. */
  deadLetters(): readonly DeadLetter[] {
    return this.#rows('failures >= ?');
  }

  stop(): void {
    this.#stopped = true;
  }

  async #deliver(id: number): Promise<void> {
    const row = rowSchema.parse(this.#database.prepare('SELECT * FROM deliveries WHERE id = ?').get(id));
    const result = await this.#functions.invoke(row.function_name, JSON.parse(row.event));
    if (this.#stopped) return;
    if (result.ok) {
      this.#database.prepare('DELETE FROM deliveries WHERE id = ?').run(id);
      return;
    }
    if (result.error.errorType === throttled) return this.#later(id, row.failures);
    const failures = row.failures + 1;
    this.#database
      .prepare('UPDATE deliveries SET failures = ?, last_error = ? WHERE id = ?')
      .run(failures, `${result.error.errorType}: ${result.error.errorMessage}`, id);
    if (failures >= maxAttempts) return;
    this.#later(id, row.failures);
  }

  #later(id: number, failures: number): void {
    setTimeout(() => this.#stopped || void this.#deliver(id), this.#retryMs[failures] ?? 0).unref();
  }

  #rows(condition: string): readonly DeadLetter[] {
    return this.#database
      .prepare(`SELECT * FROM deliveries WHERE ${condition} ORDER BY id`)
      .all(maxAttempts)
      .map((row) => rowSchema.parse(row));
  }
}
