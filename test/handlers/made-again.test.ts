import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import type { MetricsView } from '../../functions/contract/deployment-metrics.ts';
import { type ExportItem, exportLine } from '../../functions/domain/audit/export-item.ts';
import { verifyExport } from '../../functions/domain/audit/verify.ts';
import { addDuration } from '../../functions/domain/instant.ts';
import { rollUpDeployments } from '../../functions/use-cases/deployments/roll-up.ts';
import { times } from '../support/length.ts';
import { createWorld, type World } from './api-world.ts';

let world: World;
let now: string;
beforeEach(fresh);

async function fresh(): Promise<void> {
  world = await createWorld();
  now = '2026-11-21T10:00:00.000Z';
  world.at(now);
  await world.as('admin')('PATCH', '/api/v1/members/viewer', { roles: [{ role: 'auditor' }] });
}

function pass(duration: string): void {
  now = addDuration(now, duration);
  world.at(now);
}

const ENVIRONMENTS = '/api/v1/environments';
const dev: ReturnType<World['as']> = (...asked) => world.as('dev')(...asked);
const make = () => world.as('admin')('POST', ENVIRONMENTS, { name: 'canary', rank: 9 });
const remove = () => world.as('admin')('DELETE', `${ENVIRONMENTS}/canary?reason=unused`);
const record = (id: string, agent_id: string) =>
  dev('POST', '/api/v1/deployments', { id, agent_id, environment: 'canary' });
const takeBack = (id: string) =>
  dev('PATCH', `/api/v1/platform/deployments/${id}`, { status: 'ROLLED_BACK' });
const checkpoint = async () => (await world.as('viewer')('GET', '/api/v1/audit/checkpoint')).body;
type Signed = Awaited<ReturnType<typeof checkpoint>>;

async function exported(limit: number): Promise<ExportItem[]> {
  const all: ExportItem[] = [];
  for (let cursor = ''; ; ) {
    const query = cursor === '' ? '' : `&cursor=${cursor}`;
    const { body } = await world.as('viewer')('GET', `/api/v1/audit/export?limit=${limit}${query}`);
    all.push(...body.items);
    if (body.next_cursor === null) return all;
    cursor = body.next_cursor;
  }
}

function problemsOf(signed: Signed, items: readonly ExportItem[]) {
  const { checkpoint: made, signature, public_key } = signed;
  return verifyExport([{ checkpoint: made, signature }, ...items].map(exportLine), public_key).problems;
}

/** The lengths of the chains of canary, by name. */
const chainsOf = (signed: Signed): object =>
  Object.fromEntries(
    signed.checkpoint.chains
      .filter(({ chain }: { chain: string }) => /\/canary/.test(chain))
      .map(({ chain, length }: { chain: string; length: number }) => [chain, length]),
  );

async function deployed() {
  pass('PT1M');
  await rollUpDeployments(world.deps, { most: 1_000, milliseconds: 60_000 });
  const days = `from=2026-11-20&to=2026-12-31`;
  const { body } = await dev('GET', `/api/v1/platform/deployments/metrics?environment=canary&${days}`);
  const found: MetricsView['environments'][number] = body.environments[0];
  const { rolledBack, changeFailRate } = found;
  return { all: found.deployed + rolledBack, rolledBack, rate: changeFailRate.rate };
}

it('has chains, counts and a history of its own, and the record names the two apart', async () => {
  expect((await make()).body).not.toHaveProperty('incarnation');
  await record('dep-1', 'agent-1');
  await record('dep-2', 'agent-2');
  for (const id of ['dep-1', 'dep-2']) expect((await takeBack(id)).status).toBe(200);
  expect(await deployed()).toMatchObject({ all: 2, rolledBack: 2, rate: 1 });
  const before = await checkpoint();
  expect((await remove()).status).toBe(204);
  const made = await make();
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const { incarnation } = made.body;
  expect(incarnation).toBe(made.body.version);
  expect(await deployed()).toMatchObject({ all: 0, rolledBack: 0, rate: null });
  await record('dep-3', 'agent-1');
  await record('dep-4', 'agent-3');
  expect(await deployed()).toMatchObject({ all: 2, rolledBack: 0, rate: 0 });
  const after = await checkpoint();
  expect(chainsOf(after)).toEqual({
    'head/agent/agent-1/canary': 2,
    'head/agent/agent-2/canary': 2,
    [`head/agent/agent-1/canary~${incarnation}`]: 1,
    'head/agent/agent-3/canary': 1,
  });
  for (const limit of [1, 3, 100]) {
    const items = await exported(limit);
    for (const signed of [before, after]) expect(problemsOf(signed, items)).toEqual([]);
  }
  const history = await dev('GET', '/api/v1/platform/deployments/history?environment=canary&kind=all');
  expect(history.body.map(({ id }: { id: string }) => id).sort()).toEqual(['dep-3', 'dep-4']);
  const shown = ['/overview', '/environments', '/environments/canary', '/deployments/dep-3'];
  for (const path of shown) expect((await dev('GET', `/api/v1${path}`)).status, path).toBe(200);
  const change = { rank: 8, reason: 'it stays the same one' };
  expect((await world.as('admin')('PATCH', `${ENVIRONMENTS}/canary`, change)).body).toMatchObject({
    incarnation,
  });
  const late = await takeBack('dep-1');
  expect(late).toMatchObject({ status: 404, body: { code: 'unknown_environment' } });
  const created = (await exported(100)).flatMap((item) => ('change' in item ? [item.change] : []));
  expect(created.find(({ seq }) => seq === incarnation)).toMatchObject({
    action: 'create',
    values: { after: { name: 'canary', incarnation } },
  });
});

type Act = 'a' | 'b' | 'take back' | 'again';

it('is apart from those before it, whatever was done there', async () => {
  const acts = fc.array(fc.constantFrom<Act>('a', 'b', 'take back', 'again'), {
    minLength: 4,
    maxLength: 16,
  });
  await fc.assert(
    fc.asyncProperty(acts, async (all) => {
      await fresh();
      await make();
      const kept: Signed[] = [];
      const lengths = new Map<string, number>();
      let running: { readonly id: string; readonly agent: string }[] = [];
      let [made, recorded] = [1, 0];
      const moved = (agent: string) => {
        const chain = `${agent} ${made}`;
        lengths.set(chain, (lengths.get(chain) ?? 0) + 1);
      };
      const taken = async (some: typeof running) => {
        for (const { id, agent } of some) {
          expect((await takeBack(id)).status).toBe(200);
          moved(agent);
        }
      };
      for (const [at, act] of all.entries()) {
        pass('PT1M');
        if (act === 'a' || act === 'b') {
          expect((await record(`dep-${at}`, act)).status).toBe(201);
          moved(act);
          running.push({ id: `dep-${at}`, agent: act });
          recorded += 1;
        } else if (act === 'take back') await taken(running.splice(-1));
        else {
          await taken(running.toReversed());
          running = [];
          kept.push(await checkpoint());
          expect([(await remove()).status, (await make()).status]).toEqual([204, 201]);
          [made, recorded] = [made + 1, 0];
        }
      }
      expect((await deployed()).all).toBe(recorded);
      kept.push(await checkpoint());
      const found = Object.values(chainsOf(kept.at(-1)));
      expect(found.sort()).toEqual([...lengths.values()].sort());
      const items = await exported(2);
      for (const signed of kept) expect(problemsOf(signed, items)).toEqual([]);
    }),
    { numRuns: times(10, 200) },
  );
});
