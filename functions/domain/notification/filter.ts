import type { Channel, ChannelFilter, NoticeName } from './channel.ts';
import type { Notice } from './notice.ts';
import type { Verb } from './verb.ts';

/** What a filter may know a notice by: its verb, and that it asks for approval. */
function namesOf({ verb, asks_approval }: Notice): readonly NoticeName[] {
  return asks_approval ? [verb, 'approvalrequested'] : [verb];
}

/** Whether a channel is told of a notice: not of what happened before it listened, nor of what happened while it was muted. */
export function hears(channel: Channel, notice: Notice): boolean {
  const { filter, status, since, muted_until } = channel;
  const { at } = notice.event;
  if (status !== 'active' || at < since) return false;
  if (muted_until !== undefined && at < muted_until) return false;
  return (
    namesOf(notice).some((name) => includes(filter.events, name)) &&
    includes(filter.environments, notice.environment) &&
    includes(filter.severities, notice.severity)
  );
}

/**
 * Whether an event of a promotion to an environment may be one to tell at `now`: what saves a look at the promotion when it is not.
 * A promotion begins to wait for approval only where it is assessed.
 */
export function listens(
  { status, muted_until, filter }: Channel,
  { environment, verb }: { readonly environment: string; readonly verb: Verb },
  now: string,
): boolean {
  if (status !== 'active' || (muted_until !== undefined && now < muted_until)) return false;
  const names: readonly NoticeName[] = verb === 'assessed' ? [verb, 'approvalrequested'] : [verb];
  return names.some((name) => includes(filter.events, name)) && includes(filter.environments, environment);
}

/** Whether a filter lets something through that another one did not. */
export function hearsMore(before: ChannelFilter, after: ChannelFilter): boolean {
  return (
    isWider(before.events, after.events) ||
    isWider(before.environments, after.environments) ||
    isWider(before.severities, after.severities)
  );
}

function isWider(before: readonly string[] | 'all', after: readonly string[] | 'all'): boolean {
  if (before === 'all') return false;
  return after === 'all' || after.some((each) => !before.includes(each));
}

/** Whether a part of a filter lets one word through. */
export function includes<T>(
  list: ChannelFilter[keyof ChannelFilter] & (readonly T[] | 'all'),
  one: T,
): boolean {
  return list === 'all' || list.includes(one);
}
