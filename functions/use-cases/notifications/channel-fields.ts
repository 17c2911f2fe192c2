import type { Environment } from '../../domain/catalog/environment.ts';
import { isOwnSecret, secretPrefix } from '../../domain/catalog/own-secret.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import type { Channel, ChannelFilter, ChannelTarget, NoticeName } from '../../domain/notification/channel.ts';
import type { Severity } from '../../domain/notification/notice.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { unreachable } from '../../domain/unreachable.ts';
import { type CallLimits, isCallable } from '../catalog/callable.ts';

/** What a caller says of a filter; what is absent is `all`. Environments are names or aliases. */
export type FilterFields = {
  readonly events?: readonly NoticeName[] | 'all';
  readonly environments?: readonly string[] | 'all';
  readonly severities?: readonly Severity[] | 'all';
};

/** What a caller says of a channel. */
export type ChannelFields = {
  readonly name: string;
  readonly filter?: FilterFields;
  readonly muted_until?: string;
  readonly status?: Channel['status'];
} & ChannelTarget;

/** A filter over what there is; an environment that the channel named before may be gone by now. Refuses `unknown_environment`. */
export function checkedFilter(
  known: readonly Environment[],
  { events = 'all', environments = 'all', severities = 'all' }: FilterFields,
  before: ChannelFilter | undefined,
): ChannelFilter | Refusal {
  if (environments === 'all') return { events, environments, severities };
  const names: string[] = [];
  for (const one of environments) {
    const environment = findEnvironment(known, one);
    if (environment !== undefined) names.push(environment.name);
    else if (before?.environments === 'all' || before?.environments.includes(one) !== true) {
      return refuse('unknown_environment', `there is no environment ${one}`, { name: one });
    }
  }
  return { events, environments: [...new Set(names)], severities };
}

/** Refuses (`invalid_request`) a target that could not be reached, or not safely. */
export function wrongTarget(tenant: string, target: ChannelTarget, limits: CallLimits): Refusal | undefined {
  if (target.type === 'webhook' && !isCallable(target.url, limits)) {
    return wrong('url', 'must be an https URL without credentials or fragment');
  }
  if (target.type === 'email') return undefined;
  const use = { tenant, purpose: target.type };
  for (const [field, ref] of Object.entries(target)) {
    if (field.endsWith('_ref') && !isOwnSecret(use, String(ref))) {
      return wrong(field, `must name a secret under ${secretPrefix(use)}`);
    }
  }
  return undefined;
}

/** How a channel reaches its receiver, and nothing else of it. */
export function targetOf(channel: ChannelTarget): ChannelTarget {
  switch (channel.type) {
    case 'email':
      return { type: 'email', recipients: channel.recipients, show_values: channel.show_values ?? false };
    case 'webhook':
      return { type: 'webhook', url: channel.url, secret_ref: channel.secret_ref };
    case 'slack': {
      if (channel.mode === 'incoming_webhook') {
        return { type: 'slack', mode: channel.mode, url_ref: channel.url_ref };
      }
      const { mode, team_id, channel_id, bot_token_ref, signing_secret_ref } = channel;
      return { type: 'slack', mode, team_id, channel_id, bot_token_ref, signing_secret_ref };
    }
    default:
      return unreachable(channel);
  }
}

const wrong = (field: string, problem: string): Refusal =>
  refuse('invalid_request', `${field} ${problem}`, { errors: [{ field, problem }] });
