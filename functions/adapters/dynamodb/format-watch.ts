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

const READ_ONLY = 'a migration runs that lets nothing be written: the same request succeeds once it is done';

/** A table whose format is watched. */
export type WatchedTable = Table & { readonly check: FormatCheck };

/**
 * Lets calls of the table through for as long as this code reads its format. The number is read beside the first call, and beside the first
 * one after 30 s: no call more is waited for. A call that changes something waits for the number, and so does every answer.
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
  const check = async (): Promise<void> => {
    const age = last === undefined ? Number.NaN : now() - last.at;
    if (!(age >= 0 && age < FRESH_MS)) {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      await reading;
    }
    if (last?.why !== undefined) throw new Fault('FormatUnsupported', last.why);
  };
  table.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        if (args.input === command.input) return next(args);
        const allowed = check();
        if (!LOOKS.has(commandName)) {
          await allowed;
          if (last?.closed) throw new Fault('Unavailable', READ_ONLY);
          return next(args);
        }
        const [answered, may] = await Promise.allSettled([next(args), allowed]);
        if (may.status === 'rejected') throw may.reason;
        if (answered.status === 'rejected') throw answered.reason;
        return answered.value;
      },
    { step: 'initialize', name: 'format', priority: 'high' },
  );
  return { ...table, check };
}
