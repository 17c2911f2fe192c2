import { describe, expect, it } from 'vitest';
import { addDuration } from '../../../functions/domain/instant.ts';
import type { Execution } from '../../../functions/domain/promotion/manifest.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { validatePromotion } from '../../../functions/use-cases/promotions/validate.ts';
import { sweep } from '../../../functions/use-cases/workflow/sweep.ts';
import type { Act } from '../../support/interleave.ts';
import { createPolicy } from '../../support/keep.ts';
import { times } from '../../support/length.ts';
import { STORES, T0 } from '../deployments/world.ts';
import { ADMIN, ALICE, BOB, DEV } from '../promotions/people.ts';
import { asked, BOUNDS, sure } from '../promotions/stage.ts';
import { explore, type Race } from './explore.ts';
import { AGENT, type SceneDeps, sceneWorld, step } from './scene.ts';

/** How far the clock moves while people approve: right before the approvals expire, to that very instant, or past it. */
type Variant = {
  readonly to: 'before' | 'at' | 'after';
  readonly needed: 1 | 2;
  readonly execution: Execution;
  readonly driver: 'record' | 'http';
};

const EXPIRES_AFTER = 'PT30M';
const EXPIRES_AT = addDuration(T0, EXPIRES_AFTER);
/** Nobody is kept longer than 20 s: the clock stands close to the expiry when they begin. */
const BEGIN = 'PT29M58S';
const INSTANTS = { before: 'PT29M59.999S', at: EXPIRES_AFTER, after: 'PT30M2S' } as const;

const race: Race<Variant> = {
  async setUp(open, { to, needed, execution, driver }) {
    const { world, deps } = await sceneWorld(open, 'staging', 'production', driver);
    const policy = {
      name: 'soon',
      environments: ['production'],
      required_approvers: needed,
      expires_after: EXPIRES_AFTER,
    };
    sure(await createPolicy(deps, { principal: ADMIN, policy }));
    const request = {
      kind: 'agent',
      agent_id: AGENT.name,
      source_deployment_id: 'dep-1',
      target_gateway_id: 'gw-production',
      target_environment: 'production',
    } as const;
    const { state } = sure(await createPromotion(deps, { ...asked(request), execution }));
    const { id } = state;
    world.now = addDuration(T0, BEGIN);
    const approve =
      (principal: typeof ALICE): Act<SceneDeps> =>
      (own) =>
        approvePromotion(own, { principal, id });
    const execute: Act<SceneDeps> = (own) => executePromotion(own, { principal: DEV, id });
    const tick: Act<SceneDeps> = async () => {
      world.now = addDuration(T0, INSTANTS[to]);
    };
    const sweeping: Act<SceneDeps> = (own) => sweep(own, BOUNDS);
    const first = execution === 'automatic' ? [approve(ALICE), step] : [approve(ALICE), execute, step];
    const validate: Act<SceneDeps> = (own) => validatePromotion(own, { principal: DEV, id });
    // While a gateway is asked the promotion executes, which assessing it again refuses: a third answer of no serial order.
    const third = needed === 1 && driver === 'record' ? validate : approve(BOB);
    return { world, deps, actors: [first, [tick, sweeping], [third]] };
  },

  /**
   * Approvals and executions are decided before the expiry, and the expiry at it or later; an answer says what the record says. Once time
   * is up the promotion is rejected, or was on its way before.
   */
  invariant({ run, events, swaps }, { to, needed, driver }) {
    const of = (type: string) => events.filter((event) => event.type === type);
    for (const type of ['ApprovalGranted', 'PromotionApproved', 'ExecutionRequested', 'ExecutionStarted']) {
      for (const { at } of of(type)) expect(at < EXPIRES_AT, `${type} at ${at}`).toBe(true);
    }
    const rejected = of('PromotionRejected');
    for (const { at } of rejected) expect(at >= EXPIRES_AT, `expired at ${at}`).toBe(true);
    const completed = of('PromotionCompleted').length;
    expect(rejected.length + completed).toBeLessThanOrEqual(1);
    if (to === 'before') expect(rejected).toEqual([]);
    else expect(rejected.length + completed).toBe(1);
    expect(swaps).toBe(completed);
    const yes = (answer: string | undefined) => answer !== 'expired' && answer !== 'already_decided';
    const granted = (subject: string) => of('ApprovalGranted').some(({ actor }) => actor === subject);
    expect(granted('alice')).toBe(yes(run.answers[0]?.[0]));
    if (needed === 2 || driver === 'http') expect(granted('bob')).toBe(yes(run.answers[2]?.[0]));
  },
};

const [execution, driver] = ['automatic', 'record'] as const;
const variants: readonly [Variant, ...Variant[]] = [
  { to: 'at', needed: 1, execution, driver },
  { to: 'before', needed: 1, execution: 'manual', driver },
  { to: 'at', needed: 1, execution: 'manual', driver: 'http' },
  { to: 'after', needed: 2, execution, driver },
  { to: 'at', needed: 2, execution: 'manual', driver },
  { to: 'before', needed: 2, execution, driver: 'http' },
];

describe.each(STORES)('an approval racing its expiry, on $name', ({ name, open }) => {
  it('ends in every interleaving as if one of them had come first', async () => {
    const explored = await explore(race, {
      open,
      variants,
      runs: name === 'memory' ? times(50, 3_400) : times(3, 40),
    });
    expect(explored.distinct).toBeGreaterThan(explored.runs / 4);
  });
});
