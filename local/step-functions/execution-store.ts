import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { RunEnd } from './run.ts';

const rowSchema = z.object({
  arn: z.string(),
  machine_arn: z.string(),
  name: z.string(),
  status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
  input: z.string(),
  started_at: z.number(),
  stopped_at: z.number().nullable(),
  output: z.string().nullable(),
  error: z.string().nullable(),
  cause: z.string().nullable(),
  transitions: z.number(),
});

/** One execution as recorded. Times are Unix milliseconds; input and output are JSON text. */
export type ExecutionRow = z.infer<typeof rowSchema>;

/** How an execution ends, by itself or by its machine's timeout. */
export type ExecutionEnd = RunEnd | { readonly status: 'TIMED_OUT' };

/** The executions in the runtime's database. */
export class ExecutionStore {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  find(arn: string): ExecutionRow | undefined {
    const row = this.#database.prepare('SELECT * FROM executions WHERE arn = ?').get(arn);
    return row === undefined ? undefined : rowSchema.parse(row);
  }

  unfinished(): readonly ExecutionRow[] {
    const rows = this.#database
      .prepare(`SELECT * FROM executions WHERE status = 'RUNNING' ORDER BY started_at`)
      .all();
    return rows.map((row) => rowSchema.parse(row));
  }

  /** The newest first, at most `limit`. */
  latest(limit: number): readonly ExecutionRow[] {
    const rows = this.#database
      .prepare('SELECT * FROM executions ORDER BY started_at DESC, rowid DESC LIMIT ?')
      .all(limit);
    return rows.map((row) => rowSchema.parse(row));
  }

  insert(row: Pick<ExecutionRow, 'arn' | 'machine_arn' | 'name' | 'input' | 'started_at'>): void {
    this.#database
      .prepare(
        `INSERT INTO executions (arn, machine_arn, name, status, input, started_at) VALUES (?, ?, ?, 'RUNNING', ?, ?)`,
      )
      .run(row.arn, row.machine_arn, row.name, row.input, row.started_at);
  }

  finish(arn: string, end: ExecutionEnd, stoppedAt: number, transitions: number): void {
    const output = end.status === 'SUCCEEDED' ? JSON.stringify(end.output ?? null) : null;
    const [error, cause] = end.status === 'FAILED' ? [end.error, end.cause] : [null, null];
    this.#database
      .prepare(
        `UPDATE executions SET status = ?, stopped_at = ?, output = ?, error = ?, cause = ?, transitions = ? WHERE arn = ?`,
      )
      .run(end.status, stoppedAt, output, error, cause, transitions, arn);
  }

  /** Records why somebody stopped an execution. */
  explain(arn: string, error: string | null, cause: string | null): void {
    this.#database.prepare('UPDATE executions SET error = ?, cause = ? WHERE arn = ?').run(error, cause, arn);
  }
}
