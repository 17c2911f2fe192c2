import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../../../functions/domain/identity/principal.ts';
import { goneApprovals } from '../../../functions/domain/promotion/standing.ts';
import { by, eventOf, given } from '../../support/decider-specification.ts';
import {
  alice,
  approver,
  asks,
  assessmentFacts,
  bob,
  person,
  requirementsOf,
  testReport,
} from '../../support/promotion-facts.ts';

const erin = person('erin');
const tested = requirementsOf({}, { required_approvers: 2 });
const facts = assessmentFacts({ requirements: tested });

/** Three approved while a gate blocked, and then it passed: one more than has to. */
const blockedFacts = () => {
  const [policy] = tested.gates;
  if (policy === undefined) throw new Error('a gate is always there');
  const gate = { ...policy, name: 'tests', applies_to: ['agent'] as const, producers: ['ci'] };
  return assessmentFacts({
    requirements: requirementsOf({}, { required_approvers: 2, gates: [policy, gate] }),
  });
};

describe('approvals at execution', () => {
  it('are void one by one, in an event that names their approvers', () => {
    const { state, events } = given(
      asks.request({ facts }),
      by(alice, asks.approve()),
      by(bob, asks.approve()),
      asks.requestExecution(facts),
    )
      .when(by(SYSTEM, asks.startExecution(facts, [approver(alice)])))
      .thenEvents('ApprovalsVoided', 'PromotionAssessed');
    expect(eventOf(events, 'ApprovalsVoided')).toMatchObject({
      approvers: [bob.subject],
      reason_code: 'approver_gone',
    });
    expect(state).toMatchObject({ status: 'pending', approvals: [{ actor: alice }] });
  });

  it('go on by the execution that was asked for where those left are enough', () => {
    const waiting = blockedFacts();
    const passed = { ...waiting, evidence: [testReport()] };
    const { state } = given(
      asks.request({ facts: waiting }),
      ...[alice, bob, erin].map((one) => by(one, asks.approve())),
      asks.attachEvidence(passed),
      asks.requestExecution(passed),
    )
      .when(
        by(
          SYSTEM,
          asks.startExecution(
            passed,
            [alice, bob].map((one) => approver(one)),
          ),
        ),
      )
      .thenEvents('ApprovalsVoided', 'PromotionAssessed', 'PromotionApproved', 'ExecutionRequested');
    expect(state).toMatchObject({ status: 'approved', approved_by: bob });
  });
});

describe('an approval', () => {
  it('is its own person’s or machine’s: the same subject as another kind does not vouch for it', () => {
    const approval = {
      actor: alice,
      groups: [],
      manifest_digest: tested.policy_digest,
      at: '2026-11-21T12:00:00.000Z',
    };
    const seal = { requirements: tested };
    const state = { target_environment: 'production', approvals: [approval], seal };
    expect(goneApprovals(state, [approver(alice)])).toEqual([]);
    expect(goneApprovals(state, [approver(alice, { kind: 'machine' })])).toEqual([approval]);
    expect(goneApprovals(state, [])).toEqual([approval]);
  });
});
