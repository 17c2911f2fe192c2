import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formFor } from '../../../functions/adapters/slack/form.ts';
import { readInteraction } from '../../../functions/adapters/slack/interaction.ts';
import { offerOf, offerText } from '../../../functions/adapters/slack/offer.ts';
import type { SlackOffer } from '../../../functions/domain/slack/click.ts';
import { contentOf } from '../../support/promotion-facts.ts';
import { interaction, pressed, submitted } from '../../support/slack.ts';

const who = { team: 'T1', user: 'U1' };
const offer: SlackOffer = {
  tenant: 'acme',
  channel: 'chan-1',
  promotion: 'prom-1',
  manifest_digest: contentOf('manifest'),
  resubmitted_at: '2026-11-21T10:00:00.000Z',
};
const value = offerText(offer);
const response_url = 'https://hooks.slack.com/actions/T1/1/x';

describe('a pressed button', () => {
  it.each([
    ['sluice_approve', 'approve', false],
    ['sluice_approve_with_comment', 'approve', true],
    ['sluice_reject', 'reject', true],
    ['sluice_request_changes', 'request_changes', true],
  ] as const)('%s is to %s', (action_id, decision, asks) => {
    const read = readInteraction(interaction(pressed({ action_id, value }, who, { response_url })));
    expect(read).toEqual({
      did: 'pressed',
      asks,
      trigger_id: expect.any(String),
      click: {
        ...who,
        app: 'A1',
        called: 'someone',
        id: '1700000000.000001/1700000001.000100',
        offer,
        decision,
        response_url,
        place: 'C1',
      },
    });
  });

  it('has an identity of its own, the same whenever it is delivered', () => {
    const idOf = (at: string, ts: string) => {
      const read = readInteraction(
        interaction(pressed({ action_id: 'sluice_reject', value }, who, { at, ts })),
      );
      return read?.did === 'pressed' ? read.click.id : undefined;
    };
    expect(idOf('2.1', '1.1')).toBe(idOf('2.1', '1.1'));
    expect(new Set([idOf('2.1', '1.1'), idOf('2.2', '1.1'), idOf('2.1', '1.2')]).size).toBe(3);
  });
});

describe('a button that opens an address', () => {
  it('is followed by Slack itself, and says which channel it was written for', () => {
    const body = interaction(pressed({ action_id: 'sluice_link', value }, who));
    expect(readInteraction(body)).toEqual({ did: 'followed', team: 'T1', offer });
  });
});

describe('a submitted form', () => {
  it('is the click that opened it, with its text', () => {
    const clicked = { ...who, app: 'A1', id: '1/2', offer, decision: 'reject' } as const;
    const click = { ...clicked, response_url, place: 'C1' };
    const view = formFor(click);
    expect(readInteraction(interaction(submitted(view, who, 'too early', 'V77')))).toEqual({
      did: 'submitted',
      click: { ...click, called: 'someone', id: 'V77', text: 'too early' },
    });
  });
});

describe('what is nothing of ours', () => {
  it.each([
    ['another button', pressed({ action_id: 'toString', value }, who)],
    ['an offer that is none', pressed({ action_id: 'sluice_approve', value: '{}' }, who)],
    ['a form of another app', submitted({ callback_id: 'other', private_metadata: '{}' }, who, 'x')],
    ['a form with another past', submitted({ callback_id: 'sluice_form', private_metadata: '{}' }, who, 'x')],
    ['another interaction', { type: 'shortcut', api_app_id: 'A1', team: { id: 'T1' }, user: { id: 'U1' } }],
    [
      'a button of no app',
      { ...pressed({ action_id: 'sluice_approve', value }, who), api_app_id: undefined },
    ],
  ])('is %s', (_, payload) => {
    expect(readInteraction(interaction(payload))).toBeUndefined();
  });

  it.each([
    '',
    'payload=',
    'payload=1',
    'payload=%7B',
    'other=1',
    interaction({ team: null }),
    interaction([]),
  ])('or no interaction at all: %j', (body) => {
    expect(readInteraction(body)).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.json(), fc.boolean(), (text, whole) => {
        const body = whole ? text : `payload=${encodeURIComponent(text)}`;
        expect(readInteraction(body)).toBeUndefined();
      }),
    );
  });
});

describe('an offer', () => {
  it.each([
    value.replace('"v":1', '"v":2'),
    value.replace('acme', 'ac#me'),
    value.replace('prom-1', '../x'),
    value.replace('sha256:', 'md5:'),
    value.replace('}', ',"extra":1}'),
  ])('that was changed is none: %s', (text) => {
    expect(offerOf(text)).toBeUndefined();
  });
});
