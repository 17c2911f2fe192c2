import { Api, until } from './api.ts';
import { inParallel } from './in-parallel.ts';
import { randomStream } from './random-stream.ts';
import { type Runtime, startRuntime } from './runtime.ts';

/** What became of one scheduled promotion: each event that may happen once, as often as it did, and when it was fired. */
export type Firing = { readonly id: string; readonly types: readonly string[]; readonly fired_at: string };

const WIDTH = 8;
const random = randomStream(8);

/** Gateways that only record, between which agents go without anybody's approval. */
export async function furnishLine(runtime: Runtime): Promise<void> {
  const admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
  for (const environment of ['development', 'staging']) {
    await made(admin.post('/api/v1/gateways', { id: `gw-${environment}`, environment, driver: 'record' }));
  }
}

/** Promotions of `count` agents that are ready and wait for a time. */
export async function readyPromotions(runtime: Runtime, name: string, count: number): Promise<string[]> {
  const dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
  const agents = Array.from({ length: count }, (_, n) => `${name}-${n}`);
  return inParallel(agents, WIDTH, async (agent_id) => {
    const at = { gateway_id: 'gw-development', environment: 'development' };
    const { id } = await made(dev.post('/api/v1/deployments', { agent_id, ...at }));
    const to = { target_gateway_id: 'gw-staging', target_environment: 'staging', execution: 'manual' };
    return (await made(dev.post('/api/v1/promotions', { agent_id, source_deployment_id: id, ...to }))).id;
  });
}

/** Schedules all of them for one instant; says whether that was still to come for all. */
export async function scheduleAll(runtime: Runtime, ids: readonly string[], at: string): Promise<boolean> {
  const dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
  const accepted = await inParallel(ids, WIDTH, async (id) => {
    const answer = await dev.post(`/api/v1/promotions/${id}/schedule`, { at });
    if (answer.status < 300) return true;
    if (Date.parse(at) > Date.now()) await made(Promise.resolve(answer));
    return false;
  });
  return !accepted.includes(false);
}

/** Kills the process and starts it again, `times` times, each after a random time of up to `most` milliseconds. */
export async function killAtRandom(
  runtime: Runtime,
  { times, most, assemblyDir }: { times: number; most: number; assemblyDir?: string },
): Promise<Runtime> {
  let alive = runtime;
  for (let kill = 0; kill < times; kill += 1) {
    await new Promise((resolve) => setTimeout(resolve, random() * most));
    await alive.kill9();
    const { dataDir, port } = alive;
    alive = await startRuntime({}, { dataDir, port, ...(assemblyDir === undefined ? {} : { assemblyDir }) });
  }
  return alive;
}

/** Waits until every one of them is completed, and reads what happened. */
export async function firings(runtime: Runtime, ids: readonly string[]): Promise<Firing[]> {
  const dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
  return inParallel(ids, WIDTH, async (id) => {
    const path = `/api/v1/promotions/${id}`;
    await until(
      async () => (await dev.get(path)).body.status,
      (status) => status === 'completed',
      200,
    );
    const { items } = (await dev.get(`${path}/timeline`)).body;
    const types = items.map(({ type }: { type: string }) => type);
    const fired = items.find(({ type }: { type: string }) => type === 'ExecutionRequested');
    return { id, types, fired_at: String(fired?.at) };
  });
}

async function made(answer: ReturnType<Api['post']>) {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

/**
 * Tries with an ever longer lead (milliseconds) until what it prepared was ready before its time: how long that takes on a busy machine
 * nobody knows before.
 */
export async function inTime<T>(
  prepare: (lead: number, round: number) => Promise<T | undefined>,
): Promise<T> {
  for (let round = 0, lead = 4_000; ; round += 1, lead *= 2) {
    const prepared = await prepare(lead, round);
    if (prepared !== undefined) return prepared;
  }
}

/** Waits until an instant is over. */
export const passed = (instant: string) =>
  until(
    async () => Date.now(),
    (now) => now > Date.parse(instant),
  );
