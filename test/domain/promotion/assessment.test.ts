import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../../../functions/domain/identity/principal.ts';
import { requestersOf } from '../../../functions/domain/promotion/parts.ts';
import { by, eventOf, given, promotionAfter } from '../../support/decider-specification.ts';
import {
  alice,
  asks,
  assessmentFacts,
  bob,
  contentOf,
  dev,
  NO_APPROVAL,
  planOn,
  requirementsOf,
  testReport,
} from '../../support/promotion-facts.ts';
import { PLACES, TESTED, TESTED_AND_APPROVED } from '../../support/promotions.ts';

const moved = planOn(contentOf('something else'), 3);
const stricter = requirementsOf({}, { required_approvers: 2 });
const unapproved = requirementsOf({}, NO_APPROVAL);
const lock = {
  reason: 'incident',
  by: 'admin',
  at: '2026-11-21T11:00:00.000Z',
  scope: 'environment',
} as const;

describe('given a promotion that waits for approval', () => {
  it('emits no event when nothing changed, at any later time', () => {
    given(asks.request())
      .when(by(SYSTEM, asks.assess(), '2026-11-22T12:00:00.000Z'))
      .thenNothing();
  });

  it('another policy voids what was approved, asks again and starts the time anew', () => {
    const two = requirementsOf({}, { required_approvers: 2 });
    const { state, events } = given(
      asks.request({ facts: assessmentFacts({ requirements: two }) }),
      by(alice, asks.approve()),
    )
      .when(
        by(
          SYSTEM,
          asks.assess({ requirements: requirementsOf({}, { required_approvers: 3 }) }),
          '2026-11-23T12:00:00.000Z',
        ),
      )
      .thenEvents('ApprovalsVoided', 'PromotionAssessed');
    expect(eventOf(events, 'ApprovalsVoided').reason_code).toBe('policy_changed');
    expect(state).toMatchObject({
      status: 'pending',
      waiting_for: 'approval',
      approvals: [],
      reason_code: 'policy_changed',
      expires_at: '2026-11-30T12:00:00.000Z',
    });
  });

  it('a base that moved under another change set is target_moved', () => {
    const { state } = given(asks.request())
      .when(asks.assess({ plan: moved }))
      .thenEvents('ApprovalsVoided', 'PromotionAssessed');
    expect(state).toMatchObject({ status: 'pending', reason_code: 'target_moved' });
    expect(state.seal.plan).toEqual(moved);
  });

  it.each([
    ['source_changed', planOn(null, 0, contentOf('a newer build'))],
    ['change_set_changed', { ...planOn(), change_set_digest: contentOf('more keys') }],
  ])('a new plan says why it differs: %s', (reason, plan) => {
    const { events } = given(asks.request())
      .when(asks.assess({ plan }))
      .thenEvents('ApprovalsVoided', 'PromotionAssessed');
    expect(eventOf(events, 'ApprovalsVoided').reason_code).toBe(reason);
  });

  it('a base that moved under the same change set keeps the seal, the approvals and the time', () => {
    const two = requirementsOf({}, { required_approvers: 2 });
    const steps = [
      asks.request({ facts: assessmentFacts({ requirements: two }) }),
      by(alice, asks.approve()),
    ];
    const rebased = { ...planOn(), base: { digest: contentOf('untouched keys'), version: 4 } };
    const { state } = given(...steps)
      .when(asks.assess({ requirements: two, plan: rebased }))
      .thenEvents('PromotionAssessed');
    expect(state.approvals).toHaveLength(1);
    expect(state).toMatchObject({ status: 'pending', waiting_for: 'approval' });
    expect(state.seal.plan.base).toEqual(rebased.base);
  });

  it('what was defaulted to automatic stays so when approval is demanded later', () => {
    const { state } = given(asks.request({ facts: assessmentFacts({ requirements: unapproved }) }))
      .when(asks.assess({ requirements: stricter }))
      .thenEvents('ApprovalsVoided', 'PromotionAssessed');
    expect(state).toMatchObject({ status: 'pending', execution: 'automatic' });
    expect(state).not.toHaveProperty('execution_requested');
  });

  it('a policy that asks nobody any more lets it on', () => {
    given(asks.request())
      .when(by(SYSTEM, asks.assess({ requirements: unapproved })))
      .thenEvents('ApprovalsVoided', 'PromotionAssessed', 'PromotionApproved');
  });
});

describe('given a promotion blocked by a gate', () => {
  const blocked = [asks.request({ facts: assessmentFacts({ requirements: TESTED }) })];

  it('emits no event when nothing changed', () => {
    given(...blocked)
      .when(by(SYSTEM, asks.assess({ requirements: TESTED })))
      .thenNothing();
  });

  it('evidence that passes lets it on', () => {
    const { state } = given(...blocked)
      .when(asks.attachEvidence({ requirements: TESTED, evidence: [testReport()] }))
      .thenEvents('EvidenceAttached', 'PromotionAssessed', 'PromotionApproved', 'ExecutionRequested');
    expect(state).not.toHaveProperty('reason_code');
  });

  it('evidence that fails keeps it blocked, and says the new reason', () => {
    const { state } = given(...blocked)
      .when(
        asks.attachEvidence({ requirements: TESTED, evidence: [testReport({ result: { passed: false } })] }),
      )
      .thenEvents('EvidenceAttached', 'PromotionAssessed', 'PromotionBlocked');
    expect(state).toMatchObject({ status: 'blocked', reason_code: 'thresholds_not_met' });
  });

  it('an approval given meanwhile counts once the gate passes', () => {
    const requirements = TESTED_AND_APPROVED;
    const { state } = given(
      asks.request({ facts: assessmentFacts({ requirements }) }),
      by(alice, asks.approve()),
    )
      .when(by(SYSTEM, asks.assess({ requirements, evidence: [testReport()] })))
      .thenEvents('PromotionAssessed', 'PromotionApproved');
    expect(state).toMatchObject({ status: 'approved', approved_by: alice });
  });

  it('without its approval it then waits for that', () => {
    const requirements = TESTED_AND_APPROVED;
    const { state } = given(asks.request({ facts: assessmentFacts({ requirements }) }))
      .when(by(SYSTEM, asks.assess({ requirements, evidence: [testReport()] })))
      .thenEvents('PromotionAssessed');
    expect(state).toMatchObject({ status: 'pending', waiting_for: 'approval' });
    expect(state).not.toHaveProperty('reason_code');
  });
});

describe('given a promotion blocked by a lock', () => {
  it('it stays blocked while the lock is there, and nothing is said of it', () => {
    given(...PLACES['blocked by a lock'])
      .when(by(SYSTEM, asks.assess({ lock })))
      .thenNothing();
  });

  it('it is approved again without asking anybody, and its execution goes on', () => {
    const { state } = given(...PLACES['blocked by a lock'])
      .when(by(SYSTEM, asks.assess()))
      .thenEvents('PromotionAssessed', 'PromotionApproved', 'ExecutionRequested');
    expect(state).toMatchObject({ status: 'approved', approved_by: alice });
    expect(state).toHaveProperty('execution_requested');
  });
});

describe('given an approved promotion', () => {
  const approved = [asks.request(), by(alice, asks.approve())];

  it('a lock alone does not take the approval back', () => {
    given(...approved)
      .when(by(SYSTEM, asks.assess({ lock })))
      .thenNothing();
  });

  it('a broken seal sends it back to be approved again', () => {
    const { state } = given(...approved)
      .when(by(SYSTEM, asks.assess({ requirements: stricter })))
      .thenEvents('ApprovalsVoided', 'PromotionAssessed');
    expect(state).toMatchObject({ status: 'pending', waiting_for: 'approval', approvals: [] });
    expect(state).not.toHaveProperty('approved_at');
  });

  it('new evidence that still passes leaves it approved, and its execution asked for', () => {
    const requirements = TESTED_AND_APPROVED;
    const evidence = [testReport()];
    const { state } = given(
      asks.request({ facts: assessmentFacts({ requirements, evidence }) }),
      by(alice, asks.approve()),
      asks.requestExecution({ requirements, evidence }),
    )
      .when(
        asks.attachEvidence({
          requirements,
          evidence: [testReport({ result: { passed: true, total: 11 } })],
        }),
      )
      .thenEvents('EvidenceAttached', 'PromotionAssessed');
    expect(state).toMatchObject({ status: 'approved', execution_requested: { subject: 'sub-dev' } });
  });

  it('new evidence that fails blocks it, approvals kept', () => {
    const requirements = TESTED_AND_APPROVED;
    const { state } = given(
      asks.request({ facts: assessmentFacts({ requirements, evidence: [testReport()] }) }),
      by(alice, asks.approve()),
    )
      .when(asks.attachEvidence({ requirements, evidence: [testReport({ result: { passed: false } })] }))
      .thenEvents('EvidenceAttached', 'PromotionAssessed', 'PromotionBlocked');
    expect(state).toMatchObject({ status: 'blocked', approvals: [{ actor: alice }] });
  });
});

describe('given an automatic promotion whose target moved, and that nobody has to approve', () => {
  const waits = PLACES['pending, its target moved'];
  const requirements = unapproved;
  const plan = planOn(contentOf('another'));

  it('Sluice does not go on with it by itself, however often the target moves and whatever else changes', () => {
    given(...waits)
      .when(by(SYSTEM, asks.assess({ requirements, plan })))
      .thenNothing();
    const again = given(...waits)
      .when(by(SYSTEM, asks.assess({ requirements, plan: moved })))
      .thenEvents('ApprovalsVoided', 'PromotionAssessed').state;
    expect(again).toMatchObject({ waiting_for: 'assessment', reason_code: 'target_moved' });
    const laxer = requirementsOf({}, { ...NO_APPROVAL, require_comment: true });
    const policy = given(...waits)
      .when(
        by(SYSTEM, {
          type: 'assess',
          facts: assessmentFacts({ requirements: laxer, plan }),
          reason_code: 'x',
        }),
      )
      .thenEvents('ApprovalsVoided', 'PromotionAssessed').state;
    expect(policy).toMatchObject({ waiting_for: 'assessment', reason_code: 'target_moved' });
  });

  it('evidence does not make it go on either', () => {
    given(...waits)
      .when(asks.attachEvidence({ requirements, plan }))
      .thenEvents('EvidenceAttached', 'PromotionAssessed');
  });

  it('a person who validates it lets it on', () => {
    const { state } = given(...waits)
      .when(by(bob, asks.assess({ requirements, plan })))
      .thenEvents('PromotionAssessed', 'PromotionApproved', 'ExecutionRequested');
    expect(state).not.toHaveProperty('reason_code');
  });
});

function resubmit() {
  const command = asks.resubmit();
  if (command.type !== 'resubmit') throw new Error('another command');
  return command;
}

describe('given a promotion that was given back for changes', () => {
  const back = [asks.request(), by(alice, asks.requestChanges('Raise the limit first'))];

  it('it keeps what was asked for and is judged by nobody meanwhile', () => {
    given(...back)
      .when(by(SYSTEM, asks.assess({ plan: moved })))
      .thenNothing();
  });

  it('its requester continues it', () => {
    const { state } = given(...back)
      .when(asks.resubmit())
      .thenEvents('PromotionResubmitted', 'PromotionAssessed');
    expect(state).toMatchObject({ status: 'pending', waiting_for: 'approval' });
    expect(state).not.toHaveProperty('changes_requested');
    expect(state).not.toHaveProperty('reason_code');
  });

  it('who continues it with other content stands behind that, and is a requester too', () => {
    const { request } = promotionAfter(...back).state;
    const other = { ...request, notes: 'with the limit raised' };
    const { state } = given(...back)
      .when(by(bob, { ...resubmit(), request: other }))
      .thenEvents('PromotionResubmitted', 'PromotionAssessed');
    expect(state.request).toEqual(other);
    expect(requestersOf(state)).toEqual([dev, bob]);
  });

  it('so does evidence', () => {
    given(...back)
      .when(asks.attachEvidence())
      .thenEvents('EvidenceAttached', 'PromotionAssessed');
  });
});
