import { countApprovals } from '../../domain/promotion/quorum.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { SlackDecision } from '../../domain/slack/click.ts';
import type { SlackWords } from '../../ports/slack.ts';

const DONE = {
  approve: 'You approved',
  reject: 'You rejected',
  request_changes: 'You requested changes of',
} as const satisfies { readonly [decision in SlackDecision]: string };

/** What came of a decision that counted. */
export function actedWords(decision: SlackDecision, state: PromotionState): SlackWords {
  const { requirements, manifest_digest } = state.seal;
  const { granted, required, complete } = countApprovals(requirements, state.approvals, manifest_digest);
  const further =
    decision === 'approve' && !complete ? ` That makes ${granted.length} of ${required} approvals.` : '';
  return { text: `${DONE[decision]} ${state.id}.${further}` };
}

/** Why a decision did not count. */
export function refusedWords(id: string, { refused, detail }: Refusal): SlackWords {
  if (refused === 'manifest_changed') return changedWords(id);
  return { text: `This did not count for ${id}: ${detail}.` };
}

/** An old message decides nothing new. */
export function changedWords(id: string): SlackWords {
  return {
    text: `This did not count: ${id} has changed since this message was written. Its newest message has what would happen now.`,
  };
}

/** A decision that needs a text, whose form Slack did not open. */
export const NO_TEXT: SlackWords = {
  text: 'This did not count: it needs a reason, and Slack did not open the form for it. Press the button again.',
};

/** Whoever is linked and may not act any more. */
export const FORMER: SlackWords = {
  text: 'This did not count: you are not an active member of this tenant any more.',
};

/** Whoever is not linked yet. The address is theirs alone. */
export function strangerWords(url: string): SlackWords {
  return {
    text: 'This did not count yet: Sluice does not know who you are. Link your Slack user with your account, then press the button again. The address is for you alone, and for one hour.',
    link: { label: 'Link my account', url },
  };
}
