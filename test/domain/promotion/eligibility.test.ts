import { describe, expect, it } from 'vitest';
import type { Principal } from '../../../functions/domain/identity/principal.ts';
import { eligibility } from '../../../functions/domain/promotion/eligibility.ts';
import { by, promotionAfter } from '../../support/decider-specification.ts';
import { alice, asks, assessmentFacts, NOBODY, NOON, requirementsOf } from '../../support/promotion-facts.ts';
import { promotionIn } from '../../support/promotions.ts';

const member = (
  name: string,
  roles: readonly Principal['grants'][number][],
  groups: readonly string[] = [],
): Principal => ({
  tenant: 'acme',
  subject: `sub-${name}`,
  email: `${name}@acme.com`,
  kind: 'person',
  groups,
  grants: roles,
});
const approver = { role: 'approver' } as const;
const people = [
  member('dev', [approver]),
  member('alice', [approver]),
  member('bob', [{ role: 'approver', environment: 'production' }]),
  member('erin', [{ role: 'approver', environment: 'staging' }]),
  { ...member('robot', [approver], ['bots']), kind: 'machine' as const },
  { ...member('guard', [approver], ['security']), kind: 'machine' as const },
];
const whys = (
  state: Parameters<typeof eligibility>[0],
  separation: Parameters<typeof eligibility>[2] = NOBODY,
  now = NOON,
  weakened: Parameters<typeof eligibility>[3] = [],
) =>
  eligibility(state, people, separation, weakened, now).map(({ eligible, why }) => (eligible ? 'may' : why));

describe('who may still approve', () => {
  it('is said of each person, duties before roles', () => {
    const groups = [{ group: 'security', min: 1 }];
    const requirements = requirementsOf({}, { required_approvers: 2, groups });
    const { state } = promotionAfter(
      asks.request({ facts: assessmentFacts({ requirements }) }),
      by(alice, asks.approve()),
    );
    expect(whys(state)).toEqual([
      'separation_of_duties',
      'approved_already',
      'may',
      'not_authorized',
      'not_authorized',
      'may',
    ]);
  });

  it('is nobody when duties cannot be read, when time is up, when it is decided, or when it waits for changes', () => {
    const waiting = promotionIn('pending, waiting for approval').state;
    expect(new Set(whys(waiting, 'unreadable'))).toEqual(new Set(['separation_of_duties']));
    expect(new Set(whys(waiting, NOBODY, waiting.expires_at))).toEqual(new Set(['expired']));
    expect(new Set(whys(promotionIn('approved').state))).toEqual(new Set(['already_decided']));
    expect(new Set(whys(promotionIn('pending, waiting for changes').state))).toEqual(
      new Set(['invalid_transition']),
    );
  });

  it('bars who weakened what governs it while it was open, after duties and roles', () => {
    const { state } = promotionIn('pending, waiting for approval');
    const by = ['alice', 'dev', 'erin'].map((name) => {
      return { subject: `sub-${name}`, email: `${name}@acme.com`, kind: 'person' as const };
    });
    const weakens = [{ what: 'required_approvers', kinds: [state.subject.kind] }];
    const weakened = { seq: 7, at: state.requested_at, by, machines: [], weakens };
    expect(whys(state, NOBODY, NOON, [weakened])).toEqual([
      'separation_of_duties',
      'governor',
      'may',
      'not_authorized',
      'not_authorized',
      'not_authorized',
    ]);
  });
});
