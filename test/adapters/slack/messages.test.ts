import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approvalMessage } from '../../../functions/adapters/slack/approval-message.ts';
import { formFor } from '../../../functions/adapters/slack/form.ts';
import { noticeMessage } from '../../../functions/adapters/slack/notice-message.ts';
import { offerOf } from '../../../functions/adapters/slack/offer.ts';
import { standing } from '../../../functions/adapters/slack/standing.ts';
import { cutMarkup, escaped, named } from '../../../functions/adapters/slack/text.ts';
import { noticesOf } from '../../../functions/domain/notification/notice.ts';
import type { PromotionState } from '../../../functions/domain/promotion/state.ts';
import { SLACK_DECISIONS } from '../../../functions/domain/slack/click.ts';
import { expectMessage, expectModal } from '../../support/block-kit.ts';
import { promotionAfter } from '../../support/decider-specification.ts';
import { asks, contentOf } from '../../support/promotion-facts.ts';
import { PLACES } from '../../support/promotions.ts';

const waiting = promotionAfter(asks.request()).state;

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '<!channel>',
    '<https://evil.example|open>',
    '&lt;',
    '*_~`',
    '\u202eevil',
    '\n\n*Approved*',
    '👩‍🚀',
  ),
  fc.constantFrom('<', '&', '👩‍🚀', 'é').map((part) => part.repeat(4000)),
);

/** A promotion in which everything that somebody chose is hostile. */
const hostilePromotion = fc
  .record({
    subject: hostile,
    label: hostile,
    email: hostile,
    reason: hostile,
    gates: fc.array(hostile, { maxLength: 80 }),
    keys: fc.array(hostile, { maxLength: 80 }),
    groups: fc.array(hostile, { maxLength: 30 }),
    place: fc.constantFrom(...Object.values(PLACES)),
  })
  .map(({ place, ...words }): PromotionState => {
    const { state } = promotionAfter(...place);
    const actor = { ...state.requester, email: words.email };
    return {
      ...state,
      subject: { kind: 'agent', name: words.subject },
      requester: actor,
      gates: words.gates.map((name) => ({
        name,
        required: true,
        mode: 'block',
        status: 'FAILED',
        reason_code: 'x',
        evidence: [],
      })),
      ...(state.status === 'rejected' ? { reason: words.reason, rejected_by: actor } : {}),
      ...(state.status === 'blocked' ? { blocked_by: words.gates } : {}),
      seal: {
        ...state.seal,
        requirements: {
          ...state.seal.requirements,
          groups: words.groups.map((group) => ({ group, min: 1 })),
        },
        plan: {
          ...state.seal.plan,
          source: { ...state.seal.plan.source, version_label: words.label },
          change_set: words.keys.map((key) => ({ key, from: key, to: null })),
        },
      },
    };
  });

describe('the message that asks for approval', () => {
  it('names what goes where, who asks, what was checked, what would change and until when', () => {
    const shown = JSON.stringify(approvalMessage(waiting, 'chan-1'));
    const { requester, expires_at, seal, id } = waiting;
    expect(shown).toContain('Approval needed: agent agent-123');
    expect(shown).toContain(`from ${waiting.source_environment} to ${waiting.target_environment}`);
    expect(shown).toContain(requester.email);
    expect(shown).toContain(expires_at.slice(0, 10));
    expect(shown).toContain(seal.manifest_digest);
    expect(shown).toContain(id);
    for (const { name } of waiting.gates) expect(shown).toContain(name);
  });

  it('offers to decide exactly this manifest, and what is sent back says so', () => {
    const values = valuesOf(waiting);
    expect(values).toHaveLength(3);
    for (const value of values) {
      expect(offerOf(value)).toEqual({
        tenant: waiting.tenant,
        channel: 'chan-1',
        promotion: waiting.id,
        manifest_digest: waiting.seal.manifest_digest,
      });
    }
  });

  it('asks for a comment first where the policy wants one', () => {
    const { seal } = waiting;
    const commented = { ...seal, requirements: { ...seal.requirements, require_comment: true } };
    expect(namesOf(waiting)).toContain('sluice_approve');
    expect(namesOf({ ...waiting, seal: commented })).toContain('sluice_approve_with_comment');
  });

  it.each(Object.entries(PLACES))('says how it stands when it is %s', (place, steps) => {
    const { state } = promotionAfter(...steps);
    const message = approvalMessage(state, 'chan-1');
    expectMessage(message);
    const asking = place === 'pending, waiting for approval';
    expect(message.text.startsWith('Approval needed')).toBe(asking);
    expect(valuesOf(state)).toHaveLength(asking ? 3 : 0);
  });

  it('is one that Slack takes, whatever its names are', () => {
    fc.assert(
      fc.property(hostilePromotion, (state) => expectMessage(approvalMessage(state, 'c'.repeat(128)))),
      { numRuns: 300 },
    );
  });
});

describe('the message of an event', () => {
  it('is one that Slack takes, for every event', () => {
    for (const steps of Object.values(PLACES)) {
      const { state, events } = promotionAfter(...steps);
      for (const notice of noticesOf(events, state)) expectMessage(noticeMessage(notice));
    }
  });

  it('says who did what and why, and nothing of it is markup', () => {
    const { state, events } = promotionAfter(...PLACES.rejected);
    const last = noticesOf(events, state).at(-1);
    if (last?.event.event.type !== 'PromotionRejected') throw new Error('not rejected');
    const event = { ...last.event, event: { ...last.event.event, reason: '<!channel> no' } };
    const { text } = noticeMessage({ ...last, event });
    expect(text).toContain('alice@acme.com rejected: &lt;!channel&gt; no');
  });
});

describe('the outcome of a promotion in Slack', () => {
  it('cannot be given another line by the reason', () => {
    const { state } = promotionAfter(...PLACES.rejected);
    if (state.status !== 'rejected') throw new Error('not rejected');
    const said = standing({ ...state, reason: 'no\nIt is approved by alice@acme.com.' });
    expect(said).toMatch(/: no It is approved by alice@acme\.com\.$/);
  });
});

describe('the form that asks for a text', () => {
  it.each(SLACK_DECISIONS)('is one that Slack opens, to %s', (decision) => {
    const long = 'x'.repeat(128);
    const offer = { tenant: long, channel: long, promotion: long, manifest_digest: contentOf('x') };
    const response_url = `https://hooks.slack.com/actions/${'y'.repeat(200)}`;
    const who = { team: 'T1', user: 'U1', app: 'A1' };
    expectModal(formFor({ ...who, id: '1', offer, decision, response_url, place: 'C123' }));
  });
});

describe('a text', () => {
  it('cut short keeps its limit, its characters and its escapes', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 2, max: 60 }), (text, most) => {
        const shown = escaped(text.toWellFormed(), most);
        expect(shown.length).toBeLessThanOrEqual(most);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown.replaceAll(/&(amp|lt|gt);/g, '')).not.toMatch(/[<>&]/);
        expect(cutMarkup(shown, most)).toBe(shown);
      }),
    );
  });

  it('that is a name stays on its line and turns nothing around', () => {
    expect(named('a\n\n*b*\u202e<c>')).toBe('a *b* &lt;c&gt;');
  });
});

type Loose = ReturnType<typeof JSON.parse>;

function buttonsOf(state: PromotionState): Loose[] {
  const { blocks }: Loose = approvalMessage(state, 'chan-1');
  return blocks.flatMap(({ type, elements }: Loose) => (type === 'actions' ? elements : []));
}
const valuesOf = (state: PromotionState): string[] => buttonsOf(state).map(({ value }) => value);
const namesOf = (state: PromotionState): string[] => buttonsOf(state).map(({ action_id }) => action_id);
