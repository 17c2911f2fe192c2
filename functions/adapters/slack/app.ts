import { Fault } from '../../domain/faults.ts';
import type { SlackAppChannel } from '../../domain/slack/channel.ts';
import type { SlackOffer } from '../../domain/slack/click.ts';
import type { Egress } from '../../ports/egress.ts';
import type { Secrets } from '../../ports/secrets.ts';
import type { SlackApp, SlackSent, SlackWords } from '../../ports/slack.ts';
import type { SlackMessages } from '../../ports/slack-messages.ts';
import { approvalMessage } from './approval-message.ts';
import { actions, linkButton, type Message, section } from './blocks.ts';
import { formFor } from './form.ts';
import { BUTTONS_BLOCK, LINK_BUTTON } from './names.ts';
import { offerText } from './offer.ts';
import { escaped, LIMITS } from './text.ts';
import { callHook, callSlack, type SlackAnswer, type SlackMethod, type SlackPlace } from './web-api.ts';

export type SlackDeps = {
  readonly egress: Egress;
  readonly secrets: Secrets;
  readonly messages: SlackMessages;
  readonly place: SlackPlace;
};

/** Milliseconds for a call that nobody waits for. */
const PATIENT = 10_000;
/** Milliseconds to open a form: Slack gives the whole answer to a click three seconds. */
const PROMPT = 1_500;

/** Errors of an update that is not worth repeating: the message is gone, or may not be changed any more. */
const PAST: readonly string[] = ['message_not_found', 'cant_update_message', 'edit_window_closed'];

/** Slack's Web API as the app of a channel. */
export function slackApp(deps: SlackDeps): SlackApp {
  return {
    async ask(channel, click, trigger_id) {
      const body = { trigger_id, view: formFor(click) };
      return sentOf(await callAs(deps, channel, 'views.open', body, PROMPT));
    },

    async answer(channel, { response_url, place, user, offer }, words) {
      const message = wordsMessage(words, offer);
      if (response_url !== undefined) {
        const body = { ...message, response_type: 'ephemeral', replace_original: false };
        const call = { url: response_url, body, timeout_ms: PATIENT };
        const answer = await callHook(deps.egress, deps.place, call);
        if (answer.answer !== 'no') return sentOf(answer);
      }
      // A response URL is good for half an hour and five answers: afterwards the bot speaks up itself.
      const body = { ...message, channel: place ?? channel.channel_id, user };
      return sentOf(await callAs(deps, channel, 'chat.postEphemeral', body, PATIENT));
    },

    async refresh(channel, promotion) {
      const known = await deps.messages.read(promotion.tenant, channel.id, promotion.id);
      if (known === undefined) return { outcome: 'done' };
      return updated(deps, channel, known, approvalMessage(promotion, channel.id));
    },
  };
}

/** Calls a method as the bot of a channel. Throws no fault: a secret that cannot be read now is `later`. */
export async function callAs(
  deps: Pick<SlackDeps, 'egress' | 'secrets' | 'place'>,
  channel: SlackAppChannel,
  method: SlackMethod,
  body: object,
  timeout_ms = PATIENT,
): Promise<SlackAnswer> {
  const token = await secretOf(deps.secrets, channel.tenant, channel.bot_token_ref);
  if (token === undefined) return { answer: 'later', error: 'bot_token_not_readable' };
  return callSlack(deps.egress, deps.place, { method, token, body, timeout_ms });
}

/** The text of a secret of Slack without the line break that editors leave; `undefined` when there is none, or none can be read now. */
export async function secretOf(secrets: Secrets, tenant: string, ref: string): Promise<string | undefined> {
  try {
    return (await secrets.read({ tenant, purpose: 'slack' }, ref))?.trim();
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

/** Changes a message that was posted; one that cannot be changed any more is left as it is. */
export async function updated(
  deps: Pick<SlackDeps, 'egress' | 'secrets' | 'place'>,
  channel: SlackAppChannel,
  { place, ts }: { readonly place: string; readonly ts: string },
  message: Message,
): Promise<SlackSent> {
  const answer = await callAs(deps, channel, 'chat.update', { channel: place, ts, ...message });
  return answer.answer === 'no' && PAST.includes(answer.error) ? { outcome: 'done' } : sentOf(answer);
}

function sentOf(answer: SlackAnswer): SlackSent {
  switch (answer.answer) {
    case 'ok':
      return { outcome: 'done' };
    case 'later': {
      const { error: reason, after_seconds } = answer;
      return { outcome: 'again', reason, ...(after_seconds === undefined ? {} : { after_seconds }) };
    }
    case 'no':
      return { outcome: 'refused', reason: answer.error };
    default:
      return answer satisfies never;
  }
}

function wordsMessage({ text, link }: SlackWords, offer: SlackOffer): Message {
  const shown = escaped(text, LIMITS.section);
  const buttons = link && [linkButton(LINK_BUTTON, link.label, link.url, offerText(offer))];
  return { text: shown, blocks: [section(shown), ...(buttons ? [actions(BUTTONS_BLOCK, buttons)] : [])] };
}
