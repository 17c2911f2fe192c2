import {
  type CancellationReason,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { Fault } from '../../domain/faults.ts';
import { machine } from '../../domain/identity/machine.ts';
import type { CommitResult, Transactions, Write } from '../../ports/transaction.ts';
import { asFault } from './call.ts';
import { guardedRemoval, guardParts, type Part } from './guards.ts';
import type { Item } from './item.ts';
import { machineKey } from './keys.ts';
import { nameOf, readBody } from './read.ts';
import type { Table } from './table.ts';
import { artifactVersionItem } from './write-artifact.ts';
import { catalogItem, changeItem, weakenedItem } from './write-catalog.ts';
import {
  machineItems,
  machineRemovals,
  membershipItems,
  membershipRemovals,
  tenantItem,
} from './write-directory.ts';
import { evidenceItems, providerAnswerItems, unwatchItem, watchItem } from './write-evidence.ts';
import { linkUseItem } from './write-link.ts';
import { newsItems } from './write-news.ts';
import { holdItem, openItem, promotionItems } from './write-promotion.ts';
import { assertDistinct } from './write-rules.ts';
import {
  answerItem,
  attemptItem,
  deploymentItems,
  headItem,
  madeAgainItems,
  momentItem,
  revisionItem,
  rollUpItem,
  timelineItem,
} from './write-slot.ts';
import { openedItem, stoppedItem } from './write-unblock-records.ts';

/** Commits over the table; `now` judges whether a idempotency record has expired. */
export function dynamoTransactions(table: Table, now = () => new Date().toISOString()): Transactions {
  return {
    async commit(tenant, writes) {
      const instant = now();
      const itemsOf = async (write: Write, index: number): Promise<Part[]> =>
        (await items(table, tenant, write, { writes, now: instant })).map((item) => ({
          item,
          writes: [index],
        }));
      // Loaded by those alone that administer people.
      if (writes.some(names)) await (await import('./aliases.ts')).writeAliases(table, tenant, writes);
      const parts = (await Promise.all(writes.map(itemsOf))).flat();
      const news = newsItems(table.name, tenant, writes).map((item) => ({ item, writes: [] }));
      return await send(table, [...parts, ...guardParts(table.name, tenant, writes), ...news]);
    },
  };
}

/** Whether a write says how somebody is called. */
const names = ({ write }: Write): boolean => write === 'membership' || write === 'machine';

/** The items of one write; those of guards are made for the whole commit. */
async function items(
  table: Table,
  tenant: string,
  write: Write,
  { writes, now }: { readonly writes: readonly Write[]; readonly now: string },
): Promise<TransactWriteItem[]> {
  const { name } = table;
  switch (write.write) {
    case 'promotion':
      return promotionItems(name, tenant, write);
    case 'open':
      return [openItem(name, tenant, write)];
    case 'hold':
      return [holdItem(name, tenant, write)];
    case 'head':
      return [headItem(name, tenant, write)];
    case 'made_again':
      return madeAgainItems(name, tenant, write);
    case 'revision':
      return [revisionItem(name, tenant, write)];
    case 'deployment':
      return deploymentItems(name, tenant, write);
    case 'roll_up':
      return [rollUpItem(name, tenant, write)];
    case 'moment':
      return [momentItem(name, tenant, write)];
    case 'timeline':
      return [timelineItem(name, tenant, write)];
    case 'attempt':
      return [attemptItem(name, tenant, write)];
    case 'evidence':
      return evidenceItems(name, tenant, write);
    case 'provider_answer':
      return providerAnswerItems(name, tenant, write);
    case 'watch':
      return [watchItem(name, tenant, write)];
    case 'unwatch':
      return [unwatchItem(name, tenant, write)];
    case 'answer':
      return [answerItem(name, tenant, write, now)];
    case 'artifact_version':
      return [artifactVersionItem(name, tenant, write)];
    case 'link_use':
      return [linkUseItem(name, write)];
    case 'catalog':
      return [catalogItem(name, tenant, write)];
    case 'catalog_delete':
      return [guardedRemoval(name, tenant, write, writes)];
    case 'stopped':
      return [stoppedItem(name, tenant, write)];
    case 'opened':
      return [openedItem(name, tenant, write)];
    case 'change':
      return [changeItem(name, tenant, write)];
    case 'weakened':
      return [weakenedItem(name, tenant, write)];
    case 'membership':
      return membershipItems(name, tenant, write);
    case 'membership_delete':
      return membershipRemovals(name, tenant, write);
    case 'machine':
      return machineItems(name, tenant, write, await machineBefore(table, tenant, write.machine.id, write));
    case 'machine_delete':
      return machineRemovals(name, tenant, write, await machineBefore(table, tenant, write.id, write));
    case 'tenant':
      return [tenantItem(name, tenant, write)];
    case 'check_guard':
    case 'raise_guard':
    case 'check_occupancy':
      return [];
    default:
      return write satisfies never;
  }
}

/** The machine at the version the writer saw: the same transaction fails when that is not the version any more. */
async function machineBefore(table: Table, tenant: string, id: string, { expected }: { expected: number }) {
  return expected === 0 ? undefined : await readBody(table, machineKey(tenant, id), machine.stored);
}

async function send(table: Table, parts: readonly Part[]): Promise<CommitResult> {
  if (parts.length === 0) return { committed: true };
  assertDistinct(parts.map(({ item }) => nameOf(keyOf(item))));
  try {
    await table.client.send(new TransactWriteItemsCommand({ TransactItems: parts.map((part) => part.item) }));
    return { committed: true };
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw asFault(error);
    return { committed: false, lost: lost(parts, error) };
  }
}

function keyOf({ Put, Update, Delete, ConditionCheck }: TransactWriteItem): Item {
  return Put?.Item ?? Update?.Key ?? Delete?.Key ?? ConditionCheck?.Key ?? {};
}

/** Which writes lost their condition; none when the table only had no time for this transaction. */
function lost(parts: readonly Part[], cause: TransactionCanceledException): number[] {
  const reasons = cause.CancellationReasons ?? [];
  const conditions = parts.flatMap((part, index) =>
    reasons[index]?.Code === 'ConditionalCheckFailed' ? part.writes : [],
  );
  if (conditions.length > 0) return [...new Set(conditions)].sort((a, b) => a - b);
  if (reasons.some(isConflict)) return [];
  if (reasons.some(isThrottling)) throw new Fault('Throttled', 'the table says slower', { cause });
  throw cause;
}

const isConflict = ({ Code }: CancellationReason) => Code === 'TransactionConflict';
const isThrottling = ({ Code }: CancellationReason) =>
  Code === 'ThrottlingError' || Code === 'ProvisionedThroughputExceeded' || Code === 'RequestLimitExceeded';
