import type { ConfigAsked, ConfigRollback } from '../../functions/domain/promotion/state.ts';
import { createPromotion } from '../../functions/use-cases/promotions/create.ts';
import { execute } from '../../functions/use-cases/workflow/execute.ts';
import { reset } from '../support/metered.ts';
import { timeCopies } from './config-copy.ts';
import {
  type Commit,
  configStage,
  granted,
  PERSON,
  plant,
  point,
  type Stage,
  TENANT,
} from './config-stage.ts';
import { benchConfigTree } from './config-tree.ts';
import { benchWriters } from './config-writers.ts';
import { printTable, quantile } from './print.ts';

const SIZES: readonly number[] = [1_000, 10_000, 100_000];
const CHANGES: readonly number[] = [1, 10, 1_000];
/** Executions that are not counted, so that what is measured is warm, and those that are. */
const WARM = 15;
const ROUNDS = 25;
/** Times by which executing must be faster than the faster copy (issue 3). */
const GOALS: { readonly [keys: number]: number } = { 1000: 60, 10000: 600, 100000: 5_000 };
/** Write units of the transaction at most, and how much slower it may be at 100,000 keys than at 1,000. */
const MOST_UNITS = 10;
const MOST_SLOWER = 1.25;

/** Everything about configuration: executing and rolling back on the engine, writers on the engine, the tree alone in memory. */
export async function benchConfig(sizes: readonly number[] = SIZES): Promise<void> {
  const stage = await configStage();
  try {
    await benchExecutions(stage, sizes);
    await benchWriters(stage, sizes);
  } finally {
    await stage.stop();
  }
  await benchConfigTree();
}

type Measured = {
  readonly keys: number;
  readonly what: string;
  readonly step: number;
  readonly stepUnits: number;
  readonly swapped: number;
  readonly commit: number;
  readonly commitUnits: number;
  readonly nodes: number;
};

/**
 * Executing an approved FULL promotion with `prune` in which so many keys differ, and the `restore` of one, against copying N items on the same
 * engine. The step is all that the workflow's function does: reading, deciding again, committing, announcing, clearing its intent; readers
 * see the new root when its one transaction is in.
 */
async function benchExecutions(stage: Stage, sizes: readonly number[]): Promise<void> {
  const measured: Measured[] = [];
  const copies = new Map<number, { readonly batch: number; readonly transact: number }>();
  await measureFull(stage, 1_000, 10);
  for (const keys of sizes) {
    for (const changes of CHANGES) measured.push(await measureFull(stage, keys, changes));
    measured.push(await measureRestore(stage, keys));
    copies.set(keys, await timeCopies(stage.table, keys));
  }
  printTable('Executing beside copying every item (p50, ms)', [
    [
      'keys',
      'what',
      'step',
      'WRU',
      'to the swap',
      'transaction',
      'WRU',
      'goal',
      'nodes',
      'batches',
      'transactions',
      'step ×',
      'transaction ×',
      'goal ×',
    ],
    ...measured.map(({ keys, what, step, stepUnits, swapped, commit, commitUnits, nodes }) => {
      const { batch, transact } = copies.get(keys) ?? { batch: Number.NaN, transact: Number.NaN };
      const copy = Math.min(batch, transact);
      return [
        keys,
        what,
        step,
        stepUnits,
        swapped,
        commit,
        commitUnits,
        MOST_UNITS,
        nodes,
        batch,
        transact,
        copy / step,
        copy / commit,
        GOALS[keys] ?? '',
      ];
    }),
  ]);
  printRatios(measured, sizes);
}

/** That size does not matter: each way of executing at the largest size against the smallest. */
function printRatios(measured: readonly Measured[], sizes: readonly number[]): void {
  const [small, large] = [sizes[0], sizes.at(-1)];
  const at = (keys: number | undefined, what: string) =>
    measured.find((one) => one.keys === keys && one.what === what);
  const kinds = [...new Set(measured.map(({ what }) => what))];
  printTable(`p50 at ${large} keys over p50 at ${small}; goal ${MOST_SLOWER}`, [
    ['what', 'step', 'transaction'],
    ...kinds.map((what) => {
      const [a, b] = [at(small, what), at(large, what)];
      return [what, (b?.step ?? Number.NaN) / (a?.step ?? 1), (b?.commit ?? Number.NaN) / (a?.commit ?? 1)];
    }),
  ]);
}

async function measureFull(stage: Stage, keys: number, changes: number): Promise<Measured> {
  const { deps } = stage;
  const [old, next] = [await plant(deps, keys, 0), await plant(deps, keys, changes)];
  return await measure(stage, keys, `FULL, ${changes} differ`, async () => {
    await point(deps, 'development', next);
    await point(deps, 'staging', old);
    return await requested(stage);
  });
}

async function measureRestore(stage: Stage, keys: number): Promise<Measured> {
  const { deps } = stage;
  const [old, next] = [await plant(deps, keys, 0), await plant(deps, keys, 10)];
  return await measure(stage, keys, 'restore, 10 differ', async () => {
    await point(deps, 'development', next);
    await point(deps, 'staging', old);
    const promotion_id = await requested(stage);
    await execute(deps, { tenant: TENANT, id: promotion_id });
    return await requested(stage, { promotion_id, from: next, to: old });
  });
}

type Back = Pick<ConfigRollback, 'promotion_id' | 'from' | 'to'>;

async function requested({ deps }: Stage, back?: Back): Promise<string> {
  const asked: ConfigAsked = {
    kind: 'config',
    selects: 'FULL',
    config_ids: [],
    flag_ids: [],
    key_patterns: [],
    prune: true,
    ...(back === undefined ? {} : { rollback: { ...back, mode: 'restore' } }),
  };
  const created = await createPromotion(deps, {
    actor: PERSON,
    tenant: TENANT,
    execution: 'automatic',
    type: back === undefined ? 'promotion' : 'rollback',
    request: { ...asked, target_environment: 'staging' },
  });
  return granted(created).state.id;
}

/** Executes again and again what `prepare` requests. */
async function measure(
  stage: Stage,
  keys: number,
  what: string,
  prepare: () => Promise<string>,
): Promise<Measured> {
  const { deps, used, commits } = stage;
  const steps: number[] = [];
  const swaps: number[] = [];
  const made: Commit[] = [];
  let [stepUnits, nodes] = [0, 0];
  for (let round = 0; round < WARM + ROUNDS; round += 1) {
    const id = await prepare();
    reset(used);
    const begun = performance.now();
    const { status } = await execute(deps, { tenant: TENANT, id });
    const step = performance.now() - begun;
    if (status !== 'completed') throw new Error(`${id} is ${status}`);
    if (round < WARM) continue;
    const commit = commits.at(-1);
    if (commit === undefined) throw new Error('nothing was committed');
    steps.push(step);
    swaps.push(commit.ended - begun);
    made.push(commit);
    stepUnits = used.writeUnits;
    nodes = used.names.filter((name) => name === 'BatchWriteItemCommand').length;
  }
  return {
    keys,
    what,
    step: quantile(steps, 0.5),
    stepUnits,
    swapped: quantile(swaps, 0.5),
    commit: quantile(
      made.map(({ milliseconds }) => milliseconds),
      0.5,
    ),
    commitUnits: Math.max(...made.map(({ units }) => units)),
    nodes,
  };
}
