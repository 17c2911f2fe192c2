import { Api, until } from '../support/api.ts';
import { inParallel } from '../support/in-parallel.ts';
import { startRuntime } from '../support/runtime.ts';
import { printTable, quantile } from './print.ts';

const EACH = 96;
const CONFIGS = 24;
/** Milliseconds between looks, times the number under way: the readers ask a hundred times a second, however many they are. */
const LOOK = 10;

/**
 * Promotions per second, end to end over HTTP on the running product: request → workflow → claim and commit → `completed` seen
 * by a reader. Automatic ones (development → staging on a `record` gateway), with 1, 16 and 64 under way at once,
 * after as many that warm every function's workers.
 */
export async function benchPromotions(): Promise<void> {
  const runtime = await startRuntime({});
  try {
    const dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
    const admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
    for (const [id, environment] of [
      ['gw-bench-dev', 'development'],
      ['gw-bench-stg', 'staging'],
    ]) {
      await admin.post('/api/v1/gateways', { id, environment, driver: 'record' });
    }
    const warm = Array.from({ length: EACH }, (_, n) => `bench-warm-${n}`);
    for (const agent of warm) await record(dev, agent);
    await inParallel(warm, 16, (agent) => promote(dev, agent, LOOK * 16));
    const rows: (string | number)[][] = [['at once', 'promotions', 'per second', 'p50 ms', 'p99 ms']];
    for (const [round, atOnce] of [1, 16, 64].entries()) {
      const agents = Array.from({ length: EACH }, (_, n) => `bench-${round}-${n}`);
      for (const agent of agents) await record(dev, agent);
      const begun = performance.now();
      const times = await inParallel(agents, atOnce, (agent) => promote(dev, agent, LOOK * atOnce));
      const seconds = (performance.now() - begun) / 1000;
      rows.push([atOnce, EACH, EACH / seconds, quantile(times, 0.5), quantile(times, 0.99)]);
    }
    printTable('Promotions end to end (HTTP, workflow, table)', rows);
    const seen: number[] = [];
    for (let n = 0; n < CONFIGS; n += 1) seen.push(await promoteConfig(dev, n));
    printTable('A promotion of configuration, from the answer to execute until a reader sees it', [
      ['promotions', 'p50 ms', 'p99 ms', 'before', 'goal'],
      [CONFIGS, quantile(seen, 0.5), quantile(seen, 0.99), '250 ms', '80 ms'],
    ]);
  } finally {
    await runtime.stop();
  }
}

async function record(dev: Api, agent: string): Promise<void> {
  const answer = await dev.post('/api/v1/deployments', {
    id: `dep-${agent}`,
    agent_id: agent,
    gateway_id: 'gw-bench-dev',
    environment: 'development',
  });
  if (answer.status !== 201) throw new Error(`recording failed: ${JSON.stringify(answer.body)}`);
}

/** Milliseconds from the request to `completed`. */
async function promote(dev: Api, agent: string, pause: number): Promise<number> {
  const begun = performance.now();
  const created = await dev.post('/api/v1/promotions', {
    agent_id: agent,
    source_deployment_id: `dep-${agent}`,
    target_gateway_id: 'gw-bench-stg',
    target_environment: 'staging',
  });
  if (created.status !== 201) throw new Error(`requesting failed: ${JSON.stringify(created.body)}`);
  await until(
    async () => (await dev.get(`/api/v1/promotions/${created.body.id}`)).body.status,
    (status) => status === 'completed',
    pause,
  );
  return performance.now() - begun;
}

/** Milliseconds from the answer to `execute` until a reader, who looks all the time, sees the new value in the target. */
async function promoteConfig(dev: Api, n: number): Promise<number> {
  const value = `bench-${n}`;
  const path = (environment: string) => `/api/v1/config/environments/${environment}/configs/bench.value`;
  await accepted(dev.put(path('development'), { value }));
  const { id } = await accepted(
    dev.post('/api/v1/config/promotions', {
      sourceEnvironment: 'development',
      targetEnvironment: 'staging',
      promotionType: 'FULL',
      execution: 'manual',
    }),
  );
  await accepted(dev.post(`/api/v1/config/promotions/${id}/execute`));
  const begun = performance.now();
  await until(
    async () => (await dev.get(path('staging'))).body.entry?.value,
    (seen) => seen === value,
    1,
  );
  return performance.now() - begun;
}

async function accepted(answer: ReturnType<Api['post']>) {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return body;
}
