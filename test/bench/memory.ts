import { spawn } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../local/ports.ts';
import { Api } from '../support/api.ts';
import { inParallel } from '../support/in-parallel.ts';
import { newDataDir } from '../support/runtime.ts';
import { printTable } from './print.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const CLIENTS = 32;
const MINUTES = Number(process.env['SLUICE_BENCH_MINUTES'] ?? 5);
/** Seconds of silence before the group counts as idle: longer than threads live without work. */
const REST = 45;

/**
 * Resident memory of the whole process group of `npm start` (npm, the runtime with its threads, the table engine) in MB: at rest
 * after the start, at its highest and last under 32 clients, and at rest again. Shared pages are counted once (`Pss`, Linux).
 */
export async function benchMemory(): Promise<void> {
  const port = await freePort();
  const dataDir = await newDataDir();
  const child = spawn('npm', ['start'], {
    cwd: root,
    env: { ...process.env, PORT: String(port), SLUICE_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const group = child.pid ?? 0;
  try {
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (data) => String(data).includes('is ready') && resolve());
    });
    await wait(REST);
    const idle = await megabytes(group);
    const url = `http://127.0.0.1:${port}`;
    const { highest, last, requests } = await work(url, group);
    await wait(REST);
    printTable(`Memory of the process group of npm start, ${MINUTES} minutes of ${CLIENTS} clients`, [
      ['', 'MB', 'goal'],
      ['at rest', idle, 400],
      ['highest at work', highest, 700],
      ['at the end of the work', last, 700],
      ['at rest again', await megabytes(group), 400],
      ['requests answered', requests, '-'],
    ]);
  } finally {
    process.kill(-group, 'SIGTERM');
    await new Promise((resolve) => child.on('close', resolve));
    await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** 32 clients that read, edit and promote configuration. */
async function work(url: string, group: number) {
  const token = await (
    await fetch(`${url}/_local/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'dev@acme.com' }),
    })
  ).json();
  const dev = new Api(url, String(Object(token).access_token));
  const end = performance.now() + MINUTES * 60_000;
  let requests = 0;
  let highest = 0;
  const watch = setInterval(() => {
    void megabytes(group).then((now) => {
      highest = Math.max(highest, now);
    });
  }, 1000);
  const clients = Array.from({ length: CLIENTS }, (_, n) => n);
  await inParallel(clients, CLIENTS, async (n) => {
    for (let round = 0; performance.now() < end; round += 1) {
      await dev.put(`/api/v1/config/environments/development/configs/bench.${n}`, { value: round });
      await dev.get('/api/v1/config/environments/staging/snapshot');
      await dev.get('/api/v1/config/promotions/diff?source=development&target=staging');
      await dev.post('/api/v1/config/promotions', {
        sourceEnvironment: 'development',
        targetEnvironment: 'staging',
        promotionType: 'PATTERN',
        keyPatterns: [`bench.${n}`],
        execution: 'automatic',
      });
      await dev.get('/api/v1/promotions?limit=20');
      await dev.get('/api/v1/environments');
      requests += 6;
    }
  });
  clearInterval(watch);
  return { highest, last: await megabytes(group), requests };
}

/** Proportional set size of all processes of a group. */
async function megabytes(group: number): Promise<number> {
  let kilobytes = 0;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // Field 5, behind the name in parentheses: the process group (proc_pid_stat(5)).
    const processGroup = Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[2]);
    if (processGroup !== group) continue;
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    kilobytes += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
  }
  return Math.round(kilobytes / 1024);
}

const wait = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
