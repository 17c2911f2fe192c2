import { Fault } from '../../domain/faults.ts';
import { whyClosed } from '../../domain/format/number.ts';
import type { FormatCheck } from '../../ports/format-store.ts';
import { call } from './call.ts';
import { numberIn, readNumber } from './format-store.ts';
import type { Table } from './table.ts';

/** Milliseconds for which what was read counts. A migration waits twice as long before it moves the first item. */
const FRESH_MS = 30_000;

/** Calls that change nothing: they go out beside the reading of the number, and their answers wait for it. */
const LOOKS = new Set(['GetItemCommand', 'BatchGetItemCommand', 'QueryCommand', 'ScanCommand']);

const READ_ONLY =
  'the installation is read-only while its table is migrated: repeat the request once the migration is done';

/** A table whose format is watched. */
export type WatchedTable = Table & { readonly check: FormatCheck };

/**
 * Lets calls of the table through for as long as this code reads its format. The number is read beside the first call, and beside the first
 * one after 30 s: no call more is waited for. A call that changes something waits for the number, and so does every answer. It is held
 * against the number once more as it goes out, and so is each repetition: a process that stood still in between (frozen, paused) sends no
 * write of before.
 */
export function watchFormat(table: Table, now: () => number = Date.now): WatchedTable {
  let last: { readonly at: number; readonly why: string | undefined; readonly closed: boolean } | undefined;
  let reading: Promise<void> | undefined;
  const command = readNumber(table);
  const read = async (): Promise<void> => {
    // When it was sent: what another process writes after that is not in the answer.
    const at = now();
    const { Item } = await call(() => table.client.send(command));
    const number = numberIn(Item);
    last = { at, why: whyClosed(number), closed: number?.moving?.read_only === true };
  };
  const isFresh = (): boolean => {
    const age = last === undefined ? Number.NaN : now() - last.at;
    return age >= 0 && age < FRESH_MS;
  };
  const check = async (): Promise<void> => {
    if (!isFresh()) {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      await reading;
    }
    if (last?.why !== undefined) throw new Fault('FormatUnsupported', last.why);
  };
  const mayWrite = async (): Promise<void> => {
    do await check();
    while (!isFresh());
    if (last?.closed) throw new Fault('ReadOnly', READ_ONLY);
  };
  table.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        if (args.input === command.input) return next(args);
        if (!LOOKS.has(commandName)) {
          await mayWrite();
          return next(args);
        }
        const [answered, may] = await Promise.allSettled([next(args), check()]);
        if (may.status === 'rejected') throw may.reason;
        if (answered.status === 'rejected') throw answered.reason;
        return answered.value;
      },
    { step: 'initialize', name: 'format', priority: 'high' },
  );
  table.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        if (!LOOKS.has(commandName)) await mayWrite();
        return next(args);
      },
    { step: 'deserialize', name: 'format-again', priority: 'low' },
  );
  return { ...table, check };
}
