import type { Severity } from './notice.ts';
import { VERBS, type Verb } from './verb.ts';

/**
 * What a filter may name: an event's verb, the moment at which a promotion begins to wait for approval, whatever event that was, or a
 * change that went past Sluice.
 */
export type NoticeName = Verb | 'approvalrequested' | 'driftdetected';
export const NOTICE_NAMES: readonly NoticeName[] = [
  ...Object.values(VERBS),
  'approvalrequested',
  'driftdetected',
];

/** What a channel hears of; `all` also of what there will be. Environments are the targets of promotions. */
export type ChannelFilter = {
  readonly events: readonly NoticeName[] | 'all';
  readonly environments: readonly string[] | 'all';
  readonly severities: readonly Severity[] | 'all';
};

type ChannelBase = {
  readonly id: string;
  readonly tenant: string;
  readonly name: string;
  readonly filter: ChannelFilter;
  /** What happens before this instant is not told, then or later. */
  readonly muted_until?: string;
  readonly status: 'active' | 'disabled';
  /** Why it is disabled, when its receiver asked for that. */
  readonly disabled_reason?: string;
  /** What happened before is not told: set when it is created, enabled again or unmuted. */
  readonly since: string;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly version: number;
};

/** How a channel reaches its receiver. Secrets and secret URLs are references under `sluice/<tenant>/<type>/`, never the secret itself. */
export type ChannelTarget =
  | {
      readonly type: 'email';
      readonly recipients: 'approvers' | readonly string[];
      /** Mails that ask for approval show values of configuration; absent: keys alone. */
      readonly show_values?: boolean;
    }
  /** Standard Webhooks: signed by `whsec_…` secrets, several while they are exchanged. */
  | { readonly type: 'webhook'; readonly url: string; readonly secret_ref: string }
  /** The URL itself is the secret. */
  | { readonly type: 'slack'; readonly mode: 'incoming_webhook'; readonly url_ref: string }
  | {
      readonly type: 'slack';
      readonly mode: 'app';
      readonly team_id: string;
      readonly channel_id: string;
      readonly bot_token_ref: string;
      readonly signing_secret_ref: string;
    };

/** Where a tenant is told of its promotions. */
export type Channel = ChannelBase & ChannelTarget;

/** The channels of one type. */
export type ChannelOf<T extends Channel['type']> = Extract<Channel, { readonly type: T }>;
