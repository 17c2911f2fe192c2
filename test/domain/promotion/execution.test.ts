import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../../../functions/domain/identity/principal.ts';
import type { ExecutionFacts } from '../../../functions/domain/promotion/commands.ts';
import { by, eventOf, given } from '../../support/decider-specification.ts';
import {
  alice,
  asks,
  assessmentFacts,
  bob,
  contentOf,
  dev,
  NO_APPROVAL,
  NOBODY,
  NOON,
  planOn,
  requirementsOf,
  testReport,
} from '../../support/promotion-facts.ts';
import { TESTED_AND_APPROVED } from '../../support/promotions.ts';

const approved = [asks.request(), by(alice, asks.approve())];
const requested = [...approved, asks.requestExecution()];
const start = (facts: Partial<ExecutionFacts> = {}) => by(SYSTEM, asks.startExecution(facts));
const lock = { reason: 'incident', by: 'admin', at: NOON, scope: 'tenant' } as const;
const freeze = { reason: 'Christmas', ends_at: '2026-12-27T00:00:00.000Z' };
const head = (changes: Partial<ExecutionFacts['head']>) => ({ digest: null, version: 0, ...changes });
const claimed = (promotion: string) => head({ claim: { promotion, fence: 7, at: NOON } });
const moved = planOn(contentOf('something else'), 3);

describe('the execute verb, on an approved promotion', () => {
  it.each([
    ['locked', { lock }],
    ['frozen', { freeze }],
    ['target_moved', { head: claimed('prom-other') }],
    ['target_moved', { plan: moved }],
    ['target_moved', { head: head({ digest: contentOf('since the plan'), version: 1 }) }],
  ] as const)('is refused as %s', (code, facts) => {
    given(...approved)
      .when(asks.requestExecution(facts))
      .thenRefused(code);
  });

  it('names the end of the freeze, and what the lock says', () => {
    expect(
      given(...approved)
        .when(asks.requestExecution({ freeze }))
        .thenRefused('frozen').data,
    ).toEqual(freeze);
    expect(
      given(...approved)
        .when(asks.requestExecution({ lock }))
        .thenRefused('locked').data,
    ).toEqual(lock);
  });

  it('asked twice is asked once, whatever is in the way by then', () => {
    given(...requested)
      .when(asks.requestExecution({ lock }))
      .thenNothing();
  });

  it('leaves what shows only later to the step: a policy that changed', () => {
    const requirements = requirementsOf({}, { required_approvers: 2 });
    given(...approved)
      .when(asks.requestExecution({ requirements }))
      .thenEvents('ExecutionRequested');
  });
});

describe('the execution step', () => {
  it('claims the next version of the head it saw, for the person who asked', () => {
    const plan = planOn(contentOf('what runs there'), 4);
    const { state, events } = given(
      asks.request({ facts: assessmentFacts({ plan }) }),
      by(alice, asks.approve()),
      by(bob, asks.requestExecution({ plan })),
    )
      .when(start({ plan }))
      .thenEvents('ExecutionStarted');
    expect(eventOf(events, 'ExecutionStarted')).toMatchObject({
      fence: 5,
      deployment_id: 'dep-900',
      base: contentOf('what runs there'),
      decision: { outcome: 'allow', as_of: NOON, approvals: { granted: ['sub-alice'] } },
    });
    expect(state).toMatchObject({ status: 'executing', executor: bob, approved_by: alice, fence: 5 });
  });

  it('does not begin before anybody asked', () => {
    given(...approved)
      .when(start())
      .thenRefused('invalid_transition');
  });

  it('run twice is run once, during and after', () => {
    given(...requested, start())
      .when(start())
      .thenNothing();
    given(...requested, start(), by(SYSTEM, asks.complete()))
      .when(start({ lock }))
      .thenNothing();
  });

  it('continues with its own claim', () => {
    given(...requested)
      .when(start({ head: claimed('prom-1') }))
      .thenEvents('ExecutionStarted');
  });

  it.each([
    ['locked', { lock }],
    ['frozen', { freeze }],
    ['target_moved', { head: claimed('prom-other') }],
    ['separation_of_duties', { separation: 'unreadable' }],
  ] as const)('is blocked as %s, approvals kept, and the request too where it may pass', (code, facts) => {
    const { state } = given(...requested)
      .when(start(facts))
      .thenEvents('PromotionBlocked');
    expect(state).toMatchObject({
      status: 'blocked',
      blocked_by: [code],
      reason_code: code,
      approvals: [{ actor: alice }],
    });
    expect('execution_requested' in state).toBe(code !== 'separation_of_duties');
    expect(state).not.toHaveProperty('approved_at');
  });

  it('is blocked by a gate that no longer passes', () => {
    const requirements = TESTED_AND_APPROVED;
    const evidence = [testReport()];
    const { state } = given(
      asks.request({ facts: assessmentFacts({ requirements, evidence }) }),
      by(alice, asks.approve()),
      asks.requestExecution({ requirements, evidence }),
    )
      .when(start({ requirements, evidence: [] }))
      .thenEvents('PromotionAssessed', 'PromotionBlocked');
    expect(state).toMatchObject({ blocked_by: ['tests'], approvals: [{ actor: alice }] });
  });

  it('asks again when the target moved under the change set', () => {
    const { state, events } = given(...requested)
      .when(start({ plan: moved }))
      .thenEvents('ApprovalsVoided', 'PromotionAssessed');
    expect(eventOf(events, 'ApprovalsVoided').reason_code).toBe('target_moved');
    expect(state).toMatchObject({
      status: 'pending',
      waiting_for: 'approval',
      reason_code: 'target_moved',
      approvals: [],
    });
    expect(state.seal.plan).toEqual(moved);
  });

  it('asks again when the policy changed', () => {
    const requirements = requirementsOf({}, { required_approvers: 2 });
    const { state } = given(...requested)
      .when(start({ requirements }))
      .thenEvents('ApprovalsVoided', 'PromotionAssessed');
    expect(state).toMatchObject({
      status: 'pending',
      waiting_for: 'approval',
      reason_code: 'policy_changed',
    });
  });

  it('asks again when duties exclude who approved', () => {
    const requirements = requirementsOf(
      {},
      {
        separation_of_duties: {
          requester: true,
          author: false,
          previous_promoter: true,
          evidence_producer: false,
        },
      },
    );
    const { state } = given(
      asks.request({ facts: assessmentFacts({ requirements }) }),
      by(alice, asks.approve()),
      asks.requestExecution({ requirements }),
    )
      .when(start({ requirements, separation: { ...NOBODY, previous_promoters: [alice] } }))
      .thenEvents('ApprovalsVoided', 'PromotionAssessed');
    expect(state).toMatchObject({
      status: 'pending',
      waiting_for: 'approval',
      reason_code: 'separation_of_duties',
    });
  });

  it('goes on over a base that moved beside the change set, and claims the new one', () => {
    const rebased = { ...planOn(), base: { digest: contentOf('untouched keys'), version: 4 } };
    const { state } = given(...requested)
      .when(start({ plan: rebased }))
      .thenEvents('ExecutionStarted');
    expect(state.seal.plan.base).toEqual(rebased.base);
  });

  it('proves nothing with a plan on another head than the one it would claim', () => {
    given(...requested)
      .when(start({ head: head({ version: 1 }) }))
      .thenRefused('target_moved');
  });

  it('with nobody to approve, goes on by itself after a policy change but not over a moved target', () => {
    const requirements = requirementsOf({}, NO_APPROVAL);
    const automatic = [asks.request({ facts: assessmentFacts({ requirements }) })];
    const other = requirementsOf({}, { ...NO_APPROVAL, require_comment: true });
    given(...automatic, start({ requirements: other }))
      .when(by(SYSTEM, asks.assess({ requirements: other })))
      .thenEvents('PromotionAssessed', 'PromotionApproved', 'ExecutionRequested');
    given(...automatic, start({ requirements, plan: moved }))
      .when(by(SYSTEM, asks.assess({ requirements, plan: moved })))
      .thenNothing();
  });
});

describe('a rollback', () => {
  const back = [
    asks.request({ promotion_type: 'rollback' }),
    by(alice, asks.approve()),
    asks.requestExecution(),
  ];

  it('is not stopped by a freeze', () => {
    given(...back)
      .when(start({ freeze }))
      .thenEvents('ExecutionStarted');
  });

  it('is stopped by a lock', () => {
    given(...back)
      .when(start({ freeze, lock }))
      .thenEvents('PromotionBlocked');
  });
});

describe('given a promotion that executes', () => {
  const executing = [...requested, start()];

  it('it completes', () => {
    const { state } = given(...executing)
      .when(by(SYSTEM, asks.complete()))
      .thenEvents('PromotionCompleted');
    expect(state).toMatchObject({
      status: 'completed',
      executor: dev,
      deployment_id: 'dep-900',
      completed_at: NOON,
    });
  });

  it('it fails, and says how it left the target', () => {
    const { state } = given(...executing)
      .when(by(SYSTEM, asks.fail()))
      .thenEvents('PromotionFailed');
    expect(state).toMatchObject({
      status: 'failed',
      failure: { code: 'gateway_refused', target_state: 'unchanged' },
      deployment_id: 'dep-900',
    });
  });

  it('it is past every deadline', () => {
    given(...executing)
      .when(by(SYSTEM, asks.complete(), '2030-01-01T00:00:00.000Z'))
      .thenEvents('PromotionCompleted');
  });
});

describe('given a promotion that went live', () => {
  const live = [...requested, start(), asks.complete()];

  it('its gateway takes it back, with what it said and without', () => {
    const reverse = (message?: string) =>
      given(...live)
        .when({
          type: 'reverse_outcome',
          outcome: 'rolled_back',
          ...(message === undefined ? {} : { message }),
        })
        .thenEvents('OutcomeReversed').events;
    expect(reverse('errors rose')).toEqual([
      { type: 'OutcomeReversed', outcome: 'rolled_back', message: 'errors rose' },
    ]);
    expect(Object.keys(eventOf(reverse(), 'OutcomeReversed'))).toEqual(['type', 'outcome']);
  });
});
