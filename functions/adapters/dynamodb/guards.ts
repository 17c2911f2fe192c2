import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Write } from '../../ports/transaction.ts';
import { catalogId, guardCheck, guardRaise } from './write-catalog.ts';
import { ImpossibleWrite } from './write-rules.ts';

/** One item of a transaction and the writes of the commit it stands for. */
export type Part = { readonly item: TransactWriteItem; readonly writes: readonly number[] };

type Demand = { readonly seen: Set<number>; raised: boolean; readonly writes: number[] };

/**
 * The guards of a commit, one item per environment: a transaction may name an item only once, while several writes of a commit
 * may raise the same guard. An environment that the commit itself writes raises (or removes) its guard with that.
 */
export function guardParts(name: string, tenant: string, writes: readonly Write[]): Part[] {
  const own = new Set(writes.flatMap(environmentWritten));
  const demands = new Map<string, Demand>();
  for (const [index, write] of writes.entries()) {
    if (write.write !== 'check_guard' && write.write !== 'raise_guard') continue;
    if (own.has(write.environment)) {
      if (write.write === 'raise_guard') continue;
      throw new ImpossibleWrite(`checks the guard of ${write.environment} and writes it`);
    }
    const demand = demands.get(write.environment) ?? { seen: new Set(), raised: false, writes: [] };
    demands.set(write.environment, demand);
    demand.writes.push(index);
    if (write.write === 'check_guard') demand.seen.add(write.guard);
    else demand.raised = true;
  }
  return [...demands].map(([environment, demand]) => ({
    item: guardItem(name, tenant, environment, demand),
    writes: demand.writes,
  }));
}

function guardItem(name: string, tenant: string, environment: string, demand: Demand): TransactWriteItem {
  const [seen, another] = demand.seen;
  if (another !== undefined) throw new ImpossibleWrite(`saw two guards of ${environment}`);
  if (demand.raised || seen === undefined) return guardRaise(name, tenant, environment, seen);
  return guardCheck(name, tenant, environment, seen);
}

function environmentWritten(write: Write): string[] {
  if (write.write === 'catalog' && write.entry.type === 'environment') return [catalogId(write.entry)];
  return write.write === 'catalog_delete' && write.type === 'environment' ? [write.id] : [];
}
