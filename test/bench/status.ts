import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { bundled } from '../../cli/bundle.mjs';
import { startRuntime } from '../support/runtime.ts';
import { printTable, quantile } from './print.ts';

const GOAL_MS = 100;

/**
 * Milliseconds from the start to the end of `sluice status`, beside those from its first request to its last answer in the same run, seen
 * by a proxy between the two: what is left is the command line's own.
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
    const [all, http, own]: [number[], number[], number[]] = [[], [], []];
    for (let round = -2; round < rounds; round += 1) {
      const begun = performance.now();
      const child = spawn(process.execPath, [bundle, 'status'], { stdio: 'ignore', env });
      const [code] = await once(child, 'exit');
      if (code !== 0) throw new Error(`sluice status ended with ${code}.`);
      const took = performance.now() - begun;
      const asked = proxy.take();
      // The first two rounds load the functions.
      if (round < 0) continue;
      all.push(took);
      http.push(asked);
      own.push(took - asked);
    }
    printTable(`sluice status, median of ${rounds} rounds`, [
      ['', 'ms', 'goal'],
      ['the whole run', quantile(all, 0.5).toFixed(1), '-'],
      ['its HTTP calls', quantile(http, 0.5).toFixed(1), '-'],
      ['the rest', quantile(own, 0.5).toFixed(1), `≤ ${GOAL_MS}`],
    ]);
  } finally {
    proxy.server.close();
    await runtime.stop();
  }
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
