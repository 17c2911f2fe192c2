import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../functions/domain/identity/principal.ts';
import { by, eventOf, given } from '../../support/decider-specification.ts';
import {
  alice,
  asks,
  assessmentFacts,
  bob,
  contentOf,
  dev,
  NOBODY,
  NOON,
  person,
  requirementsOf,
} from '../../support/promotion-facts.ts';

const asking = (changes: Parameters<typeof requirementsOf>[1]) =>
  asks.request({ facts: assessmentFacts({ requirements: requirementsOf({}, changes) }) });
const everyone = { requester: true, author: true, previous_promoter: true, evidence_producer: true };
const machine: Actor = { subject: 'mach-1', email: '', kind: 'machine', owner: 'sub-dev' };

describe('given a promotion that waits for one approval', () => {
  it('the approver who completes the quorum is its approver', () => {
    const { state, events } = given(asks.request())
      .when(by(alice, asks.approve({ comment: '  looks good ', groups: ['release'] })))
      .thenEvents('ApprovalGranted', 'PromotionApproved');
    const { manifest_digest } = state.seal;
    expect(eventOf(events, 'ApprovalGranted').approval).toEqual({
      actor: alice,
      groups: ['release'],
      manifest_digest,
      at: NOON,
      comment: 'looks good',
    });
    expect(state).toMatchObject({ status: 'approved', approved_at: NOON, approved_by: alice });
  });

  it('an automatic one then executes', () => {
    given(asks.request({ execution: 'automatic' }))
      .when(by(alice, asks.approve()))
      .thenEvents('ApprovalGranted', 'PromotionApproved', 'ExecutionRequested');
  });

  it('an approval of another manifest is refused, and names the present one', () => {
    const refusal = given(asks.request())
      .when(by(alice, asks.approve({ manifest_digest: contentOf('an older manifest') })))
      .thenRefused('manifest_changed');
    expect(refusal.data?.['manifest_digest']).toMatch(/^sha256:/);
  });

  it('a reason is needed to reject it', () => {
    given(asks.request())
      .when(by(alice, asks.reject('  ')))
      .thenRefused('invalid_request');
    const { state } = given(asks.request()).when(by(alice, asks.reject())).thenEvents('PromotionRejected');
    expect(state).toMatchObject({
      status: 'rejected',
      reason: 'Tests not passing on staging',
      rejected_by: alice,
      closed_by: 'person',
      completed_at: NOON,
    });
  });

  it('a reason is needed to ask for changes', () => {
    given(asks.request())
      .when(by(alice, asks.requestChanges('')))
      .thenRefused('invalid_request');
  });
});

describe('given a promotion that waits for two approvals', () => {
  const one = [asking({ required_approvers: 2 }), by(alice, asks.approve())];

  it('one person counts once, under whatever identity', () => {
    given(...one)
      .when(by(alice, asks.approve()))
      .thenNothing();
    given(...one)
      .when(by({ ...alice, subject: 'another-login' }, asks.approve()))
      .thenNothing();
    given(...one)
      .when(by({ subject: 'sub-x', email: 'ALICE@ACME.COM', kind: 'person' }, asks.approve()))
      .thenNothing();
  });

  it('two people complete it', () => {
    const { state } = given(...one)
      .when(by(bob, asks.approve()))
      .thenEvents('ApprovalGranted', 'PromotionApproved');
    expect(state).toMatchObject({ approved_by: bob });
  });

  it('changes asked for take back what was approved', () => {
    const { state } = given(...one)
      .when(by(bob, asks.requestChanges()))
      .thenEvents('ApprovalsVoided', 'ChangesRequested');
    expect(state).toMatchObject({ waiting_for: 'changes', approvals: [], reason_code: 'changes_requested' });
  });
});

describe('given a promotion that waits for groups', () => {
  const request = asking({
    required_approvers: 2,
    groups: [
      { group: 'release', min: 1 },
      { group: 'security', min: 1 },
    ],
  });

  it('an approval counts in every group its giver is in', () => {
    const { state } = given(request, by(alice, asks.approve({ groups: ['release', 'security'] })))
      .when(by(bob, asks.approve()))
      .thenEvents('ApprovalGranted', 'PromotionApproved');
    expect(state).toMatchObject({ approved_by: bob });
  });

  it('enough people without the right groups are not enough', () => {
    given(request, by(alice, asks.approve({ groups: ['release'] })))
      .when(by(bob, asks.approve({ groups: ['release'] })))
      .thenEvents('ApprovalGranted');
  });

  it('a machine approves only where a policy names its group', () => {
    const robot: Actor = { ...machine, owner: 'sub-somebody' };
    given(request).when(by(robot, asks.approve())).thenRefused('not_authorized');
    given(request)
      .when(by(robot, asks.approve({ groups: ['other'] })))
      .thenRefused('not_authorized');
    given(request)
      .when(by(robot, asks.approve({ groups: ['security'] })))
      .thenEvents('ApprovalGranted');
  });
});

describe('given a policy that demands a comment', () => {
  it('an approval without one is refused', () => {
    const request = asking({ require_comment: true });
    given(request).when(by(alice, asks.approve())).thenRefused('comment_required');
    given(request)
      .when(by(alice, asks.approve({ comment: ' \n' })))
      .thenRefused('comment_required');
    given(request)
      .when(by(alice, asks.approve({ comment: 'seen' })))
      .thenEvents('ApprovalGranted', 'PromotionApproved');
  });
});

describe('separation of duties', () => {
  it('the requester may not approve, under whatever identity', () => {
    const identities: readonly Actor[] = [
      dev,
      { ...dev, email: 'other@acme.com' },
      { subject: 'another-login', email: 'Dev@ACME.com', kind: 'person' },
      machine,
    ];
    for (const actor of identities) {
      const refusal = given(asks.request())
        .when(by(actor, asks.approve()))
        .thenRefused('separation_of_duties');
      expect(refusal.data).toEqual({ relation: 'requester' });
    }
  });

  it.each([
    ['author', { ...NOBODY, authors: [alice] }],
    ['previous_promoter', { ...NOBODY, previous_promoters: [bob, alice] }],
    ['evidence_producer', { ...NOBODY, evidence_producers: [{ ...machine, owner: 'alice@acme.com' }] }],
  ])('who is the %s may not approve where the policy says so', (relation, separation) => {
    const strict = asking({ separation_of_duties: everyone });
    const refusal = given(strict)
      .when(by(alice, asks.approve({ separation })))
      .thenRefused('separation_of_duties');
    expect(refusal.data).toEqual({ relation });
    given(asks.request())
      .when(by(alice, asks.approve({ separation })))
      .thenEvents('ApprovalGranted', 'PromotionApproved');
  });

  it('fails closed when it cannot be read', () => {
    given(asks.request())
      .when(by(alice, asks.approve({ separation: 'unreadable' })))
      .thenRefused('separation_of_duties');
  });

  it('is asked before what the approval carries', () => {
    given(asking({ require_comment: true }))
      .when(by(dev, asks.approve({ manifest_digest: contentOf('old') })))
      .thenRefused('separation_of_duties');
  });

  it('lets a requester approve where the policy says so', () => {
    const request = asking({ separation_of_duties: { ...everyone, requester: false } });
    given(request).when(by(dev, asks.approve())).thenEvents('ApprovalGranted', 'PromotionApproved');
  });
});

describe('given fifty people', () => {
  it('each approval counts once and the last demanded one completes it', () => {
    const people = Array.from({ length: 50 }, (_, index) => person(`p${index}`));
    const steps = people.slice(0, 49).map((actor) => by(actor, asks.approve()));
    const { state } = given(asking({ required_approvers: 50 }), ...steps)
      .when(by(person('p49'), asks.approve()))
      .thenEvents('ApprovalGranted', 'PromotionApproved');
    expect(state.approvals).toHaveLength(50);
  });
});
