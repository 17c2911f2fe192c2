import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../../../functions/domain/identity/principal.ts';
import { matchesFilter, type PromotionFilter } from '../../../functions/domain/promotion/filter.ts';
import { by, promotionAfter } from '../../support/decider-specification.ts';
import { alice, asks, bob, dev, NOON } from '../../support/promotion-facts.ts';

const asked = promotionAfter(asks.request()).state;
const rejected = promotionAfter(asks.request(), by(alice, asks.reject())).state;
const cancelled = promotionAfter(asks.request(), by(bob, asks.cancel())).state;
const begun = promotionAfter(
  asks.request(),
  by(alice, asks.approve()),
  by(bob, asks.requestExecution()),
  by(bob, asks.startExecution()),
).state;

describe('a filter of promotions', () => {
  it.each<[string, PromotionFilter, boolean]>([
    ['nothing in particular', {}, true],
    ['its status', { statuses: ['completed', 'pending'] }, true],
    ['other statuses', { statuses: ['completed'] }, false],
    ['no status at all', { statuses: [] }, false],
    ['its kind', { kind: 'agent' }, true],
    ['another kind', { kind: 'config' }, false],
    ['its source', { source_environment: 'staging' }, true],
    ['its target as source', { source_environment: 'production' }, false],
    ['its target', { target_environment: 'production' }, true],
    ['its source as target', { target_environment: 'staging' }, false],
    ['its source as either', { environment: 'staging' }, true],
    ['its target as either', { environment: 'production' }, true],
    ['another environment as either', { environment: 'development' }, false],
    ['its subject', { subject_name: asked.subject.name }, true],
    ['another subject', { subject_name: 'agent-9' }, false],
    ['from its moment on', { requested_from: NOON }, true],
    ['from later on', { requested_from: '2026-11-21T12:00:00.001Z' }, false],
    ['before its moment', { requested_before: NOON }, false],
    ['until after it', { requested_before: '2026-11-21T12:00:00.001Z' }, true],
    ['its requester and another status', { requester: dev.subject, statuses: ['failed'] }, false],
  ])('matches %s', (_, filter, expected) => {
    expect(matchesFilter(asked, filter)).toBe(expected);
  });

  it.each([
    ['who asked', asked, dev, true],
    ['nobody else while nobody else has acted', asked, alice, false],
    ['who approved', begun, alice, true],
    ['who executes', begun, bob, true],
    ['who rejected', rejected, alice, true],
    ['nobody who only could have', rejected, bob, false],
    ['who cancelled', cancelled, bob, true],
    ['nobody else when it was cancelled', cancelled, alice, false],
    ['not Sluice', begun, SYSTEM, false],
  ])('by a person finds %s', (_, state, actor, expected) => {
    expect(matchesFilter(state, { person: actor.subject })).toBe(expected);
    expect(matchesFilter(state, { person: actor.email.toUpperCase() })).toBe(expected);
  });

  it('by a requester finds nobody who only approved, and the owner of a machine that asked', () => {
    expect(matchesFilter(begun, { requester: dev.email })).toBe(true);
    expect(matchesFilter(begun, { requester: alice.email })).toBe(false);
    const machine = {
      subject: 'bot',
      email: 'bot@machines',
      kind: 'machine',
      owner: 'Carol@acme.com',
    } as const;
    const byMachine = { ...asked, requester: machine };
    expect(matchesFilter(byMachine, { requester: 'carol@acme.com' })).toBe(true);
    expect(matchesFilter(byMachine, { requester: 'dev@acme.com' })).toBe(false);
    const byTwo = { ...asked, also_requested_by: [bob] };
    for (const { email } of [dev, bob]) expect(matchesFilter(byTwo, { requester: email })).toBe(true);
  });
});
