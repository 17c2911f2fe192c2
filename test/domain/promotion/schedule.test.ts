import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../../../functions/domain/identity/principal.ts';
import { by, eventOf, given } from '../../support/decider-specification.ts';
import { alice, asks, assessmentFacts, requirementsOf } from '../../support/promotion-facts.ts';
import { TOMORROW } from '../../support/promotions.ts';

const LATER = '2026-11-23T12:00:00.000Z';
const waiting = [asks.request()];
const scheduled = [asks.request(), asks.schedule(TOMORROW), by(alice, asks.approve())];

describe('given a promotion that waits for approval', () => {
  it('a time is kept and set when it is approved', () => {
    const kept = given(...waiting)
      .when(asks.schedule(TOMORROW))
      .thenEvents('PromotionScheduled').state;
    expect(kept).toMatchObject({ status: 'pending', schedule: { at: TOMORROW, on_missed: 'execute' } });
    const { state } = given(...waiting, asks.schedule(TOMORROW))
      .when(by(alice, asks.approve()))
      .thenEvents('ApprovalGranted', 'PromotionApproved', 'PromotionScheduled');
    expect(state).toMatchObject({ status: 'scheduled', schedule: { at: TOMORROW }, approved_by: alice });
  });

  it('a time that has passed by then executes', () => {
    given(...waiting, asks.schedule(TOMORROW))
      .when(by(alice, asks.approve(), TOMORROW))
      .thenEvents('ApprovalGranted', 'PromotionApproved', 'ExecutionRequested');
  });

  it('or fails, when it says so', () => {
    const { state } = given(...waiting, asks.schedule(TOMORROW, 'fail'))
      .when(by(alice, asks.approve(), LATER))
      .thenEvents('ApprovalGranted', 'PromotionApproved', 'PromotionFailed');
    expect(state).toMatchObject({
      status: 'failed',
      failure: { code: 'schedule_missed', target_state: 'unchanged' },
      approved_by: alice,
    });
  });

  it('an automatic one with a time waits for its time', () => {
    given(asks.request({ execution: 'automatic' }), asks.schedule(TOMORROW))
      .when(by(alice, asks.approve()))
      .thenEvents('ApprovalGranted', 'PromotionApproved', 'PromotionScheduled');
  });

  it.each([
    ['now', '2026-11-21T12:00:00.000Z'],
    ['the past', '2026-11-21T11:59:59.999Z'],
    ['after the approvals expire', '2026-11-28T12:00:00.000Z'],
    ['no instant', 'tomorrow'],
    ['a day that is none', '2026-11-31T12:00:00Z'],
  ])('%s is no time', (_, at) => {
    expect(
      given(...waiting)
        .when(asks.schedule(at))
        .thenRefused('invalid_request').data,
    ).toEqual({ field: 'at' });
  });

  it('more than a year ahead is no time, however long approvals hold', () => {
    const requirements = requirementsOf({}, { expires_after: 'P800D' });
    given(asks.request({ facts: assessmentFacts({ requirements }) }))
      .when(asks.schedule('2027-11-22T12:00:00.000Z'))
      .thenRefused('invalid_request');
  });

  it('a time with an offset is kept in UTC; the same time again is nothing new', () => {
    const { state } = given(...waiting)
      .when(asks.schedule('2026-11-22T13:00:00+01:00'))
      .thenEvents('PromotionScheduled');
    expect(state.schedule?.at).toBe(TOMORROW);
    given(...waiting, asks.schedule(TOMORROW))
      .when(asks.schedule('2026-11-22T12:00:00Z'))
      .thenNothing();
    given(...waiting, asks.schedule(TOMORROW))
      .when(asks.schedule(TOMORROW, 'fail'))
      .thenEvents('PromotionScheduled');
  });

  it('a time is forgotten, wherever the promotion waits', () => {
    const { state } = given(...waiting, by(alice, asks.requestChanges()), asks.schedule(TOMORROW))
      .when(asks.unschedule())
      .thenEvents('PromotionUnscheduled');
    expect(state).toMatchObject({ waiting_for: 'changes', changes_requested: 'Raise the limit first' });
    expect(state).not.toHaveProperty('schedule');
  });
});

describe('given a scheduled promotion', () => {
  it('it executes at its time and not before, by the workflow or by the verb', () => {
    const early = '2026-11-22T11:59:59.999Z';
    given(...scheduled)
      .when(by(SYSTEM, asks.startExecution(), early))
      .thenRefused('invalid_transition');
    given(...scheduled)
      .when(by(alice, asks.requestExecution(), early))
      .thenRefused('invalid_transition');
    given(...scheduled)
      .when(by(SYSTEM, asks.startExecution(), TOMORROW))
      .thenEvents('ExecutionStarted');
    const { state } = given(...scheduled)
      .when(by(SYSTEM, asks.requestExecution(), TOMORROW))
      .thenEvents('ExecutionRequested');
    expect(state).toMatchObject({ status: 'approved', execution_requested: SYSTEM, approved_by: alice });
  });

  it('unscheduled it is approved and waits for a person, even an automatic one', () => {
    const { state } = given(
      asks.request({ execution: 'automatic' }),
      asks.schedule(TOMORROW),
      by(alice, asks.approve()),
    )
      .when(asks.unschedule())
      .thenEvents('PromotionUnscheduled');
    expect(state).toMatchObject({ status: 'approved', approved_by: alice });
    expect(state).not.toHaveProperty('execution_requested');
  });

  it('due inside a freeze it waits for the end, and then executes without anybody', () => {
    const freeze = { reason: 'Christmas', ends_at: LATER };
    const frozen = by(SYSTEM, asks.startExecution({ freeze }), TOMORROW);
    const { events } = given(...scheduled)
      .when(frozen)
      .thenEvents('PromotionBlocked');
    expect(eventOf(events, 'PromotionBlocked')).toMatchObject({ blocked_by: ['frozen'] });
    given(...scheduled, frozen)
      .when(by(SYSTEM, asks.assess({ freeze }), TOMORROW))
      .thenNothing();
    given(...scheduled, frozen)
      .when(by(SYSTEM, asks.assess(), LATER))
      .thenEvents('PromotionAssessed', 'PromotionApproved', 'ExecutionRequested');
  });
});
