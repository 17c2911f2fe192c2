import type { Table } from '../../functions/adapters/dynamodb/table.ts';

/** Capacity and time that the calls of one table client used. */
export type Meter = {
  writeUnits: number;
  readUnits: number;
  calls: number;
  /** When each call began and ended, in milliseconds, as seen by the caller of the SDK. */
  spans: [begun: number, ended: number][];
  /** Names of the calls, in order. */
  names: string[];
  /** What each call used, and where it went. */
  spent: { readonly name: string; readonly places: readonly string[]; readonly units: number }[];
};

const WRITES = /^(Put|Update|Delete|TransactWrite|BatchWrite)/;

/**
 * Counts the request units that every call of this client consumes, indexes included, as the engine reports them
 * (`ReturnConsumedCapacity`, units of 1 KB written and 4 KB read; a transaction costs twice).
 */
export function meter(table: Table): Meter {
  const meter: Meter = { writeUnits: 0, readUnits: 0, calls: 0, spans: [], names: [], spent: [] };
  table.client.middlewareStack.add(
    (next, context) => async (args) => {
      const name = context.commandName ?? '';
      const begun = performance.now();
      const result = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } });
      meter.spans.push([begun, performance.now()]);
      meter.calls += 1;
      meter.names.push(name);
      const units = unitsOf(result.output);
      // A batch holds too much to look through.
      const places = name.startsWith('Batch') ? [] : placesOf(args.input);
      meter.spent.push({ name: name.replace('Command', ''), places, units });
      if (WRITES.test(name)) meter.writeUnits += units;
      else meter.readUnits += units;
      return result;
    },
    { step: 'initialize', name: 'meter' },
  );
  return meter;
}

/** Milliseconds during which at least one call was under way: calls side by side count once. */
export function timeInCalls(meter: Meter): number {
  let total = 0;
  let covered = 0;
  for (const [begun, ended] of meter.spans.toSorted(([a], [b]) => a - b)) {
    total += Math.max(0, ended - Math.max(begun, covered));
    covered = Math.max(covered, ended);
  }
  return total;
}

/** Rounds of calls: those that began before all earlier ones had ended belong to their round. */
export function roundsOf(meter: Meter): number {
  let [rounds, covered] = [0, 0];
  for (const [begun, ended] of meter.spans.toSorted(([a], [b]) => a - b)) {
    if (begun >= covered) rounds += 1;
    covered = Math.max(covered, ended);
  }
  return rounds;
}

/** Sets a meter back to nothing. */
export function reset(meter: Meter): void {
  Object.assign(meter, { writeUnits: 0, readUnits: 0, calls: 0, spans: [], names: [], spent: [] });
}

function unitsOf(output: object): number {
  if (!('ConsumedCapacity' in output)) return 0;
  const consumed = output.ConsumedCapacity;
  const parts: unknown[] = Array.isArray(consumed) ? consumed : [consumed];
  return parts.reduce<number>((sum, part) => sum + capacityOf(part), 0);
}

function capacityOf(part: unknown): number {
  if (typeof part !== 'object' || part === null || !('CapacityUnits' in part)) return 0;
  return typeof part.CapacityUnits === 'number' ? part.CapacityUnits : 0;
}

/** Where a call goes: its partition and, of an item, its sort key, of each item. */
function placesOf(input: object): readonly string[] {
  const text = JSON.stringify(input);
  const parts = /"(?:PK|:pk|:partition)":\{"S":"([^"]*)"\}(?:,"SK":\{"S":"([^"]*)")?/g;
  return Array.from(text.matchAll(parts), ([, partition = '', sort = '']) => `${partition} ${sort}`.trim());
}
