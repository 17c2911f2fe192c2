import { describe, expect, it } from 'vitest';
import { revisionDigest } from '../../../functions/domain/promotion/head.ts';
import { environments } from '../../../functions/use-cases/catalog/environments.ts';
import { createItem, deleteItem } from '../../../functions/use-cases/catalog/keeping.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import { reportDeployment } from '../../../functions/use-cases/deployments/report.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { type Act, interleave, type Turn } from '../../support/interleave.ts';
import { createWorld, STORES, TENANT, type World } from '../deployments/world.ts';
import { ADMIN, DEV } from '../promotions/people.ts';
import { asked, recorded, sure } from '../promotions/stage.ts';

type SceneDeps = World['deps'];

const HERE = 'canary';
const SLOT = { subject: { kind: 'agent', name: 'agent-1' }, environment: HERE, gateway: 'gw-here' } as const;

const keeping = (deps: SceneDeps) => ({ ...deps, allowLoopback: false });
const make: Act<SceneDeps> = (deps) =>
  createItem(keeping(deps), environments, { principal: ADMIN, fields: { name: HERE, rank: 9 } });
const remove: Act<SceneDeps> = (deps) =>
  deleteItem(keeping(deps), environments, {
    ...{ principal: ADMIN, ifMatch: undefined, reason: 'as the test asks' },
    ref: { id: HERE },
  });
const record =
  (id: string): Act<SceneDeps> =>
  (deps) =>
    recordDeployment(deps, {
      principal: DEV,
      report: {
        ...{ id, subject: SLOT.subject, environment: HERE, status: 'DEPLOYED' },
        ...{ gateway_id: SLOT.gateway, details: {} },
      },
    });

/** An environment in which something ran once, and runs no more. */
async function used(open: (typeof STORES)[number]['open']) {
  const { stores, stop } = await open();
  const world = await createWorld(stores);
  for (const one of [ADMIN, DEV]) await world.member(one);
  await make(world.deps);
  await record('dep-0')(world.deps);
  sure(
    await reportDeployment(world.deps, { principal: DEV, id: 'dep-0', report: { status: 'ROLLED_BACK' } }),
  );
  return { world, stop };
}

/** The agent comes there by a promotion. */
async function promoted(world: World): Promise<void> {
  const { deps } = world;
  await world.gateway(SLOT.gateway, HERE);
  await recorded(world, 'dep-p', SLOT.subject.name, 'production');
  const request = {
    kind: 'agent' as const,
    ...{ agent_id: SLOT.subject.name, source_deployment_id: 'dep-p' },
    ...{ target_gateway_id: SLOT.gateway, target_environment: HERE },
  };
  const { id } = sure(await createPromotion(deps, { ...asked(), request })).state;
  sure(await executePromotion(deps, { principal: DEV, id }));
  expect(await execute(deps, { tenant: TENANT, id })).toMatchObject({ status: 'completed' });
}

/** Expects each chain to be whole, and all that is there now to be of the environment that is there now. Returns which that is. */
async function expectWhole({ deps }: World): Promise<number | undefined> {
  const environment = await deps.catalog.item(TENANT, 'environment', HERE);
  const now = await deps.heads.read(TENANT, SLOT);
  const former = (await deps.heads.former(TENANT, HERE, { limit: 9 })).items;
  if (now === undefined) throw new Error('its head is lost');
  for (const { slot, revision, chain } of [...former, now]) {
    const all = await deps.heads.revisionsFrom(TENANT, slot, 1, 99);
    expect(all.map(({ number }) => number)).toEqual(Array.from({ length: revision }, (_, at) => at + 1));
    expect(all.map(({ prev }) => prev)).toEqual([null, ...all.map(revisionDigest)].slice(0, revision));
    expect(chain).toEqual(all.map(revisionDigest).at(-1) ?? null);
  }
  const first = [...former, now].map(({ revision, slot }) => [slot.incarnation, revision > 1]);
  expect(first[0]).toEqual([undefined, true]);
  if (environment !== undefined) expect(now.slot.incarnation).toBe(environment.incarnation);
  const later = await deps.deployments.read(TENANT, 'dep-2');
  if (later !== undefined) {
    expect(now.deployment_id).toBe('dep-2');
    expect(later.incarnation).toBe(now.slot.incarnation);
  }
  return environment?.incarnation;
}

/** Everything of one actor after so many calls of the other, whoever begins. */
const SCHEDULES: readonly (readonly Turn[])[] = [0, 1].flatMap((first) =>
  Array.from({ length: 30 }, (_, calls) => [
    { actor: first, calls },
    { actor: 1 - first, calls: 1_000 },
  ]),
);

describe('an environment that is made again under its name', () => {
  const [memory] = STORES;
  const open = memory?.open ?? (() => Promise.reject(new Error('no store')));

  it('is made once by two who make it at once, whatever call one comes between', async () => {
    for (const turns of SCHEDULES) {
      const { world, stop } = await used(open);
      await remove(world.deps);
      const { answers } = await interleave(world.deps, [[make], [make]], { turns });
      expect(answers.flat().sort()).toEqual(['conflict', 'done']);
      expect(await expectWhole(world)).toBeGreaterThan(1);
      await stop();
    }
  });

  it('is another one to who writes there while it is deleted and made', async () => {
    const seen = new Set<string>();
    for (const turns of SCHEDULES) {
      const { world, stop } = await used(open);
      await interleave(world.deps, [[record('dep-2')], [remove, make]], { turns });
      const incarnation = await expectWhole(world);
      const there = (await world.deps.deployments.read(TENANT, 'dep-2')) !== undefined;
      seen.add(`${incarnation === undefined ? 'the first' : 'another'}, ${there ? 'recorded' : 'refused'}`);
      await stop();
    }
    // Who comes first, who comes after both, and who comes between them.
    expect([...seen].sort()).toEqual(['another, recorded', 'another, refused', 'the first, recorded']);
  });

  it('is made by the next who makes it, wherever the first one stopped', async () => {
    for (let calls = 0; calls < 20; calls += 1) {
      const { world, stop } = await used(open);
      await remove(world.deps);
      await interleave(world.deps, [[make]], { turns: [], crash: { actor: 0, calls } });
      await make(world.deps);
      expect(await expectWhole(world)).toBeGreaterThan(1);
      await stop();
    }
  });

  it.each(STORES)(
    'takes no report on what was deployed to the one before, on $name',
    async ({ open: at }) => {
      const { world, stop } = await used(at);
      const { deps } = world;
      const pending = {
        ...{ id: 'dep-1', subject: SLOT.subject, environment: HERE },
        status: 'PENDING',
      } as const;
      sure(await recordDeployment(deps, { principal: DEV, report: { ...pending, details: {} } }));
      await remove(deps);
      await make(deps);
      const report = { principal: DEV, id: 'dep-1', report: { status: 'DEPLOYED' } } as const;
      expect(await reportDeployment(deps, report)).toMatchObject({ refused: 'unknown_environment' });
      expect(await record('dep-0')(deps)).toMatchObject({ refused: 'conflict' });
      await record('dep-2')(deps);
      await expectWhole(world);
      await remove(deps);
      sure(await reportDeployment(deps, { principal: DEV, id: 'dep-2', report: { status: 'ROLLED_BACK' } }));
      await remove(deps);
      await make(deps);
      await record('dep-3')(deps);
      const former = (await deps.heads.former(TENANT, HERE, { limit: 9 })).items;
      expect(former.map(({ revision }) => revision)).toEqual([2, 2]);
      expect((await deps.heads.read(TENANT, SLOT))?.revision).toBe(1);
      await promoted(world);
      const live = await deps.heads.read(TENANT, SLOT);
      const deployment = await deps.deployments.read(TENANT, live?.deployment_id ?? '');
      expect(deployment).toMatchObject({ incarnation: live?.slot.incarnation, recorded: false });
      await stop();
    },
  );
});
