import { describe, expect, it } from 'vitest';
import type { Requirements } from '../../../functions/domain/policy/requirements.ts';
import { admissionOf, inHindsight } from '../../../functions/domain/promotion/what-if.ts';
import { by, promotionAfter, type Step } from '../../support/decider-specification.ts';
import {
  alice,
  asks,
  contentOf,
  dev,
  planOn,
  requirementsOf,
  testReport,
} from '../../support/promotion-facts.ts';

const LATER = '2026-11-21T13:00:00.000Z';

/** A promotion that began to execute an hour after it was asked for. */
const begun = (...approvals: readonly Step[]) =>
  promotionAfter(
    by(dev, asks.request()),
    ...approvals,
    by(dev, asks.requestExecution(), LATER),
    by(dev, asks.startExecution(), LATER),
  );
const admitted = (...approvals: readonly Step[]) => {
  const { state, events } = begun(...approvals);
  const admission = admissionOf(events);
  if (admission === undefined) throw new Error('it never executed');
  return { state, admission };
};
const approval = by(alice, asks.approve());

/** What other requirements would have made of it. */
function hindsight(
  changes: Partial<Requirements>,
  { approvals = [approval], evidence = [] as Parameters<typeof inHindsight>[3] } = {},
) {
  const { state, admission } = admitted(...approvals);
  return inHindsight(admission, state, requirementsOf({}, changes), evidence);
}

describe('the decision by which a promotion began to execute', () => {
  it('is none where it never did', () => {
    expect(admissionOf([])).toBeUndefined();
    expect(admissionOf(promotionAfter(asks.request(), approval).events)).toBeUndefined();
  });

  it('is the one of its execution, with when its approvals would have expired', () => {
    const { state, events } = begun(approval);
    const admission = admissionOf(events);
    expect(admission?.decision.as_of).toBe(LATER);
    expect(admission?.seq).toBe(events.find(({ event }) => event.type === 'ExecutionStarted')?.seq);
    expect(admission?.expires_at).toBe(state.expires_at);
  });

  it('expires as the last assessment before it says, not one of what came later', () => {
    const other = { plan: planOn(null, 0, contentOf('other')) };
    const again = promotionAfter(
      by(dev, asks.request()),
      by(alice, asks.requestChanges()),
      by(dev, asks.resubmit(other), '2026-11-21T12:30:00.000Z'),
      by(alice, asks.approve(), '2026-11-21T12:40:00.000Z'),
      by(dev, asks.requestExecution(other), LATER),
      by(dev, asks.startExecution(other), LATER),
    );
    expect(admissionOf(again.events)?.expires_at).toBe(again.state.expires_at);
  });
});

describe('an admission in hindsight', () => {
  it('is admitted again by what admitted it', () => {
    expect(hindsight({})).toEqual({ outcome: 'admitted', reason_codes: [] });
  });

  it('is refused where more approvals were asked for, of anybody or of a group', () => {
    const refused = { outcome: 'refused', reason_codes: ['approval_required'] };
    expect(hindsight({ required_approvers: 2 })).toEqual(refused);
    expect(hindsight({ groups: [{ group: 'security', min: 1 }] })).toEqual(refused);
    const secure = [by(alice, asks.approve({ groups: ['security'] }))];
    const group = { groups: [{ group: 'security', min: 1 }] };
    expect(hindsight(group, { approvals: secure })).toEqual({ outcome: 'admitted', reason_codes: [] });
  });

  it('counts no approval without a comment where each says why', () => {
    expect(hindsight({ require_comment: true }).reason_codes).toEqual(['approval_required']);
    const said = [by(alice, asks.approve({ comment: 'fine' }))];
    expect(hindsight({ require_comment: true }, { approvals: said }).outcome).toBe('admitted');
  });

  it('counts no approval of who asked, where that is barred', () => {
    const { state, admission } = admitted(approval);
    const asker = { requester: alice };
    const barred = requirementsOf();
    expect(barred.separation_of_duties.requester).toBe(true);
    expect(inHindsight(admission, asker, barred, []).reason_codes).toEqual(['approval_required']);
    const also = { requester: dev, also_requested_by: [alice] };
    expect(inHindsight(admission, also, barred, []).outcome).toBe('refused');
    const open = { ...barred.separation_of_duties, requester: false };
    expect(
      inHindsight(admission, asker, requirementsOf({}, { separation_of_duties: open }), []).outcome,
    ).toBe('admitted');
    expect(state.requester).toEqual(dev);
  });

  it('is refused once it took as long as its approvals would have held', () => {
    expect(hindsight({ expires_after: 'PT1H' })).toEqual({ outcome: 'refused', reason_codes: ['expired'] });
    expect(hindsight({ expires_after: 'PT1H1S' }).outcome).toBe('admitted');
  });

  const gate = { name: 'tests', mode: 'block', applies_to: ['agent'], producers: ['ci'] } as const;
  it('is refused by a gate that had no report, and admitted with one', () => {
    expect(hindsight({ gates: [gate] })).toEqual({ outcome: 'refused', reason_codes: ['evidence_missing'] });
    expect(hindsight({ gates: [gate] }, { evidence: [testReport()] })).toEqual({
      outcome: 'admitted',
      reason_codes: [],
    });
    expect(hindsight({ gates: [{ ...gate, mode: 'warn' }] }).outcome).toBe('admitted');
  });

  it('is undecided by a provider that nobody asked, unless something else refuses', () => {
    const provider = { type: 'http', url: 'https://board.acme.com/', secret_ref: 's' } as const;
    const asked = { gates: [{ ...gate, name: 'board', provider }] };
    expect(hindsight(asked).outcome).toBe('undecided');
    expect(hindsight(asked).reason_codes).toHaveLength(1);
    expect(hindsight({ ...asked, required_approvers: 2 })).toEqual({
      outcome: 'refused',
      reason_codes: ['approval_required'],
    });
    expect(
      hindsight({ ...asked, gates: [...asked.gates, gate], required_approvers: 2 }).reason_codes,
    ).toEqual(['approval_required', 'evidence_missing']);
  });

  it.each(['author', 'previous_promoter', 'evidence_producer'] as const)(
    'is undecided where an approval may not come from the %s, who is recorded nowhere',
    (relation) => {
      const { separation_of_duties } = requirementsOf();
      const none = {
        ...separation_of_duties,
        author: false,
        previous_promoter: false,
        evidence_producer: false,
      };
      const [asks_more, as_before] = [{ ...none, [relation]: true }, none];
      const { state, admission } = admitted(approval);
      const sealed = {
        ...admission,
        seal: { ...admission.seal, requirements: requirementsOf({}, { separation_of_duties: none }) },
      };
      const judged = (duties: typeof none, from = sealed) =>
        inHindsight(from, state, requirementsOf({}, { separation_of_duties: duties }), []);
      expect(judged(asks_more)).toEqual({ outcome: 'undecided', reason_codes: ['separation_unknown'] });
      expect(judged(as_before).outcome).toBe('admitted');
      // It was asked for then too: whoever approved was held against it.
      const then = requirementsOf({}, { separation_of_duties: asks_more });
      expect(
        judged(asks_more, { ...admission, seal: { ...admission.seal, requirements: then } }).outcome,
      ).toBe('admitted');
      // Nobody approved: nobody can have been barred.
      const free = { requires_approval: false, required_approvers: 0, separation_of_duties: asks_more };
      expect(inHindsight({ ...sealed, approvals: [] }, state, requirementsOf({}, free), []).outcome).toBe(
        'admitted',
      );
    },
  );
});
