import { isOwnSecret, secretPrefix } from '../../domain/catalog/own-secret.ts';
import type { Channel, ChannelFilter, ChannelTarget, NoticeName } from '../../domain/notification/channel.ts';
import type { Severity } from '../../domain/notification/notice.ts';
import { findEnvironment } from '../../domain/promotion/pipeline.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { unreachable } from '../../domain/unreachable.ts';
import { type CallLimits, isCallable } from '../catalog/callable.ts';
import type { Deps } from '../deps.ts';

/** What a caller says of a filter; what is absent is `all`, or stays. Environments are names or aliases. */
export type FilterFields = {
  readonly events?: readonly NoticeName[] | 'all';
  readonly environments?: readonly string[] | 'all';
  readonly severities?: readonly Severity[] | 'all';
};

/** Members of targets that a change may name; those of another kind of channel are refused. */
export type TargetChange = {
  readonly recipients?: 'approvers' | readonly string[];
  readonly show_values?: boolean;
  readonly url?: string;
  readonly secret_ref?: string;
  readonly url_ref?: string;
  readonly team_id?: string;
  readonly channel_id?: string;
  readonly bot_token_ref?: string;
  readonly signing_secret_ref?: string;
};

/** A filter over what there is. Refuses `unknown_environment`. */
export async function checkedFilter(
  deps: Pick<Deps, 'catalog'>,
  tenant: string,
  stored: ChannelFilter,
  fields: FilterFields,
): Promise<ChannelFilter | Refusal> {
  const { environments: given } = fields;
  const filter = { ...stored, ...fields };
  if (given === undefined || given === 'all')
    return { ...filter, environments: given ?? stored.environments };
  const known = await deps.catalog.all(tenant, 'environment');
  const names: string[] = [];
  for (const one of given) {
    const environment = findEnvironment(known, one);
    if (environment === undefined) {
      return refuse('unknown_environment', `there is no environment ${one}`, { name: one });
    }
    names.push(environment.name);
  }
  return { ...filter, environments: [...new Set(names)] };
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

/** A channel's target with a change made to it. Refuses `invalid_request` for members that its kind does not have. */
export function changedTarget(channel: Channel, change: TargetChange): ChannelTarget | Refusal {
  const target = targetOf(channel);
  const foreign = Object.entries(change).find(([name, value]) => value !== undefined && !(name in target));
  if (foreign !== undefined) return wrong(foreign[0], `is nothing that this ${target.type} channel has`);
  return merged(target, change);
}

function merged(target: ChannelTarget, change: TargetChange): ChannelTarget {
  switch (target.type) {
    case 'email':
      return {
        ...target,
        recipients: change.recipients ?? target.recipients,
        show_values: change.show_values ?? target.show_values ?? false,
      };
    case 'webhook':
      return {
        ...target,
        url: change.url ?? target.url,
        secret_ref: change.secret_ref ?? target.secret_ref,
      };
    case 'slack':
      if (target.mode === 'incoming_webhook') return { ...target, url_ref: change.url_ref ?? target.url_ref };
      return {
        ...target,
        team_id: change.team_id ?? target.team_id,
        channel_id: change.channel_id ?? target.channel_id,
        bot_token_ref: change.bot_token_ref ?? target.bot_token_ref,
        signing_secret_ref: change.signing_secret_ref ?? target.signing_secret_ref,
      };
    default:
      return unreachable(target);
  }
}

/** How a channel reaches its receiver, and nothing else of it. */
export function targetOf(channel: Channel): ChannelTarget {
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
