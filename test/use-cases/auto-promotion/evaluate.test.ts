import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_PIPELINE } from '../../../functions/domain/catalog/pipeline.ts';
import { Fault } from '../../../functions/domain/faults.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import type { Cursors } from '../../../functions/ports/cursors.ts';
import type { Write } from '../../../functions/ports/transaction.ts';
import {
  type Evaluation,
  evaluateRules,
  WALK,
} from '../../../functions/use-cases/auto-promotion/evaluate.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import { times } from '../../support/length.ts';
import { memoryCursors } from '../../support/memory/cursors.ts';
import { CI, createWorld, STORES, T0, TENANT, type World } from '../deployments/world.ts';

describe.each(STORES)('the evaluation of rules, on $name', ({ open }) => {
  let opened: Awaited<ReturnType<typeof open>>;
  let world: World;
  let cursors: Cursors;
  beforeEach(async () => {
    opened = await open();
    world = await createWorld(opened.stores);
    cursors = memoryCursors();
    await world.gateway('gw-stg', 'staging');
  });
  afterEach(() => opened.stop());

  async function record(agent: string, tenant = TENANT): Promise<void> {
    const recorded = await recordDeployment(world.deps, {
      principal: { ...CI, tenant },
      report: {
        id: `dep-${agent}`,
        subject: { kind: 'agent', name: agent },
        environment: 'development',
        gateway_id: 'gw-dev',
        status: 'DEPLOYED',
        details: {},
      },
    });
    if (isRefusal(recorded)) throw new Error(recorded.detail);
  }
  const evaluate = (most = 1_000, deps: World['deps'] = world.deps): Promise<Evaluation> =>
    evaluateRules({ ...deps, cursors }, { most });
  const created = ({ outcomes }: Evaluation) =>
    outcomes.filter(({ result }) => result === 'created').map(({ deployment_id }) => deployment_id);

  /** Another tenant with the same rule, gateway and an agent that waits for it. */
  async function tenant(id: string): Promise<void> {
    const stamps = { version: 1, created_at: T0, updated_at: T0 };
    const rule = await world.deps.catalog.item(TENANT, 'rule', 'rule-1');
    const gateway = await world.deps.catalog.item(TENANT, 'gateway', 'gw-stg');
    if (rule === undefined || gateway === undefined) throw new Error('nothing to copy');
    const writes: Write[] = [
      { write: 'tenant', tenant: { id, name: id, ...stamps }, expected: 0 },
      { write: 'catalog', entry: { type: 'rule', item: rule }, expected: 0 },
      { write: 'catalog', entry: { type: 'gateway', item: gateway }, expected: 0 },
      ...DEFAULT_PIPELINE(T0).map(
        (item): Write => ({ write: 'catalog', entry: { type: 'environment', item }, expected: 0 }),
      ),
    ];
    expect((await world.deps.transactions.commit(id, writes)).committed).toBe(true);
    await record(`agent-${id}`, id);
  }

  it('promotes at exactly 24 hours what waited for that, once', async () => {
    await world.rule('rule-1', 'development', 'staging', {
      conditions: { field: 'deployment.duration_hours', op: 'gte', value: 24 },
    });
    await record('agent-1');
    world.advance('PT23H59M59.999S');
    expect(created(await evaluate())).toEqual([]);
    world.advance('PT0.001S');
    expect(created(await evaluate())).toEqual(['dep-agent-1']);
    world.advance('PT5M');
    expect(await evaluate()).toMatchObject({ deployments: 1, faults: [], unfinished: false });
    expect((await world.deps.promotions.list(TENANT, {}, { limit: 10 })).items).toHaveLength(1);
  });

  it('finds what a lost hint left undone', async () => {
    await record('agent-1');
    await world.rule('rule-1', 'development', 'staging');
    expect(created(await evaluate())).toEqual(['dep-agent-1']);
  });

  it('looks at nothing where no rule is automatic', async () => {
    await world.rule('rule-1', 'development', 'staging', { auto_promote: false });
    await world.rule('rule-2', 'staging', 'production');
    await record('agent-1');
    expect(await evaluate()).toMatchObject({ deployments: 0, outcomes: [] });
  });

  it('goes on where it stopped, reaches everything, and then starts again', async () => {
    await world.rule('rule-1', 'development', 'staging');
    // One more than are read at once.
    const many = times(101, 150);
    for (let n = 100; n < 100 + many; n += 1) await record(`agent-${n}`);
    await tenant('bcme');
    const runs: Evaluation[] = [];
    do runs.push(await evaluate(1));
    while (runs.at(-1)?.unfinished === true && runs.length < 10);
    expect(runs.length).toBeGreaterThan(1);
    expect(runs.at(-1)?.unfinished).toBe(false);
    expect(runs.flatMap(created)).toHaveLength(many + 1);
    expect(await cursors.read(WALK)).toBeUndefined();
  });

  it('starts at the beginning from a position that means nothing', async () => {
    await world.rule('rule-1', 'development', 'staging');
    await record('agent-1');
    for (const position of ['', '{', 'null', '[]', '{"tenant":1}', '{"tenant":"acme"}']) {
      cursors = memoryCursors();
      await cursors.write(WALK, position);
      expect(await evaluate()).toMatchObject({ deployments: 1 });
      expect(await cursors.read(WALK)).toBeUndefined();
    }
  });

  it('passes over a tenant that has gone since', async () => {
    await world.rule('rule-1', 'development', 'staging');
    await tenant('bcme');
    await cursors.write(WALK, JSON.stringify({ tenant: 'acme-gone', environment: 'development' }));
    expect(created(await evaluate())).toEqual(['dep-agent-bcme']);
  });

  it('passes over what contradicts itself, and tells', async () => {
    await world.rule('rule-1', 'development', 'staging');
    await record('agent-1');
    await record('agent-2');
    await tenant('bcme');
    const { catalog, deployments } = world.deps;
    const broken = new Fault('Corrupt', 'it contradicts itself');
    const evaluation = await evaluate(1_000, {
      ...world.deps,
      catalog: {
        ...catalog,
        all: (of, noun) =>
          of === 'bcme' && noun === 'rule' ? Promise.reject(broken) : catalog.all(of, noun),
      },
      deployments: {
        ...deployments,
        read: (of, id) => (id === 'dep-agent-1' ? Promise.reject(broken) : deployments.read(of, id)),
      },
    });
    expect(created(evaluation)).toEqual(['dep-agent-2']);
    expect(evaluation.faults).toEqual(
      expect.arrayContaining([
        { about: 'acme dep-agent-1', error: broken },
        { about: 'bcme dep-agent-bcme', error: broken },
        { about: 'bcme', error: broken },
      ]),
    );
    expect(evaluation.faults).toHaveLength(3);
    expect(new Set(created(await evaluate()))).toEqual(new Set(['dep-agent-1', 'dep-agent-bcme']));
  });

  it('ends with the fault of a store that is away, and is where it was', async () => {
    await world.rule('rule-1', 'development', 'staging');
    await record('agent-1');
    const position = JSON.stringify({ tenant: TENANT, environment: 'development' });
    await cursors.write(WALK, position);
    const away = () => Promise.reject(new Fault('Unavailable', 'the table is away'));
    const deployments = { ...world.deps.deployments, read: away };
    await expect(evaluate(1_000, { ...world.deps, deployments })).rejects.toMatchObject({
      name: 'Unavailable',
    });
    expect(await cursors.read(WALK)).toBe(position);
    expect(created(await evaluate())).toEqual(['dep-agent-1']);
  });
});
