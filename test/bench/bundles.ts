import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS, bundleFunctions, FUNCTION_ENTRIES } from '../../infra/bundle.ts';
import { printTable, quantile } from './print.ts';

/** Goal for every function: at most this many bytes, and at most so many times the load of the bare client with the same cuts. */
const GOAL_BYTES = 400 * 1024;
const GOAL_RATIO = 1.3;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** A handler that does nothing but import the DynamoDB client: what every function would cost at least. */
const BARE = `
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient({});
export const handler = async () => client.config.serviceId;
`;

/** Milliseconds of CPU time in which a process of its own loads a module, with the variables and the global that Lambda sets. */
const LOAD = `
globalThis.awslambda = { streamifyResponse: (handler) => handler };
const begun = process.cpuUsage();
await import(process.argv[1]);
const { user, system } = process.cpuUsage(begun);
console.log((user + system) / 1000);
`;

type Bundle = { readonly name: string; readonly file: string; readonly samples: number[] };

/**
 * Size and module-load CPU time of every function beside the bare client, built with the same flags: once as it is, once with
 * Sluice's cuts. Each round loads every bundle once, each in a fresh process and in another order, so that whatever else
 * the machine does falls on all alike; ratios are medians over rounds of the ratio within a round.
 */
export async function benchBundles({ rounds = 15 } = {}): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-bundles-'));
  try {
    const bundles = await buildAll(folder);
    await measure(bundles, rounds);
    await report(bundles, rounds);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  }
}

async function buildAll(folder: string): Promise<Bundle[]> {
  const source = join(folder, 'bare.ts');
  await writeFile(source, BARE);
  const bare = { ...BUNDLE_OPTIONS, absWorkingDir: ROOT, nodePaths: [join(ROOT, 'node_modules')] };
  const names = ['bare client', 'bare client, cut'] as const;
  await build({
    ...bare,
    plugins: [],
    outdir: folder,
    entryPoints: [{ in: source, out: `${names[0]}/index` }],
  });
  await build({ ...bare, outdir: folder, entryPoints: [{ in: source, out: `${names[1]}/index` }] });
  const entries = FUNCTION_ENTRIES.filter(({ entry }) => existsSync(entry));
  await bundleFunctions(entries, folder);
  return [...names, ...entries.map(({ name }) => name)].map((name) => ({
    name,
    file: join(folder, name, 'index.mjs'),
    samples: [],
  }));
}

async function measure(bundles: readonly Bundle[], rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < bundles.length; turn += 1) {
      const bundle = bundles[(round + turn) % bundles.length];
      bundle?.samples.push(await load(bundle.file));
    }
  }
}

async function load(file: string): Promise<number> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', LOAD, file], {
    env: {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIALOCAL',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_LAMBDA_FUNCTION_NAME: 'bench',
      TABLE_NAME: 'sluice',
      BUS_NAME: 'sluice',
      PROMOTION_STATE_MACHINE_ARN: 'arn:aws:states:eu-west-1:123456789012:stateMachine:promotion',
      POWERTOOLS_SERVICE_NAME: 'bench',
    },
  });
  return Number(stdout);
}

async function report(bundles: readonly Bundle[], rounds: number): Promise<void> {
  const [bare, cut] = bundles;
  const rows = [];
  for (const { name, file, samples } of bundles) {
    const { size } = await stat(file);
    const ratio = ratioOf(samples, cut?.samples ?? []);
    rows.push([
      name,
      (size / 1024).toFixed(0),
      quantile(samples, 0.5).toFixed(1),
      ratioOf(samples, bare?.samples ?? []).toFixed(2),
      ratio.toFixed(2),
      size <= GOAL_BYTES && ratio <= GOAL_RATIO ? 'met' : 'MISSED',
    ]);
  }
  printTable(
    `Bundles: size and CPU time of module load, median of ${rounds} paired rounds (goal: ≤ 400 KB, × bare, cut ≤ ${GOAL_RATIO}; before: 1.64–2.61)`,
    [['function', 'KB', 'CPU ms', '× bare', '× bare, cut', 'goal'], ...rows],
  );
}

const ratioOf = (samples: readonly number[], reference: readonly number[]): number =>
  quantile(
    samples.map((sample, round) => sample / (reference[round] ?? Number.NaN)),
    0.5,
  );

if (import.meta.main) await benchBundles();
