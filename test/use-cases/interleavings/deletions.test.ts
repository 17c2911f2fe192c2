import { describe, expect, it } from 'vitest';
import type { Environment } from '../../../functions/domain/catalog/environment.ts';
import type { Principal } from '../../../functions/domain/identity/principal.ts';
import { isEmpty } from '../../../functions/domain/promotion/head.ts';
import { environments } from '../../../functions/use-cases/catalog/environments.ts';
import { gateways } from '../../../functions/use-cases/catalog/gateways.ts';
import { createItem, deleteItem } from '../../../functions/use-cases/catalog/keeping.ts';
import { registries } from '../../../functions/use-cases/catalog/registries.ts';
import { writeConfig } from '../../../functions/use-cases/config/edit.ts';
import { slotIn } from '../../../functions/use-cases/config/slot.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import { reportDeployment } from '../../../functions/use-cases/deployments/report.ts';
import type { NewRequest } from '../../../functions/use-cases/kinds/kind.ts';
import { cancelPromotion } from '../../../functions/use-cases/promotions/cancel.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { type Act, interleave, type Run, type Turn } from '../../support/interleave.ts';
import { times } from '../../support/length.ts';
import { staleLists } from '../../support/stale-lists.ts';
import { createWorld, STORES, T0, TENANT, type World } from '../deployments/world.ts';
import { ADMIN, DEV } from '../promotions/people.ts';
import { asked, recorded, sure } from '../promotions/stage.ts';

type Scene = { readonly world: World; stop(): Promise<void> };
type SceneDeps = World['deps'];

const HERE = 'canary';
const FREE: Environment = {
  ...{ name: HERE, aliases: [], rank: 9, protected: false, tag_suffix: HERE, gates: [], owned_keys: [] },
  ...{ version: 1, guard: 1, created_at: T0, updated_at: T0 },
};
const [memory, table] = STORES;
if (memory === undefined) throw new Error('no store');

/** The default pipeline with one more environment at its end, and the agent and a configuration live before it. */
async function scene(open = memory): Promise<Scene> {
  const opened = await (open ?? memory)?.open();
  if (opened === undefined) throw new Error('no store');
  const world = await createWorld((now) => staleLists(opened.stores(now)));
  await world.member(ADMIN);
  await world.member(DEV);
  await world.commit({ write: 'catalog', entry: { type: 'environment', item: FREE }, expected: 0 });
  await world.gateway('gw-production', 'production');
  await recorded(world, 'dep-1', 'agent-1', 'production');
  sure(await edit('production')(world.deps));
  return { world, stop: opened.stop };
}

const edit =
  (environment: string) =>
  (deps: SceneDeps): ReturnType<typeof writeConfig> =>
    writeConfig(deps, {
      ...{ tenant: TENANT, environment, actor: { subject: 'dev', email: '', kind: 'person' as const } },
      edits: { put: [{ kind: 'config', key: 'limit', value: 1 }], remove: [] },
      check: () => undefined,
    });

const record =
  (id: string): Act<SceneDeps> =>
  (deps) =>
    recordDeployment(deps, {
      principal: DEV,
      report: {
        ...{ id, subject: { kind: 'agent', name: 'agent-1' }, environment: HERE, status: 'DEPLOYED' },
        ...{ gateway_id: 'gw-here', details: {} },
      },
    });

const takeBack = (deps: SceneDeps, id: string) =>
  reportDeployment(deps, { principal: DEV, id, report: { status: 'ROLLED_BACK' } });

const CONFIG: NewRequest = {
  ...{ kind: 'config', selects: 'FULL', config_ids: [], flag_ids: [], key_patterns: [], prune: false },
  ...{ source_environment: 'production', target_environment: HERE },
};
const TO_GATEWAY: NewRequest = {
  ...{ kind: 'agent', agent_id: 'agent-1', source_deployment_id: 'dep-1', target_gateway_id: 'gw-here' },
  target_environment: HERE,
};

async function approved(world: World, request: NewRequest): Promise<string> {
  const { id } = sure(await createPromotion(world.deps, { ...asked(), request })).state;
  sure(await executePromotion(world.deps, { principal: DEV, id }));
  return id;
}

const gone = (principal: Principal) => ({ principal, ifMatch: undefined, reason: 'as the test asks' });
const keeping = (deps: SceneDeps) => ({ ...deps, allowLoopback: false });
const DELETIONS = {
  environment: (deps: SceneDeps) =>
    deleteItem(keeping(deps), environments, { ...gone(ADMIN), ref: { id: HERE } }),
  gateway: (deps: SceneDeps) =>
    deleteItem(keeping(deps), gateways, { ...gone(ADMIN), ref: { id: 'gw-here' } }),
};

/** How something comes to run in the environment, after what stands there before it. */
const FILLS: { readonly [way: string]: (world: World) => Promise<Act<SceneDeps>> } = {
  'a deployment that is recorded': async () => record('dep-2'),
  'a deployment where another was taken back': async (world) => {
    await record('dep-0')(world.deps);
    sure(await takeBack(world.deps, 'dep-0'));
    return record('dep-2');
  },
  'an edit': async () => edit(HERE),
  'a promotion that completes at once': async (world) => {
    const id = await approved(world, CONFIG);
    return (deps) => execute(deps, { tenant: TENANT, id });
  },
  'a promotion that claims a head': async (world) => {
    const id = await approved(world, TO_GATEWAY);
    return (deps) => execute(deps, { tenant: TENANT, id });
  },
};

const CASES = Object.keys(FILLS).flatMap((way) =>
  (['environment', 'gateway'] as const).flatMap((noun) => {
    const configures = way === 'an edit' || way === 'a promotion that completes at once';
    const claims = way === 'a promotion that claims a head';
    // Configuration runs on no gateway, and an environment is not deleted before its gateways.
    return noun === (configures ? 'gateway' : claims ? 'environment' : undefined)
      ? []
      : [[way, noun] as const];
  }),
);

/** Everything of one actor after so many calls of the other, whoever begins. */
const SCHEDULES: readonly (readonly Turn[])[] = [0, 1].flatMap((first) =>
  Array.from({ length: 26 }, (_, calls) => [
    { actor: first, calls },
    { actor: 1 - first, calls: 1_000 },
  ]),
);

async function filled(way: string, noun: keyof typeof DELETIONS, open = memory) {
  const set = await scene(open);
  const { world } = set;
  // The promotion is open: a list that showed it would end the race.
  if (way.includes('completes')) await Object(world.deps).stop(TENANT, [HERE, 'production']);
  if (noun === 'gateway') {
    await world.gateway('gw-here', HERE, { driver: way.includes('claims') ? 'http' : 'record' });
    world.outcome = { outcome: 'accepted' };
  }
  const act = await FILLS[way]?.(world);
  if (act === undefined) throw new Error(`no way ${way}`);
  return { ...set, act, remove: DELETIONS[noun] };
}

/** Whether what was to be deleted is gone, and whether anything runs there. */
async function ended({ deps }: World, noun: keyof typeof DELETIONS) {
  const item = await deps.catalog.item(TENANT, noun, noun === 'gateway' ? 'gw-here' : HERE);
  const agents = await deps.heads.ofSubject(TENANT, { kind: 'agent', name: 'agent-1' });
  const configured = await deps.heads.read(TENANT, slotIn(HERE));
  const heads = [
    ...agents.filter(({ slot }) => slot.environment === HERE),
    ...(configured ? [configured] : []),
  ];
  return { deleted: item === undefined, runs: heads.some((head) => !isEmpty(head)) };
}

/** What runs was never deleted. A gateway that Sluice does not know may be reported on: a deployment there is a fact. */
async function exclusive(world: World, run: Run, [way, noun]: (typeof CASES)[number]) {
  const after = await ended(world, noun);
  const [first] = run.commits;
  const reported = noun === 'gateway' && way.startsWith('a deployment') && first?.actor === 1;
  expect(after, `${run.answers} ${run.trace.join()}`).toEqual(
    reported ? { deleted: true, runs: true } : { ...after, deleted: !after.runs },
  );
  return JSON.stringify(after);
}

describe.each(CASES)('%s, beside the deletion of its %s,', (way, noun) => {
  it('never runs where the deletion was done, whatever call it comes between', async () => {
    const seen = new Set<string>();
    for (const turns of SCHEDULES) {
      const { world, stop, act, remove } = await filled(way, noun);
      const run = await interleave(world.deps, [[act], [remove]], { turns });
      seen.add(await exclusive(world, run, [way, noun]));
      await stop();
    }
    expect(seen.size, 'either comes first in some order').toBe(2);
  });

  it('keeps the deletion from being done before any list shows it', async () => {
    const { world, stop, act, remove } = await filled(way, noun);
    const stale = Object(world.deps);
    await stale.stop(TENANT, [HERE, 'production']);
    await act(world.deps);
    expect(await remove(world.deps)).toMatchObject({ refused: 'in_use' });
    expect(await world.deps.catalog.item(TENANT, 'environment', HERE)).toBeDefined();
    await stop();
  });
});

describe('the deletion of an environment', () => {
  it('and a gateway that is made there exclude each other, whatever call one comes between', async () => {
    const make: Act<SceneDeps> = (deps) =>
      createItem(keeping(deps), gateways, {
        principal: ADMIN,
        fields: { id: 'gw-here', environment: HERE, driver: 'record', status: 'active' },
      });
    const seen = new Set<boolean>();
    for (const turns of SCHEDULES) {
      const { world, stop } = await scene();
      await interleave(world.deps, [[make], [DELETIONS.environment]], { turns });
      const gateway = await world.deps.catalog.item(TENANT, 'gateway', 'gw-here');
      const { deleted } = await ended(world, 'environment');
      expect(deleted).toBe(gateway === undefined);
      seen.add(deleted);
      await stop();
    }
    expect(seen.size).toBe(2);
  });

  it('that no list showed a promotion to ends that promotion with a recorded failure, in every order', async () => {
    for (const turns of SCHEDULES) {
      const { world, stop } = await scene();
      const stale = Object(world.deps);
      await stale.stop(TENANT, [HERE, 'production']);
      const ask: Act<SceneDeps> = (deps) => createPromotion(deps, { ...asked(), request: CONFIG });
      await interleave(world.deps, [[ask], [DELETIONS.environment]], { turns });
      expect((await ended(world, 'environment')).deleted).toBe(true);
      const id = 'prom-000001';
      const stored = (await world.deps.promotions.read(TENANT, id))?.state;
      if (stored !== undefined) {
        expect(await executePromotion(world.deps, { principal: DEV, id })).toMatchObject({
          refused: 'unknown_environment',
        });
        const state = sure(await cancelPromotion(world.deps, { principal: DEV, id }));
        expect(state).toMatchObject({ status: 'cancelled' });
      }
      await stop();
    }
  });

  it('decides by the lists alone where nothing was counted', async () => {
    const { world, stop } = await scene();
    const { transactions } = world.deps;
    const uncounted = { slot: { subject: { kind: 'agent', name: 'agent-9' }, environment: HERE } } as const;
    const empty = { version: 1, revision: 0, digest: null, chain: null, updated_at: T0 };
    await transactions.commit(TENANT, [{ write: 'head', head: { ...uncounted, ...empty }, expected: 0 }]);
    expect(await world.deps.heads.occupancy(TENANT, HERE)).toEqual({ heads: 0, fills: 0 });
    expect(await DELETIONS.environment(world.deps)).toMatchObject({ name: HERE });
    await stop();
  });
});

it('a primary registry is not deleted under an artifact that no list shows yet', async () => {
  const { world, stop } = await scene();
  const fields = { id: 'reg-1', url: 'https://registry.example', role: 'primary', type: 'oci' } as const;
  sure(await createItem(keeping(world.deps), registries, { principal: ADMIN, fields }));
  const stale = Object(world.deps);
  await stale.stop(TENANT, [HERE, 'production']);
  const subject = { kind: 'artifact', name: 'app' } as const;
  const report = { id: 'dep-9', subject, environment: HERE, status: 'DEPLOYED', details: {} } as const;
  sure(await recordDeployment(world.deps, { principal: DEV, report }));
  const remove = () => deleteItem(keeping(world.deps), registries, { ...gone(ADMIN), ref: { id: 'reg-1' } });
  expect(await remove()).toMatchObject({ refused: 'in_use' });
  await stop();
});

describe.skipIf(table === undefined)('on the table', () => {
  it.each(CASES)('%s and the deletion of its %s exclude each other', async (way, noun) => {
    for (let calls = 3; calls < 26; calls += times(11, 1)) {
      const { world, stop, act, remove } = await filled(way, noun, table);
      const turns = [
        { actor: 1, calls },
        { actor: 0, calls: 1_000 },
      ];
      const run = await interleave(world.deps, [[act], [remove]], { turns });
      await exclusive(world, run, [way, noun]);
      await stop();
    }
  });
});
