import { spawn } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../local/ports.ts';
import { type Answer, Api } from '../support/api.ts';
import { inParallel } from '../support/in-parallel.ts';
import { newDataDir } from '../support/runtime.ts';
import { printTable } from './print.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const CLIENTS = 32;
const MINUTES = Number(process.env['SLUICE_BENCH_MINUTES'] ?? 5);
/** Seconds of silence before the group counts as idle: longer than threads live without work. */
const REST = 45;

/**
 * Resident memory of all processes of `npm start` (npm, the runtime with its threads, the table engine) in MB: at rest
 * after the start, at its highest and last under 32 clients, and at rest again. Shared pages are counted once (`Pss`, Linux).
 */
export async function benchMemory(): Promise<void> {
  const port = await freePort();
  const dataDir = await newDataDir();
  const child = spawn('npm', ['start'], {
    cwd: root,
    env: { ...process.env, PORT: String(port), SLUICE_DATA_DIR: dataDir, SLUICE_DEMO: 'lean' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const started = child.pid ?? 0;
  try {
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (data) => String(data).includes('is ready') && resolve());
    });
    await wait(REST);
    const idle = await megabytes(started);
    const url = `http://127.0.0.1:${port}`;
    const { highest, last, answered, failures } = await work(url, started);
    await wait(REST);
    printTable(`Memory of the processes of npm start, ${MINUTES} minutes of ${CLIENTS} clients`, [
      ['', 'MB', 'goal'],
      ['at rest', idle, 400],
      ['highest at work', highest, 700],
      ['at the end of the work', last, 700],
      ['at rest again', await megabytes(started), 400],
      ['requests answered', answered, '-'],
      ...[...failures].map(([failure, times]): [string, number, number] => [failure, times, 0]),
    ]);
  } finally {
    process.kill(-started, 'SIGTERM');
    await new Promise((resolve) => child.on('close', resolve));
    await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** 32 clients that read, edit and promote configuration. */
async function work(url: string, started: number) {
  const token = await (
    await fetch(`${url}/_local/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'dev@acme.com' }),
    })
  ).json();
  const dev = new Api(url, String(Object(token).access_token));
  const end = performance.now() + MINUTES * 60_000;
  let answered = 0;
  const failures = new Map<string, number>();
  const count = (operation: string, { status, body }: Answer) => {
    answered += 1;
    if (status < 500) return;
    const failure = `${operation}: ${status} ${body?.code ?? body?.message ?? ''}`;
    failures.set(failure, (failures.get(failure) ?? 0) + 1);
    console.error(failure, JSON.stringify(body));
  };
  let highest = 0;
  const watch = setInterval(() => {
    void megabytes(started).then((now) => {
      highest = Math.max(highest, now);
    });
  }, 1000);
  const clients = Array.from({ length: CLIENTS }, (_, n) => n);
  await inParallel(clients, CLIENTS, async (n) => {
    for (let round = 0; performance.now() < end; round += 1) {
      count(
        'edit',
        await dev.put(`/api/v1/config/environments/development/configs/bench.${n}`, { value: round }),
      );
      count('snapshot', await dev.get('/api/v1/config/environments/staging/snapshot'));
      count('diff', await dev.get('/api/v1/config/promotions/diff?source=development&target=staging'));
      count(
        'request',
        await dev.post('/api/v1/config/promotions', {
          sourceEnvironment: 'development',
          targetEnvironment: 'staging',
          promotionType: 'PATTERN',
          keyPatterns: [`bench.${n}`],
          execution: 'automatic',
        }),
      );
      count('list', await dev.get('/api/v1/promotions?limit=20'));
      count('environments', await dev.get('/api/v1/environments'));
    }
  });
  clearInterval(watch);
  return { highest, last: await megabytes(started), answered, failures };
}

/** Proportional set size of a process and all that descend from it: the table engine is in a group of its own. */
async function megabytes(root: number): Promise<number> {
  const parents = new Map<number, number>();
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // Field 4, behind the name in parentheses: the parent (proc_pid_stat(5)).
    parents.set(Number(pid), Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const descends = (pid: number): boolean => pid === root || (pid > 1 && descends(parents.get(pid) ?? 0));
  let kilobytes = 0;
  for (const pid of [...parents.keys()].filter(descends)) {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    kilobytes += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
  }
  return Math.round(kilobytes / 1024);
}

const wait = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
