import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../../../functions/domain/identity/principal.ts';
import { by, given } from '../../support/decider-specification.ts';
import {
  alice,
  asks,
  assessmentFacts,
  dev,
  NO_APPROVAL,
  requirementsOf,
} from '../../support/promotion-facts.ts';

const LOCK = { lock: { reason: 'incident', by: 'admin', at: '', scope: 'environment' } } as const;
const CLAIM = { claim: { promotion: 'prom-other', fence: 2, at: '' } } as const;
const unapproved = requirementsOf({}, NO_APPROVAL);
const LATER = '2026-11-21T15:00:00.000Z';

describe('given an execution that was asked for and then stopped', () => {
  it.each([
    ['a lock', LOCK],
    ['the claim of another promotion', CLAIM],
  ])('by %s, it goes on by itself once that is gone, in the name of who asked', (_, stop) => {
    const { state } = given(
      asks.request(),
      by(alice, asks.approve()),
      by(dev, asks.requestExecution()),
      by(SYSTEM, asks.startExecution(stop)),
      by(SYSTEM, asks.attachEvidence(stop)),
    )
      .when(by(SYSTEM, asks.assess()))
      .thenEvents('PromotionAssessed', 'PromotionApproved', 'ExecutionRequested');
    expect(state).toMatchObject({ status: 'approved', approved_by: alice, execution_requested: dev });
  });

  it('it does not count as missed though its time has passed', () => {
    const at = '2026-11-21T13:00:00.000Z';
    const { state } = given(
      asks.request(),
      asks.schedule(at, 'fail'),
      by(alice, asks.approve()),
      by(SYSTEM, asks.requestExecution(), at),
      by(SYSTEM, asks.startExecution(LOCK), at),
    )
      .when(by(SYSTEM, asks.assess(), LATER))
      .thenEvents('PromotionAssessed', 'PromotionApproved', 'ExecutionRequested');
    expect(state).toMatchObject({ status: 'approved', execution_requested: SYSTEM });
  });

  it('it is not asked for again where its rules have changed meanwhile', () => {
    const requirements = unapproved;
    const laxer = requirementsOf({}, { ...NO_APPROVAL, require_comment: true });
    const { state } = given(
      asks.request({ facts: assessmentFacts({ requirements }), execution: 'manual' }),
      by(dev, asks.requestExecution({ requirements })),
      by(SYSTEM, asks.startExecution({ requirements, ...LOCK })),
    )
      .when(by(SYSTEM, asks.assess({ requirements: laxer })))
      .thenEvents('ApprovalsVoided', 'PromotionAssessed', 'PromotionApproved');
    expect(state).toMatchObject({ status: 'approved' });
    expect(state).not.toHaveProperty('execution_requested');
  });

  it('another time that is set meanwhile replaces it', () => {
    const { state } = given(
      asks.request(),
      by(alice, asks.approve()),
      by(dev, asks.requestExecution()),
      by(SYSTEM, asks.startExecution(LOCK)),
      asks.schedule('2026-11-22T12:00:00.000Z'),
    )
      .when(by(SYSTEM, asks.assess()))
      .thenEvents('PromotionAssessed', 'PromotionApproved', 'PromotionScheduled');
    expect(state).toMatchObject({ status: 'scheduled' });
  });
});

describe('given an approved promotion', () => {
  it('an approver rejects it until its head is claimed', () => {
    given(asks.request(), by(alice, asks.approve()), asks.requestExecution())
      .when(by(alice, asks.reject()))
      .thenEvents('PromotionRejected');
    given(
      asks.request(),
      by(alice, asks.approve()),
      asks.requestExecution(),
      by(SYSTEM, asks.startExecution()),
    )
      .when(by(alice, asks.reject()))
      .thenRefused('already_decided');
  });
});

describe('given a promotion that a rule requested', () => {
  it('it executes when it is approved', () => {
    given(asks.request({ rule_id: 'rule-1' }))
      .when(by(alice, asks.approve()))
      .thenEvents('ApprovalGranted', 'PromotionApproved', 'ExecutionRequested');
  });
});

describe('given a promotion that fails when its time is missed', () => {
  it('another time keeps that', () => {
    const { state } = given(asks.request(), asks.schedule('2026-11-22T12:00:00.000Z', 'fail'))
      .when({ type: 'schedule', at: '2026-11-23T12:00:00.000Z' })
      .thenEvents('PromotionScheduled');
    expect(state).toMatchObject({ schedule: { on_missed: 'fail' } });
  });
});
