import { type AttributeValue, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { putBatches } from '../../functions/adapters/dynamodb/batches.ts';
import { dynamoStores } from '../../functions/adapters/dynamodb/stores.ts';
import { boundaryOf } from '../../functions/domain/config-tree/boundary.ts';
import { buildTree } from '../../functions/domain/config-tree/build.ts';
import type { NewNode } from '../../functions/domain/config-tree/node.ts';
import type { Digest } from '../../functions/domain/digest.ts';
import { SYSTEM } from '../../functions/domain/identity/principal.ts';
import { swap } from '../../functions/domain/promotion/head.ts';
import { isRefusal } from '../../functions/domain/refusal.ts';
import { foundTenant } from '../../functions/use-cases/administration/found-tenant.ts';
import { headOf } from '../../functions/use-cases/config/tree.ts';
import type { Deps } from '../../functions/use-cases/deps.ts';
import { createPromotion } from '../../functions/use-cases/promotions/create.ts';
import { execute } from '../../functions/use-cases/workflow/execute.ts';
import { startEngine } from '../support/engine.ts';
import { meter, reset } from '../support/metered.ts';
import { noAlarms } from '../support/no-alarms.ts';
import { benchKey, benchValue } from './config-tree-data.ts';
import { printTable, quantile } from './print.ts';

const TENANT = 'bench';
const ROUNDS = 9;
/** Times by which executing must be faster than the faster copy (issue 3). */
const GOALS: { readonly [keys: number]: number } = { 1000: 60, 10000: 600, 100000: 5_000 };

/**
 * Executing a FULL promotion with `prune` of N keys of which 10 differ, against copying N items on the same engine: with BatchWriteItem, and
 * with TransactWriteItems of 100. The step is all that the workflow's function does: reading, deciding again, committing, clearing its intent.
 */
export async function benchConfig(sizes: readonly number[] = [1_000, 10_000, 100_000]): Promise<void> {
  const engine = await startEngine();
  const table = engine.open({ requestHandler: { requestTimeout: 30_000 } });
  const used = meter(table);
  const commits: number[] = [];
  const deps = depsOn(dynamoStores(table), commits);
  await foundTenant(deps, { id: TENANT, name: 'Bench', founders: [] });
  const rows: (string | number)[][] = [
    [
      'keys',
      'step p50 ms',
      'its WRU',
      'its commit p50 ms',
      'batch copy ms',
      'transact copy ms',
      'step times faster',
      'commit times faster',
      'goal',
    ],
  ];
  try {
    for (const keys of sizes) {
      const [old, next] = [await plant(deps, keys, 0), await plant(deps, keys, 10)];
      const times: number[] = [];
      const transactions: number[] = [];
      let units = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        await point(deps, 'development', next);
        await point(deps, 'staging', old);
        const id = await requested(deps);
        reset(used);
        const begun = performance.now();
        await execute(deps, { tenant: TENANT, id });
        times.push(performance.now() - begun);
        transactions.push(commits.at(-1) ?? Number.NaN);
        units = used.writeUnits;
      }
      const batch = await timed(() => putBatches(table, itemsOf(keys, 'BATCH')));
      const transact = await timed(() => transacted(table, itemsOf(keys, 'TRANSACT')));
      const [p50, commit] = [quantile(times, 0.5), quantile(transactions, 0.5)];
      const copy = Math.min(batch, transact);
      rows.push([keys, p50, units, commit, batch, transact, copy / p50, copy / commit, GOALS[keys] ?? '-']);
    }
    printTable('FULL promotion with prune, beside copying every item', rows);
  } finally {
    table.client.destroy();
    await engine.stop();
  }
}

/** Everything but gateways is real; how long each commit took is noted. */
function depsOn(stores: ReturnType<typeof dynamoStores>, commits: number[]): Deps {
  let numbers = 0;
  return {
    ...stores,
    transactions: {
      async commit(tenant, writes) {
        const begun = performance.now();
        const result = await stores.transactions.commit(tenant, writes);
        commits.push(performance.now() - begun);
        return result;
      },
    },
    clock: { now: () => new Date().toISOString() },
    ids: {
      next(prefix) {
        numbers += 1;
        return `${prefix}-${String(numbers).padStart(8, '0')}`;
      },
    },
    workflow: { start: async () => 'started', wake: async () => 'woken' },
    bus: { publish: async () => {} },
    scheduler: noAlarms,
    driver: { deploy: async () => ({ outcome: 'live' }) },
    random: Math.random,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
}

/** Stores a tree of so many keys, the first `changed` of them with another value. */
async function plant(deps: Deps, keys: number, changed: number): Promise<Digest> {
  const boundary = boundaryOf(await deps.salts.of(TENANT));
  const items = Array.from({ length: keys }, (_, i) => ({
    key: benchKey(i),
    body: { inline: benchValue(i, i < changed ? 1 : 0) },
  }));
  const nodes: NewNode[] = [];
  const building = buildTree(items, boundary);
  for (let step = building.next(); ; step = building.next()) {
    if (step.done) {
      await deps.nodes.put(TENANT, nodes);
      return step.value.root;
    }
    nodes.push(step.value);
  }
}

/** Points an environment's head at a root. */
async function point(deps: Deps, environment: string, digest: Digest): Promise<void> {
  const now = deps.clock.now();
  const head = await headOf(deps, TENANT, environment, now);
  if (head.digest === digest) return;
  const swapped = swap(head, { digest, cause: { by: 'edit' }, actor: SYSTEM, now });
  const result = await deps.transactions.commit(TENANT, [
    { write: 'head', head: swapped.head, expected: head.version },
    { write: 'revision', revision: swapped.revision },
  ]);
  if (!result.committed) throw new Error('lost');
}

async function requested(deps: Deps): Promise<string> {
  const created = await createPromotion(deps, {
    actor: { subject: 'bench', email: '', kind: 'person' },
    tenant: TENANT,
    execution: 'automatic',
    request: {
      kind: 'config',
      selects: 'FULL',
      config_ids: [],
      flag_ids: [],
      key_patterns: [],
      prune: true,
      target_environment: 'staging',
    },
  });
  if (isRefusal(created)) throw new Error(created.detail);
  return created.state.id;
}

type Item = Record<string, AttributeValue>;

function itemsOf(keys: number, name: string): readonly Item[] {
  return Array.from({ length: keys }, (_, i) => ({
    PK: { S: `T#${TENANT}#${name}#${keys}` },
    SK: { S: benchKey(i) },
    value: { B: benchValue(i) },
  }));
}

async function transacted(
  { client, name }: Parameters<typeof meter>[0],
  items: readonly Item[],
): Promise<void> {
  for (let at = 0; at < items.length; at += 100) {
    const TransactItems = items.slice(at, at + 100).map((Item) => ({ Put: { TableName: name, Item } }));
    await client.send(new TransactWriteItemsCommand({ TransactItems }));
  }
}

async function timed(act: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}
