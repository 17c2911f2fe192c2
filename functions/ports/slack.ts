import type { PromotionState } from '../domain/promotion/state.ts';
import type { SlackAppChannel } from '../domain/slack/channel.ts';
import type { SlackClick } from '../domain/slack/click.ts';

/** What Slack said. `again`: not now; the same may be done later. `refused`: not ever; `reason` is Slack's own word. */
export type SlackSent =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'again'; readonly reason: string; readonly after_seconds?: number }
  | { readonly outcome: 'refused'; readonly reason: string };

/** Words for one person; nobody else sees them. `link` is an address that is theirs. */
export type SlackWords = {
  readonly text: string;
  readonly link?: { readonly label: string; readonly url: string };
};

/** The app of a channel. Never throws for what Slack does. */
export interface SlackApp {
  /** Opens the form that asks for the text that a click needs; `trigger_id` is good for three seconds. */
  ask(channel: SlackAppChannel, click: SlackClick, trigger_id: string): Promise<SlackSent>;
  /** Answers whoever clicked. */
  answer(channel: SlackAppChannel, click: SlackClick, words: SlackWords): Promise<SlackSent>;
  /** Has the message that asked for approval say how the promotion stands now; nothing when there is no message. */
  refresh(channel: SlackAppChannel, promotion: PromotionState): Promise<SlackSent>;
}
