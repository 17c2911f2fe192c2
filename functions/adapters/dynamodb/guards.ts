import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Write } from '../../ports/transaction.ts';
import { item } from './item.ts';
import { catalogKey } from './keys.ts';
import type { Condition, WriteOf } from './write.ts';
import { catalogRemoval } from './write-catalog.ts';
import { countedBy, environmentWritten, ImpossibleWrite } from './write-rules.ts';

/** One item of a transaction and the writes of the commit it stands for. */
export type Part = { readonly item: TransactWriteItem; readonly writes: readonly number[] };

type Demand = { readonly seen: Set<number>; raised: boolean; fills?: number; readonly writes: number[] };

/**
 * The guards of a commit, one item per environment: a transaction may name an item only once, while several writes of a commit
 * may raise the same guard. An environment that the commit itself writes raises (or removes) its guard with that. Slots that the commit
 * fills, and how far it moves heads, are counted with the guard that it checks anyway, which costs no unit: a condition is counted as a write.
 */
export function guardParts(name: string, tenant: string, writes: readonly Write[]): Part[] {
  const own = new Set(writes.flatMap(environmentWritten));
  const demands = new Map<string, Demand>();
  for (const [index, write] of writes.entries()) {
    if (!isDemand(write)) continue;
    if (own.has(write.environment)) {
      if (write.write !== 'check_guard') continue;
      throw new ImpossibleWrite(`checks the guard of ${write.environment} and writes it`);
    }
    const demand = demands.get(write.environment) ?? { seen: new Set(), raised: false, writes: [] };
    demands.set(write.environment, demand);
    demand.writes.push(index);
    if (write.write === 'check_guard') demand.seen.add(write.guard);
    else if (write.write === 'raise_guard') demand.raised = true;
    else demand.fills = write.fills;
  }
  return [...demands].map(([environment, demand]) => ({
    item: guardItem(name, tenant, environment, demand, countedBy(writes, environment)),
    writes: demand.writes,
  }));
}

/** Removes an item of the catalog: an environment only while it is filled no further than the commit has seen. */
export function guardedRemoval(
  name: string,
  tenant: string,
  write: WriteOf<'catalog_delete'>,
  writes: readonly Write[],
): TransactWriteItem {
  const seen = writes.find(
    (other) =>
      other.write === 'check_occupancy' && write.type === 'environment' && other.environment === write.id,
  );
  return catalogRemoval(
    name,
    tenant,
    write,
    seen?.write === 'check_occupancy' ? atFills(seen.fills) : undefined,
  );
}

const isDemand = (
  write: Write,
): write is WriteOf<'check_guard'> | WriteOf<'raise_guard'> | WriteOf<'check_occupancy'> =>
  write.write === 'check_guard' || write.write === 'raise_guard' || write.write === 'check_occupancy';

function guardItem(
  TableName: string,
  tenant: string,
  environment: string,
  { seen, raised, fills }: Demand,
  counted: ReturnType<typeof countedBy>,
): TransactWriteItem {
  const [guard, another] = seen;
  if (another !== undefined) throw new ImpossibleWrite(`saw two guards of ${environment}`);
  const Key = item(catalogKey(tenant, 'environment', environment));
  const conditions: Condition[] = [
    ...(guard === undefined ? [] : [{ expression: 'guard = :guard', values: item({ ':guard': guard }) }]),
    ...(fills === undefined ? [] : [atFills(fills)]),
    ...(guard === undefined && raised ? [THERE] : []),
  ];
  const ConditionExpression = conditions.map(({ expression }) => expression).join(' AND ');
  const checked = Object.assign({}, ...conditions.map(({ values }) => values));
  const adds = [
    ...(raised ? [['guard', 1] as const] : []),
    ...Object.entries(counted).filter(([, by]) => by > 0),
  ];
  if (adds.length === 0) {
    const values = Object.keys(checked).length === 0 ? {} : { ExpressionAttributeValues: checked };
    return { ConditionCheck: { TableName, Key, ConditionExpression, ...values } };
  }
  const added = item(Object.fromEntries(adds.map(([attribute, by]) => [`:more_${attribute}`, by])));
  return {
    Update: {
      TableName,
      Key,
      UpdateExpression: `ADD ${adds.map(([attribute]) => `${attribute} :more_${attribute}`).join(', ')}`,
      ConditionExpression,
      ExpressionAttributeValues: { ...checked, ...added },
    },
  };
}

const THERE: Condition = { expression: 'attribute_exists(PK)' };

/** One that was never filled has no such number. */
const atFills = (fills: number): Condition =>
  fills === 0
    ? { expression: 'attribute_not_exists(fills)' }
    : { expression: 'fills = :fills', values: item({ ':fills': fills }) };
