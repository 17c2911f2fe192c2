import type { Boundary } from '../../functions/domain/config-tree/boundary.ts';
import { boundaryOf } from '../../functions/domain/config-tree/boundary.ts';
import { TreeBuilder } from '../../functions/domain/config-tree/build.ts';
import { collectDiff } from '../../functions/domain/config-tree/diff.ts';
import type { Edit } from '../../functions/domain/config-tree/edit.ts';
import { applyEdits } from '../../functions/domain/config-tree/edit.ts';
import { ALL_KEYS } from '../../functions/domain/config-tree/key-range.ts';
import type { NewNode } from '../../functions/domain/config-tree/node.ts';
import { Nodes } from '../../functions/domain/config-tree/nodes.ts';
import { mergeTrees } from '../../functions/domain/config-tree/promote.ts';
import { scanAll } from '../../functions/domain/config-tree/scan.ts';
import { EVERYTHING, selectGlobs, selectKeys } from '../../functions/domain/config-tree/selection.ts';
import type { Digest } from '../../functions/domain/digest.ts';
import { MemoryNodeStore } from '../support/memory/node-store.ts';
import { randomStream } from '../support/random-stream.ts';
import type { Cost } from './config-tree-cost.ts';
import { costOf, meanCost } from './config-tree-cost.ts';
import { benchKey, benchValue, opaqueValue } from './config-tree-data.ts';
import { measureMemory } from './config-tree-memory.ts';
import { printTable } from './print.ts';

/** Each tenant has a salt of its own, and with it other boundaries: means are over several. */
const SALTS: { readonly [keys: number]: number } = { 1000: 10, 10000: 10, 100000: 4, 1000000: 2 };
const TENANT = 'bench';
const NOTHING = selectKeys([]);

/** A goal of the benchmark: `measured` must not be above `goal`; both in `unit`. */
export type Result = {
  readonly keys: number;
  readonly what: string;
  readonly unit: string;
  readonly measured: number;
  readonly goal?: number;
};

type Value = (i: number, version?: number) => Uint8Array;

/** One tree in memory and what operations on it move. */
class Bench {
  readonly #store = new MemoryNodeStore();
  readonly #keys: number;
  readonly #value: Value;
  readonly boundary: Boundary;
  root: Digest = 'sha256:';
  largest = 0;

  constructor(keys: number, value: Value, salt: number) {
    this.#keys = keys;
    this.#value = value;
    this.boundary = boundaryOf(new Uint8Array(32).fill(salt));
  }

  /** Builds, putting nodes as they are complete: the tree is never held but in the store, packed. */
  async build(version: number): Promise<Digest> {
    const builder = new TreeBuilder(this.boundary);
    for (let i = 0; i < this.#keys; i += 1) {
      await this.put(builder.push({ key: benchKey(i), body: { inline: this.#value(i, version) } }));
    }
    const { nodes, root } = builder.finish();
    await this.put(nodes);
    return root;
  }

  async put(nodes: readonly NewNode[]): Promise<void> {
    if (nodes.length > 0) await this.#store.put(TENANT, nodes);
  }

  nodes(): Nodes {
    return new Nodes(this.#store.reader(TENANT));
  }

  /** What an operation moves. */
  async cost(act: (nodes: Nodes) => Promise<unknown>): Promise<Cost> {
    this.#store.takeTraffic();
    await act(this.nodes());
    const cost = costOf(this.#store.takeTraffic());
    this.largest = Math.max(this.largest, cost.largestItem);
    return cost;
  }

  /** Changes keys spread at random, as one batch; answers the new root. */
  async change(count: number, seed: number): Promise<Digest> {
    const random = randomStream(seed);
    const edits: Edit[] = Array.from({ length: count }, () => {
      const i = Math.floor(random() * this.#keys);
      return { key: benchKey(i), body: { inline: this.#value(i, seed) } };
    });
    const { root, nodes } = await applyEdits(this.nodes(), this.root, edits, this.boundary);
    await this.put(nodes);
    return root;
  }
}

/** Salts by number from 1, each with a tree built under it. */
async function* benches(keys: number, value: Value): AsyncGenerator<Bench> {
  for (let salt = 1; salt <= (SALTS[keys] ?? 1); salt += 1) {
    const bench = new Bench(keys, value, salt);
    await bench.cost(async () => {
      bench.root = await bench.build(0);
    });
    yield bench;
  }
}

/** Repeats an operation with other random keys. */
async function repeated(times: number, act: (seed: number) => Promise<Cost>): Promise<Cost> {
  const costs: Cost[] = [];
  for (let seed = 1; seed <= times; seed += 1) costs.push(await act(seed));
  return meanCost(costs);
}

const GOALS: {
  readonly [keys: number]: { readonly edit: number; readonly diff: number; readonly depth: number };
} = {
  1000: { edit: 4, diff: 10, depth: 2 },
  10000: { edit: 8, diff: 16, depth: 3 },
  100000: { edit: 10, diff: 24, depth: 3 },
  1000000: { edit: 12, diff: 32, depth: 4 },
};

/** Everything about one size. What depends on the salt is the mean over salts; the rest is measured under the first. */
async function measure(keys: number, value: Value): Promise<Result[]> {
  const goal = GOALS[keys];
  const results: Result[] = [];
  const edits: Cost[] = [];
  const diffs: Cost[] = [];
  for await (const bench of benches(keys, value)) {
    edits.push(await repeated(100, (seed) => bench.cost(() => bench.change(1, seed))));
    diffs.push(
      await repeated(20, async (seed) => {
        const after = await bench.change(10, seed);
        return bench.cost((nodes) => collectDiff(nodes, bench.root, after));
      }),
    );
    if (edits.length === 1) results.push(...(await measureOnce(keys, bench)));
  }
  const [edit, diff] = [meanCost(edits), meanCost(diffs)];
  const worst = (costs: readonly Cost[], of: (cost: Cost) => number) => Math.max(...costs.map(of));
  return [
    row(keys, 'one edit', 'WRU', edit.wru, goal?.edit),
    row(
      keys,
      'one edit, under the worst salt',
      'WRU',
      worst(edits, ({ wru }) => wru),
    ),
    row(keys, 'one edit', 'RRU', edit.rru),
    row(keys, 'one edit, most rounds of reads', 'rounds', edit.rounds),
    row(keys, 'diff of 10', 'RRU', diff.rru, goal?.diff),
    row(
      keys,
      'diff of 10, under the worst salt',
      'RRU',
      worst(diffs, ({ rru }) => rru),
    ),
    row(keys, 'diff of 10, most rounds', 'rounds', diff.rounds, goal?.depth),
    ...results,
  ];
}

function row(keys: number, what: string, unit: string, measured: number, goal?: number): Result {
  return goal === undefined ? { keys, what, unit, measured } : { keys, what, unit, measured, goal };
}

/** Large batches, a promotion of all, a full read. */
async function measureOnce(keys: number, bench: Bench): Promise<Result[]> {
  const many = await bench.cost(() => bench.change(1_000, 77));
  const after = await bench.change(1_000, 78);
  const wide = await bench.cost((nodes) => collectDiff(nodes, bench.root, after));
  const same = await bench.cost((nodes) => collectDiff(nodes, bench.root, bench.root));
  const roots = { base: bench.root, source: after, target: bench.root };
  const all = { selection: EVERYTHING, owned: NOTHING, prune: true };
  const full = await bench.cost((nodes) => mergeTrees(nodes, roots, all, bench.boundary));
  const read = await bench.cost(async (nodes) => {
    let count = 0;
    for await (const items of scanAll(nodes, bench.root, [ALL_KEYS])) count += items.length;
    if (count !== keys) throw new Error(`read ${count} of ${keys}`);
  });
  return [
    row(keys, '1,000 edits in one batch', 'WRU', many.wru),
    row(keys, '1,000 edits in one batch', 'RRU', many.rru),
    row(keys, 'diff of 1,000', 'RRU', wide.rru),
    row(keys, 'diff of equal roots', 'RRU', same.rru, 0),
    row(keys, 'FULL with prune, nodes written', 'nodes', full.written, 0),
    row(keys, 'full read', 'RRU', read.rru, keys === 100_000 ? 850 : undefined),
    ...(keys === 100_000 ? await measurePrefix(bench) : []),
    row(keys, 'largest item', 'bytes', bench.largest, 32 * 1024),
  ];
}

/** PATTERN with a literal prefix over 1 % of 100,000 keys, all of which differ in the source. */
async function measurePrefix(bench: Bench): Promise<Result[]> {
  const source = await bench.build(1);
  const scope = { selection: selectGlobs(['team-0005/svc-4*']), owned: NOTHING, prune: true };
  const roots = { base: bench.root, source, target: bench.root };
  let changed = 0;
  const cost = await bench.cost(async (nodes) => {
    const { merged, tree } = await mergeTrees(nodes, roots, scope, bench.boundary);
    changed = merged.changes.length;
    await bench.put(tree?.nodes ?? []);
  });
  if (changed !== 1_000) throw new Error(`the prefix has ${changed} keys`);
  return [
    row(100_000, 'prefix of 1,000 keys promoted', 'RRU', cost.rru, 30),
    row(100_000, 'prefix of 1,000 keys promoted', 'WRU', cost.wru, 30),
  ];
}

/** The costs of trees of 1,000 to `largest` keys; counts, so the same on every machine. */
export async function measureConfigTree(largest = 1_000_000): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const keys of [1_000, 10_000, 100_000, 1_000_000]) {
    if (keys <= largest) results.push(...(await measure(keys, benchValue)));
  }
  if (largest < 1_000_000) return results;
  const { before, built, peak } = measureMemory();
  results.push(
    row(1_000_000, 'resident memory at most', 'MB', peak, 256),
    row(1_000_000, 'of which an empty process', 'MB', before),
    row(1_000_000, 'when the tree is built and stored in it', 'MB', built),
  );
  return results;
}

/** Measures and prints the tables; the second one is for values that no codec shortens much. A goal missed fails the process. */
export async function benchConfigTree(): Promise<void> {
  const results = await measureConfigTree();
  print('Config tree: counts against goals (values of 100 bytes, a third of them random)', results);
  const opaque = [...(await measure(10_000, opaqueValue)), ...(await measure(100_000, opaqueValue))];
  print(
    'The same with opaque values (base64), for which no goal is set',
    opaque.map(({ goal: _, ...result }) => result),
  );
  if (results.some(({ measured, goal }) => goal !== undefined && measured > goal)) process.exitCode = 1;
}

function print(title: string, results: readonly Result[]): void {
  printTable(title, [
    ['keys', 'what', 'measured', 'unit', 'goal', ''],
    ...results.map(({ keys, what, measured, unit, goal }) => [
      String(keys),
      what,
      measured,
      unit,
      goal ?? '',
      goal === undefined ? '' : measured <= goal ? 'met' : 'MISSED',
    ]),
  ]);
}

if (import.meta.main) await benchConfigTree();
