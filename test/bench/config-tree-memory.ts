import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { DEFAULT_PIPELINE } from '../../functions/domain/catalog/pipeline.ts';
import { boundaryOf } from '../../functions/domain/config-tree/boundary.ts';
import { TreeBuilder } from '../../functions/domain/config-tree/build.ts';
import { applyEdits } from '../../functions/domain/config-tree/edit.ts';
import { ALL_KEYS } from '../../functions/domain/config-tree/key-range.ts';
import { Nodes } from '../../functions/domain/config-tree/nodes.ts';
import { mergeTrees } from '../../functions/domain/config-tree/promote.ts';
import { scanAll } from '../../functions/domain/config-tree/scan.ts';
import { EVERYTHING, selectKeys } from '../../functions/domain/config-tree/selection.ts';
import type { Digest } from '../../functions/domain/digest.ts';
import { emptyHead } from '../../functions/domain/promotion/head.ts';
import { isRefusal } from '../../functions/domain/refusal.ts';
import { CONFIG } from '../../functions/use-cases/config/slot.ts';
import { planChanges } from '../../functions/use-cases/kinds/config/changes.ts';
import { MemoryNodeStore } from '../support/memory/node-store.ts';
import { benchKey, benchValue } from './config-tree-data.ts';

const KEYS = 1_000_000;
const TENANT = 'bench';

/**
 * The heap that a function of 256 MB has: V8 takes its limits from the machine's memory, and on a large machine collects late and lets
 * resident memory grow with what is long dead.
 */
const FUNCTION_HEAP = ['--max-old-space-size=128', '--max-semi-space-size=2'];

const MEASURED = z.object({ before: z.number(), built: z.number(), peak: z.number() });

/** Resident memory, in MB, of a process that builds, edits, promotes and reads 1,000,000 keys: before it, when built, at most. */
export function measureMemory(): z.infer<typeof MEASURED> {
  const child = spawnSync(process.execPath, [...FUNCTION_HEAP, fileURLToPath(import.meta.url)], {
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (child.status !== 0) throw new Error(`the memory benchmark failed: ${child.stderr}`);
  return MEASURED.parse(JSON.parse(child.stdout));
}

/** Samples resident memory; the kernel's own maximum would count what the parent had when it forked. */
class Gauge {
  peak = 0;

  sample(): number {
    const now = process.memoryUsage.rss() / 2 ** 20;
    this.peak = Math.max(this.peak, now);
    return now;
  }
}

async function run(): Promise<z.infer<typeof MEASURED>> {
  const gauge = new Gauge();
  const before = gauge.sample();
  const boundary = boundaryOf(new Uint8Array(32).fill(42));
  const store = new MemoryNodeStore();
  const put = async (nodes: Parameters<MemoryNodeStore['put']>[1]) => {
    await store.put(TENANT, nodes);
    store.takeTraffic();
    gauge.sample();
  };
  const open = () => new Nodes(store.reader(TENANT));
  const builder = new TreeBuilder(boundary);
  for (let i = 0; i < KEYS; i += 1) {
    const nodes = builder.push({ key: benchKey(i), body: { inline: benchValue(i) } });
    if (nodes.length > 0) await put(nodes);
  }
  const target = builder.finish();
  await put(target.nodes);
  const built = gauge.sample();
  await planned(store, target.root);
  gauge.sample();
  const edits = Array.from({ length: 1_000 }, (_, n) => {
    const i = (n * 999_983) % KEYS;
    return { key: benchKey(i), body: { inline: benchValue(i, 1) } };
  });
  const source = await applyEdits(open(), target.root, edits, boundary);
  await put(source.nodes);
  const scope = { selection: EVERYTHING, owned: selectKeys([]), prune: false };
  const roots = { base: target.root, source: source.root, target: target.root };
  const promoted = await mergeTrees(open(), roots, scope, boundary);
  gauge.sample();
  if (promoted.tree?.root !== source.root) throw new Error('promoting all changes is not the source');
  let read = 0;
  for await (const items of scanAll(open(), target.root, [ALL_KEYS])) {
    read += items.length;
    gauge.sample();
  }
  if (read !== KEYS) throw new Error(`read ${read} of ${KEYS}`);
  return { before, built, peak: gauge.peak };
}

/** Plans a first FULL of all keys onto an environment that has none. */
async function planned(store: MemoryNodeStore, root: Digest): Promise<void> {
  const [, staging] = DEFAULT_PIPELINE(NOW);
  if (staging === undefined) throw new Error('there is no second environment');
  const request = {
    kind: 'config',
    selects: 'FULL',
    config_ids: [],
    flag_ids: [],
    key_patterns: [],
    prune: false,
  } as const;
  const input = { tenant: TENANT, request, target_environment: staging.name, environments: [], now: NOW };
  const head = emptyHead({ subject: CONFIG, environment: staging.name }, NOW);
  const found = await planChanges({ nodes: store }, input, { request, root, head, target: staging });
  if (isRefusal(found)) throw new Error(found.detail);
  if (found.tree.summary.added !== KEYS) throw new Error(`planned ${found.tree.summary.added} of ${KEYS}`);
}

const NOW = '2026-11-21T09:00:00.000Z';

if (import.meta.main) console.log(JSON.stringify(await run()));
