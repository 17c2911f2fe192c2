import { dynamoStores } from '../../functions/adapters/dynamodb/stores.ts';
import type { Table } from '../../functions/adapters/dynamodb/table.ts';
import type { Digest } from '../../functions/domain/digest.ts';
import type { Evidence } from '../../functions/domain/gates/evidence.ts';
import type { GateSetting } from '../../functions/domain/gates/gate.ts';
import { actorOf } from '../../functions/domain/identity/principal.ts';
import { addDuration } from '../../functions/domain/instant.ts';
import { validatePromotion } from '../../functions/use-cases/promotions/validate.ts';
import { startEngine } from '../support/engine.ts';
import { meter, reset, timeInCalls } from '../support/metered.ts';
import { contentOf } from '../support/promotion-facts.ts';
import { createWorld, TENANT, type World } from '../use-cases/deployments/world.ts';
import { DEV } from '../use-cases/promotions/people.ts';
import { recorded, requested } from '../use-cases/promotions/stage.ts';
import { benchVerification } from './governance-verification.ts';
import { printTable, quantile } from './print.ts';

const ROUNDS = 200;
const RULES = 20;
const REPORTS = 200;
const JUDGED = ['tests', 'security_scan', 'cost_analysis', 'performance_baseline', 'smoke', 'licences'];

/** Assessing a promotion with many gates, rules and reports, and verifying long chains. */
export async function benchGovernance(): Promise<void> {
  await benchAssessment();
  await benchVerification();
}

/**
 * `validate` of a promotion under 7 gates, 20 rules and 200 reports about its source, which finds what the last assessment found and
 * commits nothing; beside sending the very same calls to the same engine again with nothing made of their answers, turn by turn.
 */
async function benchAssessment(): Promise<void> {
  const engine = await startEngine();
  const table = engine.open();
  const used = meter(table);
  const calls = recordCalls(table);
  try {
    const world = await createWorld((now) => dynamoStores(table, now));
    const id = await prepared(world);
    const assess = () => validatePromotion(world.deps, { principal: DEV, id });
    const times: number[] = [];
    const inCalls: number[] = [];
    const bare: number[] = [];
    let units = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      calls.begin();
      reset(used);
      times.push(await timed(assess));
      inCalls.push(timeInCalls(used));
      units = used.readUnits;
      bare.push(await timed(calls.again));
    }
    const [p50, calling, alone] = [times, inCalls, bare].map((samples) => quantile(samples, 0.5));
    printTable(`Assessing under ${JUDGED.length + 1} gates, ${RULES} rules, ${REPORTS} reports`, [
      ['', 'p50 ms', 'p99 ms', 'RRU', 'times the bare calls'],
      ['the assessment', p50 ?? 0, quantile(times, 0.99), units, (p50 ?? 0) / (alone ?? 1)],
      ['  of it in calls', calling ?? 0, quantile(inCalls, 0.99), '', (calling ?? 0) / (alone ?? 1)],
      ['the same calls, bare', alone ?? 0, quantile(bare, 0.99), units, 1],
    ]);
  } finally {
    table.client.destroy();
    await engine.stop();
  }
}

async function prepared(world: World): Promise<string> {
  await world.gateway('gw-development', 'development');
  await world.gateway('gw-staging', 'staging');
  await recorded(world, 'dep-1', 'agent-1', 'development');
  for (let n = 0; n < RULES; n += 1) {
    const conditions = { field: 'tests.pass_rate', op: 'gte', value: n } as const;
    await world.rule(`rule-${n}`, 'development', 'staging', { auto_promote: false, conditions });
  }
  const staging = await world.deps.catalog.item(TENANT, 'environment', 'staging');
  const source = await world.deps.deployments.read(TENANT, 'dep-1');
  if (staging === undefined || source === undefined)
    throw new Error('there is no staging, or nothing to bring there');
  const gates = JUDGED.map(
    (name): GateSetting => ({ name, mode: 'block', applies_to: ['agent'], max_age: 'P30D' }),
  );
  const item = {
    ...staging,
    gates: [...staging.gates, ...gates].filter(unlike),
    version: staging.version + 1,
  };
  await world.commit({ write: 'catalog', entry: { type: 'environment', item }, expected: staging.version });
  for (let n = 0; n < REPORTS; n += 1) {
    world.advance('PT1S');
    await world.commit({ write: 'evidence', evidence: report(source.digest, n, world.now) });
  }
  const { id } = await requested(world, {
    kind: 'agent',
    agent_id: 'agent-1',
    source_deployment_id: 'dep-1',
    target_gateway_id: 'gw-staging',
    target_environment: 'staging',
  });
  return id;
}

/** The gates of the environment that are not among those asked for here, but for the one that is everywhere. */
const unlike = ({ name, applies_to }: GateSetting): boolean =>
  name === 'policy_compliance' || (JUDGED.includes(name) && applies_to.includes('agent'));

/** The last report of the first gate fails, so that the promotion stays to be assessed. */
function report(subject_digest: Digest, n: number, received_at: string): Evidence {
  const gate = JUDGED[n % JUDGED.length] ?? '';
  return {
    gate,
    format: 'json',
    subject_digest,
    produced_at: addDuration(received_at, 'PT0S'),
    received_at,
    producer: actorOf(DEV),
    result: { passed: gate !== 'tests', total: 400 + n, failed: n % 3, duration_seconds: 61.5 },
    document_digest: contentOf(`report ${n}`),
  };
}

/** Notes the calls of a client and can send them again, those that were under way at once at once again. */
function recordCalls(table: Table) {
  let rounds: (() => Promise<unknown>)[][] = [];
  let underWay = 0;
  let noting = false;
  table.client.middlewareStack.add(
    (next) => async (args) => {
      if (noting) {
        if (underWay === 0) rounds.push([]);
        rounds.at(-1)?.push(() => next({ ...args }));
      }
      underWay += 1;
      try {
        return await next(args);
      } finally {
        underWay -= 1;
      }
    },
    { step: 'initialize', priority: 'low', name: 'recordCalls' },
  );
  return {
    begin() {
      rounds = [];
      noting = true;
    },
    async again() {
      noting = false;
      for (const round of rounds) await Promise.all(round.map((send) => send()));
    },
  };
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}
