import { describe, expect, it } from 'vitest';
import { lockEnvironment, unlockEnvironment } from '../../../functions/use-cases/catalog/environment-lock.ts';
import { lockTenant, unlockTenant } from '../../../functions/use-cases/catalog/tenant-lock.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import type { Act } from '../../support/interleave.ts';
import { createFreeze, createPolicy } from '../../support/keep.ts';
import { times } from '../../support/length.ts';
import { STORES } from '../deployments/world.ts';
import { ADMIN, ALICE, DEV } from '../promotions/people.ts';
import { requested, sure } from '../promotions/stage.ts';
import { explore, type Race, without } from './explore.ts';
import { AGENT, type SceneDeps, sceneWorld, step } from './scene.ts';

/** What comes between an execution and its target, and whether it goes away again. */
type Variant = {
  readonly stop: 'lock' | 'tenant_lock' | 'freeze' | 'policy';
  readonly lifted: boolean;
  readonly driver: 'record' | 'http';
};

const reason = 'incident 7';
const production = { principal: ADMIN, name: 'production' };
const DUTIES = { requester: true, author: false, previous_promoter: false, evidence_producer: false };

const STOPS: { readonly [stop in Variant['stop']]: Act<SceneDeps> } = {
  lock: (deps) => lockEnvironment(deps, { ...production, reason }),
  tenant_lock: (deps) => lockTenant(deps, { principal: ADMIN, reason }),
  freeze: (deps) =>
    createFreeze(deps, {
      principal: ADMIN,
      scope: 'production',
      freeze: { reason, starts_at: '2026-03-01T00:00:00Z', ends_at: '2026-03-02T00:00:00Z' },
    }),
  policy: (deps) =>
    createPolicy(deps, {
      principal: ADMIN,
      policy: {
        name: 'two',
        environments: ['production'],
        required_approvers: 2,
        groups: [],
        separation_of_duties: DUTIES,
      },
    }),
};
const LIFTS: { readonly [stop in 'lock' | 'tenant_lock']: Act<SceneDeps> } = {
  lock: (deps) => unlockEnvironment(deps, { ...production, reason: 'over' }),
  tenant_lock: (deps) => unlockTenant(deps, { principal: ADMIN, reason: 'over' }),
};

const race: Race<Variant> = {
  async setUp(open, { stop, lifted, driver }) {
    const { world, deps } = await sceneWorld(open, 'staging', 'production', driver);
    const { id } = await requested(world, {
      kind: 'agent',
      agent_id: AGENT.name,
      source_deployment_id: 'dep-1',
      target_gateway_id: 'gw-production',
      target_environment: 'production',
    });
    sure(await approvePromotion(deps, { principal: ALICE, id }));
    const lift = lifted && (stop === 'lock' || stop === 'tenant_lock') ? [LIFTS[stop]] : [];
    const execute: Act<SceneDeps> = (own) => executePromotion(own, { principal: DEV, id });
    return {
      world,
      deps,
      actors: [
        [execute, step],
        [STOPS[stop], ...lift],
      ],
    };
  },

  /** In the order of commits, no execution begins between a stop and its lifting; what did not begin left nothing behind. */
  invariant({ run, events, world }, { lifted, driver }) {
    const stops = run.commits.flatMap(({ actor }, at) => (actor === 1 ? [at] : []));
    expect(stops.length).toBeGreaterThan(0);
    const claim = run.commits.findIndex(({ writes }) =>
      writes.some(
        (write) =>
          write.write === 'promotion' && write.events.some(({ event }) => event.type === 'ExecutionStarted'),
      ),
    );
    const [stopped = 0, freed = Number.POSITIVE_INFINITY] = stops;
    if (claim >= 0) expect(claim < stopped || claim > freed).toBe(true);
    if (!lifted) expect(events.some(({ type }) => type === 'PromotionCompleted')).toBe(claim >= 0);
    expect(world.deployed.length > 0).toBe(driver === 'http' && claim >= 0);
  },
};

const variants: readonly [Variant, ...Variant[]] = [
  { stop: 'lock', lifted: false, driver: 'record' },
  { stop: 'lock', lifted: true, driver: 'record' },
  { stop: 'lock', lifted: false, driver: 'http' },
  { stop: 'tenant_lock', lifted: false, driver: 'http' },
  { stop: 'tenant_lock', lifted: true, driver: 'record' },
  { stop: 'freeze', lifted: false, driver: 'http' },
  { stop: 'policy', lifted: false, driver: 'record' },
];

describe.each(STORES)('a lock, a freeze or a policy racing an execution, on $name', ({ name, open }) => {
  it('ends in every interleaving as if one of them had come first', async () => {
    const explored = await explore(race, {
      open,
      variants,
      runs: name === 'memory' ? times(50, 3_400) : times(3, 40),
    });
    expect(explored.distinct).toBeGreaterThan(explored.runs / 4);
  });
});

it('is found to get past a lock where the claim does not check the guard', async () => {
  const holed = explore(race, { open: without('check_guard'), variants, runs: 3_400 });
  await expect(holed).rejects.toThrow(/Property failed/);
});
