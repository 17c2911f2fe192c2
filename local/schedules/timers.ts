import type { DatabaseSync } from 'node:sqlite';
import { longTimeout } from '../long-timeout.ts';
import { readSchedule, type Schedule } from './schedule.ts';

/** Schedules handed over in one commit. */
const batch = 100;

/** What the schedules need of the machine. */
export interface AlarmSetting {
  /** Records an asynchronous invocation in the same database, and answers what begins it. */
  accept(functionName: string, event: unknown): () => void;
  /** Unix milliseconds by the clock of the functions. */
  now(): number;
}

/**
 * The one-time schedules, kept in the runtime's own database. One whose time has come leaves it in the commit that records its
 * invocation: kill -9 loses none and repeats none, and one that came due while nothing ran is called at the start.
 */
export class Alarms {
  readonly #database: DatabaseSync;
  readonly #setting: AlarmSetting;
  #cancel: (() => void) | undefined;
  #running = false;

  constructor(database: DatabaseSync, setting: AlarmSetting) {
    this.#database = database;
    this.#setting = setting;
  }

  find(group: string, name: string): unknown {
    const row = this.#database
      .prepare('SELECT request FROM schedules WHERE group_name = ? AND name = ?')
      .get(group, name);
    return typeof row?.['request'] === 'string' ? JSON.parse(row['request']) : undefined;
  }

  put({ Name, GroupName, State, at }: Schedule, request: unknown): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO schedules (group_name, name, due_at, request) VALUES (?, ?, ?, ?)')
      .run(GroupName, Name, State === 'ENABLED' ? at : null, JSON.stringify(request));
    this.arm();
  }

  /** Says whether there was one. */
  remove(group: string, name: string): boolean {
    const { changes } = this.#database
      .prepare('DELETE FROM schedules WHERE group_name = ? AND name = ?')
      .run(group, name);
    return changes > 0;
  }

  /** Calls what is overdue, and waits for what is next. */
  start(): void {
    this.#running = true;
    this.arm();
  }

  stop(): void {
    this.#running = false;
    this.#cancel?.();
  }

  /** Waits for the next one anew: another came, or the clock moved. */
  arm(): void {
    this.#cancel?.();
    if (!this.#running) return;
    const next = this.#database.prepare('SELECT MIN(due_at) AS at FROM schedules').get()?.['at'];
    if (typeof next !== 'number') return;
    this.#cancel = longTimeout(next - this.#setting.now(), () => {
      this.#call();
      this.arm();
    });
  }

  #call(): void {
    const begin: (() => void)[] = [];
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const due = this.#database
        .prepare('SELECT group_name, name, request FROM schedules WHERE due_at <= ? ORDER BY due_at LIMIT ?')
        .all(this.#setting.now(), batch);
      for (const { group_name, name, request } of due) {
        const schedule = readSchedule(String(name), JSON.parse(String(request)));
        begin.push(this.#setting.accept(schedule.functionName, schedule.event));
        const done =
          schedule.ActionAfterCompletion === 'DELETE'
            ? 'DELETE FROM schedules'
            : 'UPDATE schedules SET due_at = NULL';
        this.#database
          .prepare(`${done} WHERE group_name = ? AND name = ?`)
          .run(String(group_name), String(name));
      }
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
    for (const one of begin) one();
  }
}
