import { expect } from 'vitest';
// Loaded late by who reads reports: an actor that waits for it waits for no store.
import '../../../functions/domain/evidence/read-report.ts';
import { unreadable } from '../../../functions/domain/evidence/report.ts';
import { canonicalJson } from '../../../functions/domain/jcs.ts';
import { isClosed } from '../../../functions/domain/promotion/lifetime.ts';
import type { Deps } from '../../../functions/use-cases/deps.ts';
import type { SubmitDeps } from '../../../functions/use-cases/evidence/submit.ts';
import { sweepWatchLists } from '../../../functions/use-cases/evidence/sweep.ts';
import type { AskDeps } from '../../../functions/use-cases/workflow/ask-providers.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { sweep } from '../../../functions/use-cases/workflow/sweep.ts';
import type { Act } from '../../support/interleave.ts';
import { NO_PROVIDERS } from '../../support/no-providers.ts';
import { createWorld, type STORES, TENANT, type World } from '../deployments/world.ts';
import { ALICE, BOB } from '../promotions/people.ts';
import { BOUNDS, recorded } from '../promotions/stage.ts';

export type SceneDeps = Deps & SubmitDeps & AskDeps;

/** What stands before the actors come: a world, and what each of them does. */
export type Scene = {
  readonly world: World;
  readonly deps: SceneDeps;
  readonly actors: readonly (readonly Act<SceneDeps>[])[];
};

/** Opens a store whose time is what `now` says. */
export type Open = Awaited<ReturnType<(typeof STORES)[number]['open']>>['stores'];

const unsigned = async () => unreadable('nothing is signed here');
/** Who is asked outside does not answer. */
export const NOTHING_OUTSIDE: Pick<SceneDeps, 'egress' | 'signatures' | 'providers'> = {
  egress: {
    send: async () => ({ result: 'unanswered', message: 'nobody is there', late: false, sent: false }),
  },
  signatures: { verify: unsigned, open: unsigned },
  providers: NO_PROVIDERS,
};

export const AGENT = { kind: 'agent', name: 'agent-1' } as const;

/** A tenant with the agent live before `target`, and a gateway to go to: it only records, or is asked and answers at once. */
export async function sceneWorld(
  open: Open,
  source: string,
  target: string,
  driver: 'record' | 'http',
): Promise<{ readonly world: World; readonly deps: SceneDeps }> {
  const world = await createWorld(open);
  const http = { driver, endpoint: 'https://gw.example/deploy', principal: 'mach-gw' };
  for (const approver of [ALICE, BOB]) await world.member(approver);
  await world.gateway(`gw-${source}`, source);
  await world.gateway(`gw-${target}`, target, driver === 'http' ? http : {});
  await recorded(world, 'dep-1', AGENT.name, source);
  const deps = { ...world.deps, sleep: async () => {}, ...NOTHING_OUTSIDE };
  return { world, deps };
}

/** The promotion of a scene: there is one. */
export async function promotionOf({ promotions }: Pick<Deps, 'promotions'>) {
  const { items } = await promotions.list(TENANT, {}, { limit: 2 });
  expect(items.length).toBeLessThan(2);
  return items[0];
}

/** The step of the workflow, if the promotion is on its way. */
export const step: Act<SceneDeps> = async (deps) => {
  const state = await promotionOf(deps);
  return state === undefined ? 'nothing' : await execute(deps, { tenant: TENANT, id: state.id });
};

/** What would happen by itself afterwards: sweeps, and the workflow goes on. */
export async function goesOn(deps: SceneDeps): Promise<void> {
  while ((await sweepWatchLists(deps, { most: 10 })).attended > 0);
  await sweep(deps, BOUNDS);
  const state = await promotionOf(deps);
  if (state !== undefined && !isClosed(state) && state.status === 'approved')
    await step(deps).catch(() => {});
}

/** All that is to be the same as after some serial order; ids and numbers of retries are not. */
export async function outcome({ world, deps }: Scene): Promise<string> {
  const state = await promotionOf(deps);
  const heads = await deps.heads.ofSubject(TENANT, AGENT);
  const made = await deps.deployments.list(TENANT, { by: 'subject', subject: AGENT }, { limit: 100 });
  return canonicalJson(
    JSON.parse(
      JSON.stringify({
        state:
          state === undefined
            ? null
            : { ...picked(state), approvals: state.approvals.map(({ actor }) => actor.subject).sort() },
        heads: heads
          .map(({ slot, digest, revision, claim }) => ({
            slot,
            digest,
            revision,
            claimed: claim !== undefined,
          }))
          .sort((a, b) => (a.slot.environment < b.slot.environment ? -1 : 1)),
        deployments: made.items.map(({ environment, status }) => `${environment} ${status}`).sort(),
        deployed: world.deployed.length,
      }),
    ),
  );
}

function picked(state: NonNullable<Awaited<ReturnType<typeof promotionOf>>>) {
  const { status, gates } = state;
  const asked = 'execution_requested' in state && state.execution_requested !== undefined;
  return {
    status,
    gates,
    asked,
    waiting_for: 'waiting_for' in state ? state.waiting_for : null,
    blocked_by: 'blocked_by' in state ? state.blocked_by : null,
    closed_by: 'closed_by' in state ? state.closed_by : null,
  };
}
