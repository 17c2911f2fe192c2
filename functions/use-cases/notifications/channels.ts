import { recordedChannel } from '../../domain/audit/recorded.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { toInstant } from '../../domain/instant.ts';
import type { Channel, ChannelFilter, ChannelTarget } from '../../domain/notification/channel.ts';
import { hearsMore } from '../../domain/notification/filter.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { StoredAnswer } from '../../ports/transaction.ts';
import { authorize } from '../access/authorize.ts';
import { recordChange } from '../audit/record-change.ts';
import type { CallLimits } from '../catalog/callable.ts';
import type { Deps } from '../deps.ts';
import { answerWrite, committed, type IfMatch, unexpected } from '../engine/commit.ts';
import { untilCommitted } from '../engine/until-committed.ts';
import {
  changedTarget,
  checkedFilter,
  type FilterFields,
  type TargetChange,
  wrongTarget,
} from './channel-fields.ts';

export type ReadChannelDeps = Pick<Deps, 'catalog' | 'denials' | 'clock'>;
export type ChannelDeps = ReadChannelDeps &
  Pick<Deps, 'changes' | 'transactions' | 'ids' | 'random' | 'sleep'>;

/** Channels of a tenant: each event looks at them all. */
const MOST = 50;

/** What a channel hears when nobody says. */
const EVERYTHING: ChannelFilter = { events: 'all', environments: 'all', severities: 'all' };

/** The channels, by id. Refuses `not_authorized`. */
export async function listChannels(
  deps: ReadChannelDeps,
  principal: Principal,
): Promise<readonly Channel[] | Refusal> {
  return (await authorize(deps, principal, 'read')) ?? deps.catalog.all(principal.tenant, 'channel');
}

/** Reads a channel. Refuses `not_authorized`, `not_found`. */
export async function readChannel(
  deps: ReadChannelDeps,
  { principal, id }: { readonly principal: Principal; readonly id: string },
): Promise<Channel | Refusal> {
  const refusal = await authorize(deps, principal, 'read');
  return refusal ?? (await deps.catalog.item(principal.tenant, 'channel', id)) ?? missing(id);
}

/** Creates a channel. Refuses `not_authorized`, `unknown_environment`, `invalid_request`, `conflict` past `MOST`. */
export async function createChannel(
  deps: ChannelDeps,
  input: {
    readonly principal: Principal;
    readonly name: string;
    readonly filter: FilterFields;
    readonly muted_until?: string;
    readonly target: ChannelTarget;
    readonly limits: CallLimits;
    readonly answer?: (channel: Channel) => StoredAnswer;
  },
): Promise<Channel | Refusal> {
  const { principal, name, target, answer } = input;
  const { tenant } = principal;
  const id = deps.ids.next('chan');
  const refusal =
    (await authorize(deps, principal, 'manage_catalog')) ?? wrongTarget(tenant, target, input.limits);
  if (refusal !== undefined) return refusal;
  return untilCommitted(deps, async () => {
    const filter = await checkedFilter(deps, tenant, EVERYTHING, input.filter);
    if (isRefusal(filter)) return filter;
    if ((await deps.catalog.all(tenant, 'channel')).length >= MOST) {
      return refuse('conflict', `there are ${MOST} channels: delete those that nobody reads`);
    }
    const now = deps.clock.now();
    const channel: Channel = {
      ...target,
      id,
      tenant,
      name,
      filter,
      ...muted(input.muted_until),
      status: 'active',
      since: now,
      created_by: principal.subject,
      created_at: now,
      updated_at: now,
      version: 1,
    };
    const outcome = await committed(deps, tenant, [
      { write: 'catalog', entry: { type: 'channel', item: channel }, expected: 0 },
      await recordChange(deps, principal, {
        action: 'create',
        target: { type: 'channel', id },
        after: recordedChannel(channel),
      }),
      ...answerWrite(answer, channel),
    ]);
    return outcome ?? channel;
  });
}

/** What a change says; `muted_until: null` unmutes. */
export type ChannelChange = {
  readonly name?: string;
  readonly filter?: FilterFields;
  readonly muted_until?: string | null;
  readonly status?: Channel['status'];
} & TargetChange;

/**
 * Changes a channel; what is absent stays. Enabled again or unmuted, it hears of what happens from now on.
 * Refuses as `createChannel`, and `not_found`, `precondition_failed`.
 */
export async function updateChannel(
  deps: ChannelDeps,
  input: {
    readonly principal: Principal;
    readonly id: string;
    readonly change: ChannelChange;
    readonly limits: CallLimits;
    readonly ifMatch: IfMatch;
  },
): Promise<Channel | Refusal> {
  const { principal, id } = input;
  const { tenant } = principal;
  return untilCommitted(deps, async () => {
    const stored = await writable(deps, input);
    if (isRefusal(stored)) return stored;
    const { name = stored.name, filter: fields = {}, muted_until, status, ...aim } = input.change;
    const target = changedTarget(stored, aim);
    if (isRefusal(target)) return target;
    const refusal = wrongTarget(tenant, target, input.limits);
    if (refusal !== undefined) return refusal;
    const filter = await checkedFilter(deps, tenant, stored.filter, fields);
    if (isRefusal(filter)) return filter;
    const now = deps.clock.now();
    const { muted_until: was, disabled_reason, ...kept } = stored;
    const mute = muted_until === undefined ? muted(was) : muted(muted_until ?? undefined);
    const enabled = status === 'active' && stored.status === 'disabled';
    const widened = hearsMore(stored.filter, filter);
    const unmuted = was !== undefined && was > now && (mute.muted_until ?? '') <= now;
    const channel: Channel = {
      ...kept,
      ...target,
      id,
      name,
      filter,
      ...mute,
      status: status ?? stored.status,
      ...(disabled_reason === undefined || enabled ? {} : { disabled_reason }),
      since: enabled || unmuted || widened ? now : stored.since,
      updated_at: now,
      version: stored.version + 1,
    };
    const outcome = await committed(deps, tenant, [
      { write: 'catalog', entry: { type: 'channel', item: channel }, expected: stored.version },
      await recordChange(deps, principal, {
        action: 'update',
        target: { type: 'channel', id },
        before: recordedChannel(stored),
        after: recordedChannel(channel),
      }),
    ]);
    return outcome ?? channel;
  });
}

/** Deletes a channel; what is under way to it is dropped. Refuses `not_authorized`, `not_found`, `precondition_failed`. */
export async function deleteChannel(
  deps: ChannelDeps,
  input: { readonly principal: Principal; readonly id: string; readonly ifMatch: IfMatch },
): Promise<Channel | Refusal> {
  return untilCommitted(deps, async () => {
    const stored = await writable(deps, input);
    if (isRefusal(stored)) return stored;
    const { principal, id } = input;
    const outcome = await committed(deps, principal.tenant, [
      { write: 'catalog_delete', type: 'channel', id, expected: stored.version },
      await recordChange(deps, principal, {
        action: 'delete',
        target: { type: 'channel', id },
        before: recordedChannel(stored),
      }),
    ]);
    return outcome ?? stored;
  });
}

/** A channel that somebody may change, at the version they expect. Whoever may read nothing learns of none. */
async function writable(
  deps: ReadChannelDeps,
  {
    principal,
    id,
    ifMatch,
  }: { readonly principal: Principal; readonly id: string; readonly ifMatch: IfMatch },
): Promise<Channel | Refusal> {
  const stored = await readChannel(deps, { principal, id });
  if (isRefusal(stored)) return stored;
  const refusal = (await authorize(deps, principal, 'manage_catalog')) ?? unexpected(stored.version, ifMatch);
  return refusal ?? stored;
}

/** Instants that come from outside are RFC 3339 with any offset. */
function muted(until: string | undefined): { readonly muted_until?: string } {
  const instant = until === undefined ? undefined : toInstant(until);
  return instant === undefined ? {} : { muted_until: instant };
}

const missing = (id: string): Refusal => refuse('not_found', `there is no notification channel ${id}`);
