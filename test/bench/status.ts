import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { bundled } from '../../cli/bundle.mjs';
import { startRuntime } from '../support/runtime.ts';
import { printTable, quantile } from './print.ts';

const GOAL_MS = 100;

/** Tells at its end, on a fourth stream, how many milliseconds of CPU a process took, threads of V8 among them. */
const TELL = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from 'node:fs';
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    writeSync(3, String((user + system) / 1000));
  });`)}`;

/**
 * Milliseconds from the start to the end of `sluice status`, beside those from its first request to its last answer in the same run, seen
 * by a proxy between the two: what is left is the command line's own. On a machine that does other things too, CPU time says more: it
 * stands beside that of a Node that does nothing, run in the same round.
 */
export async function benchStatus({ rounds = 25 } = {}): Promise<void> {
  const [bundle, runtime] = [await bundled(), await startRuntime()];
  const proxy = await startProxy(runtime.url);
  try {
    const env = {
      PATH: process.env['PATH'],
      HOME: runtime.dataDir,
      SLUICE_URL: `http://127.0.0.1:${proxy.port}`,
      SLUICE_TOKEN: await runtime.token('dev@acme.com'),
    };
    const samples = { all: [] as number[], http: [] as number[], own: [] as number[] };
    const cpu = { status: [] as number[], node: [] as number[] };
    for (let round = -2; round < rounds; round += 1) {
      const node = await took(['-e', '0'], env);
      const status = await took([bundle, 'status'], env);
      const asked = proxy.take();
      // The first two rounds load the functions.
      if (round < 0) continue;
      samples.all.push(status.ms);
      samples.http.push(asked);
      samples.own.push(status.ms - asked);
      cpu.status.push(status.cpu);
      cpu.node.push(node.cpu);
    }
    const median = (numbers: readonly number[]) => quantile(numbers, 0.5).toFixed(1);
    printTable(`sluice status, median of ${rounds} rounds`, [
      ['', 'ms', 'goal'],
      ['the whole run', median(samples.all), '-'],
      ['its HTTP calls', median(samples.http), '-'],
      ['the rest', median(samples.own), `≤ ${GOAL_MS}`],
      ['CPU of the whole run', median(cpu.status), '-'],
      ['CPU of node -e 0', median(cpu.node), '-'],
    ]);
  } finally {
    proxy.server.close();
    await runtime.stop();
  }
}

async function took(
  args: readonly string[],
  env: { readonly [name: string]: string | undefined },
): Promise<{ ms: number; cpu: number }> {
  const begun = performance.now();
  const stdio = ['ignore', 'ignore', 'ignore', 'pipe'] as const;
  const child = spawn(process.execPath, ['--import', TELL, ...args], { stdio: [...stdio], env });
  let said = '';
  child.stdio[3]?.on('data', (part) => {
    said += String(part);
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}.`);
  return { ms: performance.now() - begun, cpu: Number(said) };
}

/** Passes everything on; `take` answers the milliseconds from the first request to the last answer since it was asked before. */
async function startProxy(target: string): Promise<{ server: Server; port: number; take: () => number }> {
  let [first, last] = [Number.NaN, Number.NaN];
  const server = createServer((incoming, response) => {
    if (Number.isNaN(first)) first = performance.now();
    const { method, headers, url = '/' } = incoming;
    const onward = request(new URL(url, target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response).once('finish', () => {
        last = performance.now();
      });
    });
    onward.once('error', () => response.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const take = () => {
    const took = last - first;
    [first, last] = [Number.NaN, Number.NaN];
    return took;
  };
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0, take };
}
