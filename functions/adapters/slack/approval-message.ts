import { nameOf } from '../../domain/notification/words.ts';
import { countApprovals } from '../../domain/promotion/quorum.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import {
  actions,
  type Block,
  type Button,
  button,
  context,
  fields,
  type Message,
  section,
} from './blocks.ts';
import type { ButtonName } from './names.ts';
import { BUTTONS_BLOCK } from './names.ts';
import { offerText } from './offer.ts';
import { standing } from './standing.ts';
import { cutMarkup, LIMITS, named } from './text.ts';
import { promotionTitle } from './title.ts';

/**
 * The message that asks for approval, as the promotion stands now: with buttons while its decision is people's, with the outcome
 * instead afterwards. `channel` is the notification channel's id. Every text keeps Slack's limits, whatever the names in it.
 */
export function approvalMessage(state: PromotionState, channel: string): Message {
  const asks = state.status === 'pending' && state.waiting_for === 'approval';
  const title = `${asks ? 'Approval needed: ' : ''}${promotionTitle(state)}`;
  const blocks: readonly (readonly Block[])[] = [
    [section(`*${title}*\n${standing(state)}`), fields(facts(state))],
    changes(state),
    [context(`${named(state.id)} · manifest \`${state.seal.manifest_digest}\``)],
    asks ? [actions(BUTTONS_BLOCK, buttons(state, channel))] : [],
  ];
  return { text: cutMarkup(`${title}. ${standing(state)}`, LIMITS.message), blocks: blocks.flat() };
}

function buttons(state: PromotionState, channel: string): readonly Button[] {
  const { tenant, id: promotion, seal, resubmitted_at } = state;
  const value = offerText({
    ...{ tenant, channel, promotion, manifest_digest: seal.manifest_digest },
    ...(resubmitted_at === undefined ? {} : { resubmitted_at }),
  });
  const one = (name: ButtonName, label: string, style?: 'primary' | 'danger') =>
    button(name, label, value, style);
  return [
    one(
      seal.requirements.require_comment ? 'sluice_approve_with_comment' : 'sluice_approve',
      'Approve',
      'primary',
    ),
    one('sluice_reject', 'Reject', 'danger'),
    one('sluice_request_changes', 'Request changes'),
  ];
}

function facts(state: PromotionState): readonly (readonly [string, string])[] {
  const { requirements, manifest_digest } = state.seal;
  const quorum = countApprovals(requirements, state.approvals, manifest_digest);
  const groups = quorum.groups.map(({ group, min, granted }) => `${named(group)} ${granted} of ${min}`);
  const givers = quorum.granted.map(({ actor }) => named(nameOf(actor)));
  const counted = [`${quorum.granted.length} of ${quorum.required}`, ...groups].join(', ');
  return [
    ['Requested by', named(nameOf(state.requester))],
    ['Approvals', givers.length === 0 ? counted : `${counted}\n${first(givers)}`],
    [
      'Gates',
      first(state.gates.map(({ name, status }) => `${named(name)} ${status.toLowerCase()}`)) || 'none',
    ],
    ['Expires', when(state.expires_at)],
    ...(state.schedule === undefined ? [] : [['Scheduled for', when(state.schedule.at)] as const]),
  ];
}

/** Lines of a list that are shown. */
const SHOWN = 10;

function first(lines: readonly string[]): string {
  const more = lines.length - SHOWN;
  return [...lines.slice(0, SHOWN), ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

function changes({ seal: { plan } }: PromotionState): readonly Block[] {
  const { tree, change_set } = plan;
  if (tree === undefined) {
    const lines = change_set.map(({ key, from, to }) => `${named(key)}: ${short(from)} → ${short(to)}`);
    return lines.length === 0 ? [] : [section(first(lines))];
  }
  const { added, modified, removed, keys } = tree.summary;
  const counted = `${added} added, ${modified} changed, ${removed} removed`;
  return [section(`${counted}\n${first(keys.map(named))}`)];
}

/** A digest by its first digits; any other value as a name. */
function short(value: string | null): string {
  if (value === null) return 'nothing';
  return named(value.startsWith('sha256:') ? value.slice(0, 'sha256:'.length + 12) : value);
}

const when = (instant: string): string => `${instant.slice(0, 16).replace('T', ' ')} UTC`;
