import { dynamoBearerStores } from '../../functions/adapters/dynamodb/bearer-stores.ts';
import { dynamoStores } from '../../functions/adapters/dynamodb/stores.ts';
import { createWorld } from '../handlers/api-world.ts';
import type { Answer } from '../handlers/event.ts';
import { startEngine } from '../support/engine.ts';
import { meter, reset, timeInCalls } from '../support/metered.ts';
import { printTable, quantile } from './print.ts';

const WARM_UP = 30;
const SAMPLES = 300;

type World = Awaited<ReturnType<typeof createWorld>>;
type Sample = { readonly total: number; readonly table: number; readonly calls: number };

/**
 * What the API adds to its table calls: each request runs through the whole stack (event, identity, validation, use case, view),
 * one at a time on the real table, and the time during which table calls were under way is measured in the same request.
 */
export async function benchApi(): Promise<void> {
  const engine = await startEngine();
  try {
    const used = meter(engine.table);
    const world = await createWorld((now) => ({
      ...dynamoStores(engine.table, now),
      ...dynamoBearerStores(engine.table),
    }));
    await prepare(world);
    const sample = async (act: () => Promise<Answer>): Promise<Sample> => {
      reset(used);
      const begun = performance.now();
      const answer = await act();
      const total = performance.now() - begun;
      if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
      return { total, table: timeInCalls(used), calls: used.calls };
    };
    const taken: { [request: string]: Sample[] } = {};
    for (let n = 0; n < WARM_UP + SAMPLES; n++) {
      for (const [request, act] of requests(world, n)) {
        const one = await sample(act);
        if (n >= WARM_UP) taken[request] = [...(taken[request] ?? []), one];
      }
    }
    print(taken);
  } finally {
    await engine.stop();
  }
}

async function prepare(world: World): Promise<void> {
  const admin = world.as('admin');
  for (const [id, environment] of [
    ['gw-s', 'staging'],
    ['gw-p', 'production'],
  ]) {
    await admin('POST', '/api/v1/gateways', { id, environment, driver: 'record' });
  }
}

/** One promotion's requests, in order; each round has an agent of its own. */
function* requests(world: World, n: number): Generator<[string, () => Promise<Answer>]> {
  const [dev, alice] = [world.as('dev'), world.as('alice')];
  let path = '';
  yield [
    'POST deployments',
    () =>
      dev('POST', '/api/v1/deployments', {
        id: `dep-${n}`,
        agent_id: `agent-${n}`,
        gateway_id: 'gw-s',
        environment: 'staging',
      }),
  ];
  yield [
    'POST promotions',
    async () => {
      const answer = await dev('POST', '/api/v1/promotions', {
        agent_id: `agent-${n}`,
        source_deployment_id: `dep-${n}`,
        target_gateway_id: 'gw-p',
        target_environment: 'production',
      });
      path = `/api/v1/promotions/${answer.body.id}`;
      return answer;
    },
  ];
  yield ['GET promotion', () => dev('GET', path)];
  yield ['POST approve', () => alice('POST', `${path}/approve`)];
  yield ['POST execute', () => dev('POST', `${path}/execute`)];
}

function print(taken: { readonly [request: string]: readonly Sample[] }): void {
  const rows = Object.entries(taken).map(([request, samples]) => {
    const of = (pick: (sample: Sample) => number, q: number) => quantile(samples.map(pick), q);
    return [
      request,
      of(({ calls }) => calls, 0.5),
      of(({ total }) => total, 0.5),
      of(({ table }) => table, 0.5),
      of(({ total, table }) => total / table, 0.5),
      of(({ total }) => total, 0.99),
      of(({ table }) => table, 0.99),
    ];
  });
  printTable('API over its table calls (milliseconds; goal: ratio at most 1.5)', [
    ['request', 'calls', 'p50', 'table p50', 'ratio', 'p99', 'table p99'],
    ...rows,
  ]);
}
