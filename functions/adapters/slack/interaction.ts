import * as z from 'zod/mini';
import {
  SLACK_DECISIONS,
  type SlackClick,
  type SlackOffer,
  type SlackUser,
} from '../../domain/slack/click.ts';
import { BUTTONS, FORM, FORM_FIELD, LINK_BUTTON } from './names.ts';
import { jsonOf, offerOf, offerText } from './offer.ts';

/**
 * What Slack sends when somebody uses a message or a form, as far as it is read. Until the signature of the body is verified nothing
 * in it is known to be true.
 */
export type Interaction =
  /** A button; with `asks` its decision needs a text first, for which `trigger_id` opens a form within three seconds. */
  | {
      readonly did: 'pressed';
      readonly click: SlackClick;
      readonly asks: boolean;
      readonly trigger_id: string;
    }
  /** A form that was opened by such a button, with its text. */
  | { readonly did: 'submitted'; readonly click: SlackClick & { readonly text: string } }
  /** A button that opens an address: to be acknowledged, nothing more. */
  | { readonly did: 'followed'; readonly team: string; readonly offer: SlackOffer };

const SlackId = z.string().check(z.regex(/^[A-Z0-9]{1,32}$/));
const Sender = z.object({
  api_app_id: SlackId,
  team: z.object({ id: SlackId }),
  user: z.object({ id: SlackId, username: z.optional(z.string().check(z.maxLength(100))) }),
});
const Text = z.string().check(z.minLength(1), z.maxLength(3000));

const Pressed = z.extend(Sender, {
  type: z.literal('block_actions'),
  trigger_id: Text,
  response_url: z.optional(Text),
  container: z.optional(z.object({ message_ts: z.optional(Text) })),
  channel: z.optional(z.object({ id: SlackId })),
  actions: z.tuple([z.object({ action_id: Text, action_ts: Text, value: Text })]),
});

const Submitted = z.extend(Sender, {
  type: z.literal('view_submission'),
  view: z.object({
    id: Text,
    callback_id: z.literal(FORM),
    private_metadata: Text,
    state: z.object({
      values: z.object({
        [FORM_FIELD]: z.object({ [FORM_FIELD]: z.object({ value: z.nullable(z.string()) }) }),
      }),
    }),
  }),
});

/** What is handed through a form to its submission. */
const Metadata = z.object({
  offer: Text,
  decision: z.enum(SLACK_DECISIONS),
  response_url: z.optional(Text),
  place: z.optional(SlackId),
});

/** Makes the hidden part of the form that asks for a click's text. */
export function metadataOf({ offer, decision, response_url, place }: SlackClick): string {
  return JSON.stringify({ offer: offerText(offer), decision, response_url, place });
}

/** Reads the body of a request to the interactivity URL: a form with one field, `payload`. `undefined` when it is none of ours. */
export function readInteraction(body: string): Interaction | undefined {
  const payload = jsonOf(new URLSearchParams(body).get('payload'));
  const sender = z.safeParse(Sender, payload);
  if (!sender.success) return undefined;
  const { team, user } = sender.data;
  const { id, username } = user;
  const who = {
    team: team.id,
    user: id,
    app: sender.data.api_app_id,
    ...(username === undefined ? {} : { called: username }),
  };
  return pressed(payload, who) ?? submitted(payload, who);
}

type Who = SlackUser & Pick<SlackClick, 'app' | 'called'>;

function pressed(payload: unknown, who: Who): Interaction | undefined {
  const { success, data } = z.safeParse(Pressed, payload);
  if (!success) return undefined;
  const [{ action_id, action_ts, value }] = data.actions;
  const [button, offer] = [new Map(Object.entries(BUTTONS)).get(action_id), offerOf(value)];
  if (offer === undefined) return undefined;
  if (action_id === LINK_BUTTON) return { did: 'followed', team: who.team, offer };
  if (button === undefined) return undefined;
  const click = {
    ...who,
    id: `${data.container?.message_ts ?? ''}/${action_ts}`,
    offer,
    decision: button.decision,
    ...(data.response_url === undefined ? {} : { response_url: data.response_url }),
    ...(data.channel === undefined ? {} : { place: data.channel.id }),
  };
  return { did: 'pressed', click, asks: button.asks, trigger_id: data.trigger_id };
}

function submitted(payload: unknown, who: Who): Interaction | undefined {
  const { success, data } = z.safeParse(Submitted, payload);
  if (!success) return undefined;
  const metadata = z.safeParse(Metadata, jsonOf(data.view.private_metadata));
  const offer = metadata.success ? offerOf(metadata.data.offer) : undefined;
  if (!metadata.success || offer === undefined) return undefined;
  const { decision, response_url, place } = metadata.data;
  const click = {
    ...who,
    id: data.view.id,
    offer,
    decision,
    text: data.view.state.values[FORM_FIELD][FORM_FIELD].value ?? '',
    ...(response_url === undefined ? {} : { response_url }),
    ...(place === undefined ? {} : { place }),
  };
  return { did: 'submitted', click };
}
