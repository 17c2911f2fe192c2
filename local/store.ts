import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isRecord } from './json.ts';

/** SQLITE_BUSY, https://sqlite.org/rescode.html#busy */
const busy = 5;

/** A second runtime wants the data directory of one that runs. */
export class DataDirInUse extends Error {
  override readonly name = 'DataDirInUse';
}

/**
 * Opens the runtime's own database in the data directory (created when absent) and holds it exclusively:
 * the kernel releases the lock however the process ends, so that it is never stale.
 * A commit survives kill -9 (WAL in the page cache). Throws `DataDirInUse` when another process holds it.
 */
export function openStore(dataDir: string): DatabaseSync {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(dataDir, 'runtime.sqlite'));
  try {
    database.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
      BEGIN EXCLUSIVE;
      CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS executions (
        arn TEXT PRIMARY KEY, machine_arn TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL, input TEXT NOT NULL,
        started_at INTEGER NOT NULL, stopped_at INTEGER, output TEXT, error TEXT, cause TEXT,
        transitions INTEGER NOT NULL DEFAULT 0) STRICT;
      CREATE INDEX IF NOT EXISTS executions_by_status ON executions (status);
      CREATE TABLE IF NOT EXISTS deliveries (
        id INTEGER PRIMARY KEY, function_name TEXT NOT NULL, event TEXT NOT NULL,
        failures INTEGER NOT NULL DEFAULT 0, last_error TEXT) STRICT;
      CREATE TABLE IF NOT EXISTS messages (
        id INTEGER PRIMARY KEY, queue TEXT NOT NULL, message_id TEXT NOT NULL, body TEXT NOT NULL, sent_at INTEGER NOT NULL,
        visible_at INTEGER NOT NULL, receipt TEXT, receives INTEGER NOT NULL DEFAULT 0, first_received_at INTEGER,
        handed_over INTEGER NOT NULL DEFAULT 0, dead_source TEXT) STRICT;
      CREATE INDEX IF NOT EXISTS messages_by_visibility ON messages (queue, visible_at);
      CREATE TABLE IF NOT EXISTS deduplications (
        queue TEXT NOT NULL, scope TEXT NOT NULL, deduplication_id TEXT NOT NULL, message_id TEXT NOT NULL, sent_at INTEGER NOT NULL,
        PRIMARY KEY (queue, scope, deduplication_id)) STRICT;
      CREATE TABLE IF NOT EXISTS mail (id INTEGER PRIMARY KEY, message TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS schedules (
        group_name TEXT NOT NULL, name TEXT NOT NULL, due_at INTEGER, request TEXT NOT NULL,
        PRIMARY KEY (group_name, name)) STRICT;
      CREATE INDEX IF NOT EXISTS schedules_by_time ON schedules (due_at);
      COMMIT;`);
    addMessageGroups(database);
    return database;
  } catch (error) {
    database.close();
    if (isRecord(error) && error['errcode'] === busy) throw new DataDirInUse(dataDir);
    throw error;
  }
}

/** Data directories of before have messages without groups: each is a group of its own. */
function addMessageGroups(database: DatabaseSync): void {
  const columns = database.prepare('PRAGMA table_info(messages)').all();
  if (!columns.some(({ name }) => name === 'message_group')) {
    database.exec(`BEGIN;
      ALTER TABLE messages ADD COLUMN message_group TEXT NOT NULL DEFAULT '';
      ALTER TABLE messages ADD COLUMN deduplication_id TEXT;
      UPDATE messages SET message_group = message_id;
      COMMIT;`);
  }
  database.exec(
    'CREATE INDEX IF NOT EXISTS messages_by_group ON messages (queue, message_group, visible_at);',
  );
}

/** A fact recorded by `recordFact`, or undefined. */
export function readFact(database: DatabaseSync, name: string): string | undefined {
  const value = database.prepare('SELECT value FROM facts WHERE name = ?').get(name)?.['value'];
  return typeof value === 'string' ? value : undefined;
}

/** Records one fact about the data directory for good. */
export function recordFact(database: DatabaseSync, name: string, value: string): void {
  database.prepare('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)').run(name, value);
}
