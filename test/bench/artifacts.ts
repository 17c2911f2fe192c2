import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request as outgoing } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS } from '../../infra/bundle.ts';
import { startForeignRegistry } from '../support/foreign-registry.ts';
import { robot, startRegistry, type TestRegistry } from '../support/local-registry.ts';
import { programPath } from '../support/programs.ts';
import { printTable } from './print.ts';
import { type Image, pushed } from './random-image.ts';

const MEGABYTE = 1024 * 1024;
/** The artifact: so many megabytes in so many blobs. */
const SIZE = Number(process.env['SLUICE_BENCH_MB'] ?? 1024);
const BLOBS = 60;
/** The one large blob, and the memory within which it must pass. */
const LARGE = Number(process.env['SLUICE_BENCH_LARGE_MB'] ?? 2048);
const MOST_MEMORY = 256;
/** Each way is gone so many times by turns, into registries that are empty each time; the median counts. */
const ROUNDS = Number(process.env['SLUICE_BENCH_ROUNDS'] ?? 3);

type Start = () => Promise<TestRegistry>;
/** A program that copies an image of the repository `app` from one registry to another. */
type Way = {
  readonly name: string;
  readonly argv: (from: string, to: string, image: Image) => readonly string[];
};

const LOGIN = `${robot.username}:${robot.password}`;

/** Copies of 1 GB in 60 blobs beside other programs in the same run, the second copy, and a blob of 2 GB within 256 MB. */
export async function benchArtifacts(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-bench-artifacts-'));
  const debian: Start = () => startForeignRegistry('docker-registry');
  if (programPath('docker-registry') === undefined) {
    console.error('\nNOT MEASURED: there is no docker-registry here: run .ci/judges');
    return;
  }
  const source = await debian();
  try {
    const worker = await bundled(directory);
    const image = await pushed(source, SIZE, BLOBS);
    const ways = waysOf(worker);
    for (const [name, start] of [
      ["Debian's docker-registry", debian],
      ['our own registry', () => startRegistry()],
    ] as const) {
      await compared(`A copy of ${SIZE} MB in ${BLOBS} blobs from docker-registry to ${name}`, ways, {
        ...{ source, start, image },
      });
    }
    await again(worker, source, image);
    await large(worker, source, debian);
  } finally {
    await source.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/** The worker as functions are deployed: one file, so that no compiler of types counts as its memory. */
async function bundled(directory: string): Promise<string> {
  const entry = fileURLToPath(new URL('copy-worker.ts', import.meta.url));
  const outfile = join(directory, 'worker.mjs');
  await build({ ...BUNDLE_OPTIONS, entryPoints: [entry], outfile });
  return outfile;
}

function waysOf(worker: string): readonly Way[] {
  const host = (url: string) => new URL(url).host;
  const skopeo: Way = {
    name: 'skopeo',
    argv: (from, to, { digest }) => [
      ...[
        'copy',
        '--all',
        '--preserve-digests',
        '--quiet',
        '--src-tls-verify=false',
        '--dest-tls-verify=false',
      ],
      ...['--dest-creds', LOGIN, `docker://${host(from)}/app@${digest}`, `docker://${host(to)}/app:copy`],
    ],
  };
  const crane: Way = {
    name: 'crane',
    argv: (from, to, { digest }) => [
      ...['copy', '--insecure', `${host(from)}/app@${digest}`, `${host(to)}/app:copy`],
    ],
  };
  const others = [skopeo, crane].filter(({ name }) => {
    if (programPath(name) !== undefined) return true;
    console.error(`\nNOT MEASURED: there is no ${name} here: run .ci/judges`);
    return false;
  });
  return [
    {
      name: 'sluice',
      argv: (from, to, { digest }) => [worker, from, to, 'app', digest, JSON.stringify(robot)],
    },
    ...others,
  ];
}

/** What one run came to. `said` is what the program printed. */
type Ran = {
  readonly seconds: number;
  readonly cpu: number;
  readonly megabytes: number;
  readonly said: string;
};

/** Runs a program under GNU time where it is there, for its memory. */
async function ran(name: string, argv: readonly string[], to: string): Promise<Ran> {
  const program = name === 'sluice' ? process.execPath : (programPath(name) ?? name);
  const time = programPath('time');
  const line = time === undefined ? [program, ...argv] : [time, '-f', 'KB %M CPU %U %S', program, ...argv];
  // Where crane looks for accounts.
  const DOCKER_CONFIG = await mkdtemp(join(tmpdir(), 'sluice-bench-docker-'));
  const auths = { [new URL(to).host]: { auth: Buffer.from(LOGIN).toString('base64') } };
  await writeFile(join(DOCKER_CONFIG, 'config.json'), JSON.stringify({ auths }));
  const began = performance.now();
  const child = spawn(line[0] ?? program, line.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DOCKER_CONFIG },
  });
  let [said, wrong] = ['', ''];
  child.stdout.on('data', (data) => {
    said += data;
  });
  child.stderr.on('data', (data) => {
    wrong += data;
  });
  const code = await new Promise((done) => child.once('close', done));
  const seconds = (performance.now() - began) / 1000;
  await rm(DOCKER_CONFIG, { recursive: true });
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${wrong.slice(-500)}`);
  const [, kilobytes, user, system] = /KB (\d+) CPU ([\d.]+) ([\d.]+)/.exec(wrong) ?? [];
  return { seconds, cpu: Number(user) + Number(system), megabytes: Number(kilobytes) / 1024, said };
}

async function compared(
  title: string,
  ways: readonly Way[],
  { source, start, image }: { readonly source: TestRegistry; readonly start: Start; readonly image: Image },
): Promise<void> {
  const runs = new Map<string, Ran[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, argv } of ways) {
      const target = await start();
      try {
        const run = await ran(name, argv(source.url, target.url, image), target.url).catch((error: Error) => {
          console.error(`\nNOT MEASURED: ${error.message}`);
          return undefined;
        });
        if (run !== undefined) runs.set(name, [...(runs.get(name) ?? []), run]);
      } finally {
        await target.stop();
      }
    }
  }
  const ours = median(runs.get('sluice')?.map(({ seconds }) => seconds) ?? []);
  printTable(title, [
    ['', 'seconds (median)', 'least', 'most', 'MB/s', 'of sluice', 'CPU seconds', 'peak MB'],
    ...[...runs].map(([name, all]) => {
      const seconds = all.map((one) => one.seconds);
      const mid = median(seconds);
      const peak = Math.max(...all.map(({ megabytes }) => megabytes));
      return [
        name,
        mid,
        Math.min(...seconds),
        Math.max(...seconds),
        SIZE / mid,
        mid / ours,
        median(all.map(({ cpu }) => cpu)),
        peak,
      ];
    }),
  ]);
}

/** A copy, and the same copy again through a peer that counts what arrives at the registry. */
async function again(worker: string, source: TestRegistry, image: Image): Promise<void> {
  const [way] = waysOf(worker);
  const target = await startForeignRegistry('docker-registry');
  const counter = await counting(target.url);
  try {
    const rows: (string | number)[][] = [];
    for (const name of ['first copy', 'second copy']) {
      counter.reset();
      const { said } = await ran('sluice', way?.argv(source.url, counter.url, image) ?? [], counter.url);
      const { requests } = JSON.parse(said);
      rows.push([name, requests, counter.calls(), counter.bytes(), counter.bytes() / (SIZE * MEGABYTE)]);
    }
    printTable('What a copy sends', [
      ['', 'requests', 'of them to the target', 'bytes that the target received', 'of the content'],
      ...rows,
    ]);
  } finally {
    await counter.stop();
    await target.stop();
  }
}

/** One blob of 2 GB. */
async function large(worker: string, source: TestRegistry, start: Start): Promise<void> {
  const image = await pushed(source, LARGE, 1);
  const [way] = waysOf(worker);
  const target = await start();
  try {
    const { seconds, said } = await ran('sluice', way?.argv(source.url, target.url, image) ?? [], target.url);
    const { megabytes } = JSON.parse(said);
    printTable(`One blob of ${LARGE} MB`, [
      ['', 'seconds', 'MB/s', 'peak MB', 'goal'],
      ['sluice', seconds, LARGE / seconds, megabytes, MOST_MEMORY],
    ]);
  } finally {
    await target.stop();
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** A peer that passes requests on, and counts them and the bytes of their bodies. */
async function counting(target: string) {
  let [calls, bytes] = [0, 0];
  const server = createServer((incoming, answer) => {
    calls += 1;
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    const { method, headers, url } = incoming;
    const passed = outgoing(new URL(url ?? '/', target), { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    calls: () => calls,
    bytes: () => bytes,
    reset() {
      [calls, bytes] = [0, 0];
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
