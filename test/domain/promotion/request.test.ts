import { describe, expect, it } from 'vitest';
import { digest } from '../../../functions/domain/digest.ts';
import { SYSTEM } from '../../../functions/domain/identity/principal.ts';
import { decisionDigest } from '../../../functions/domain/promotion/judge.ts';
import { eventOf, given } from '../../support/decider-specification.ts';
import {
  asks,
  assessmentFacts,
  dev,
  NO_APPROVAL,
  NOON,
  planOn,
  requirementsOf,
} from '../../support/promotion-facts.ts';
import { TESTED } from '../../support/promotions.ts';

const unapproved = assessmentFacts({ requirements: requirementsOf({}, NO_APPROVAL) });

describe('given no promotion', () => {
  it('a request is sealed and judged at once, and waits for approval', () => {
    const { state, events } = given()
      .when(asks.request())
      .thenEvents('PromotionRequested', 'PromotionAssessed');
    expect(state).toMatchObject({
      status: 'pending',
      waiting_for: 'approval',
      requester: dev,
      requested_at: NOON,
      execution: 'manual',
      approvals: [],
      expires_at: '2026-11-28T12:00:00.000Z',
      seq: 2,
    });
    const { decision, decision_digest, seal } = eventOf(events, 'PromotionAssessed');
    expect(decision).toMatchObject({ outcome: 'pending', as_of: NOON, reason_codes: ['approval_required'] });
    expect(decision_digest).toBe(decisionDigest(decision));
    expect(seal.manifest_digest).toBe(digest('sluice/manifest/v1', seal.manifest));
    expect(state.decision_digest).toBe(decision_digest);
  });

  it('an agent promotion that nobody has to approve executes by itself', () => {
    const { state } = given()
      .when(asks.request({ facts: unapproved }))
      .thenEvents('PromotionRequested', 'PromotionAssessed', 'PromotionApproved', 'ExecutionRequested');
    expect(state).toMatchObject({ status: 'approved', execution: 'automatic', execution_requested: SYSTEM });
    expect(state).not.toHaveProperty('approved_by');
  });

  it('it waits for a person when it asks to', () => {
    const { state } = given()
      .when(asks.request({ facts: unapproved, execution: 'manual' }))
      .thenEvents('PromotionRequested', 'PromotionAssessed', 'PromotionApproved');
    expect(state).toMatchObject({ status: 'approved', execution: 'manual' });
    expect(state).not.toHaveProperty('execution_requested');
  });

  it('configuration waits for a person unless asked otherwise', () => {
    const subject = { kind: 'config', name: 'config' } as const;
    given()
      .when(asks.request({ facts: unapproved, subject }))
      .thenEvents('PromotionRequested', 'PromotionAssessed', 'PromotionApproved');
    given()
      .when(asks.request({ facts: unapproved, subject, execution: 'automatic' }))
      .thenEvents('PromotionRequested', 'PromotionAssessed', 'PromotionApproved', 'ExecutionRequested');
  });

  it('a gate that does not pass blocks it, and says which and why', () => {
    const { state } = given()
      .when(asks.request({ facts: assessmentFacts({ requirements: TESTED }) }))
      .thenEvents('PromotionRequested', 'PromotionAssessed', 'PromotionBlocked');
    expect(state).toMatchObject({
      status: 'blocked',
      blocked_by: ['tests'],
      reason_code: 'evidence_missing',
    });
  });

  it('how it executes is part of what is approved, so it never changes afterwards', () => {
    const automatic = given()
      .when(asks.request({ execution: 'automatic' }))
      .thenEvents('PromotionRequested', 'PromotionAssessed').state;
    const manual = given()
      .when(asks.request({ execution: 'manual' }))
      .thenEvents('PromotionRequested', 'PromotionAssessed').state;
    expect(automatic.seal.manifest.options.execution).toBe('automatic');
    expect(automatic.seal.manifest_digest).not.toBe(manual.seal.manifest_digest);
  });

  it('a recorded source is marked in the decision', () => {
    const plan = planOn();
    const facts = assessmentFacts({ plan: { ...plan, source: { ...plan.source, recorded: true } } });
    const { events } = given()
      .when(asks.request({ facts }))
      .thenEvents('PromotionRequested', 'PromotionAssessed');
    expect(eventOf(events, 'PromotionAssessed').decision.reason_codes).toContain('recorded_source');
  });
});
