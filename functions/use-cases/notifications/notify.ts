import { TRAITS } from '../../domain/kind-traits.ts';
import { listens } from '../../domain/notification/filter.ts';
import type { Verb } from '../../domain/notification/verb.ts';
import type { Subject } from '../../domain/subject.ts';
import type { DeliveryRef } from '../../ports/deliveries.ts';
import type { OrderedQueue } from '../../ports/queue.ts';
import type { RecordRef } from '../artifacts/attach-record.ts';
import type { Deps } from '../deps.ts';

export type NotifyDeps = Pick<Deps, 'catalog' | 'clock'> & {
  readonly queue: OrderedQueue<Task>;
  /** Whether the installation names a receiver of traces. */
  readonly traced?: boolean;
};

/** What is done about a promotion once something happened to it: a channel looks at it, its record is attached, its trace sent. */
export type Task =
  | DeliveryRef
  | (RecordRef & { readonly attach: 'record' })
  | (RecordRef & { readonly send: 'trace' });

/** What ends a promotion, as the bus says it. */
const ENDS: ReadonlySet<Verb> = new Set<Verb>(['completed', 'failed', 'rejected', 'cancelled']);

/**
 * That something happened to a promotion, as the bus says. `event_id`: the same when the bus says it again. `verbs`: of all that was
 * announced together, this being the last of it.
 */
export type PromotionHint = {
  readonly event_id: string;
  readonly tenant: string;
  readonly promotion_id: string;
  readonly environment: string;
  readonly verb: Verb;
  readonly verbs?: readonly Verb[] | undefined;
  readonly kind?: Subject['kind'] | undefined;
};

/**
 * Asks for a look at a promotion on behalf of every channel that may want to hear of this event; answers how many. The look finds
 * what was not told yet, so asking twice tells once, and the last of the events announced together asks for all of them. Looks at one
 * promotion for one channel happen one after another, in no way held up by other promotions or channels. The record of a completed promotion of an artifact is asked for in the same way. Throws `Unavailable` and `Throttled`.
 */
export async function notify(deps: NotifyDeps, hint: PromotionHint): Promise<number> {
  const { tenant, promotion_id, environment, event_id: id } = hint;
  const verbs = hint.verbs ?? [hint.verb];
  const now = deps.clock.now();
  const channels = (await deps.catalog.all(tenant, 'channel')).filter((channel) =>
    verbs.some((verb) => listens(channel, { environment, verb }, now)),
  );
  const tasks: Task[] = channels.map((channel) => ({ tenant, channel_id: channel.id, promotion_id }));
  if (verbs.includes('completed') && hint.kind !== undefined && TRAITS[hint.kind].in_registries) {
    tasks.push({ tenant, promotion_id, attach: 'record' });
  }
  if (deps.traced === true && verbs.some((verb) => ENDS.has(verb)))
    tasks.push({ tenant, promotion_id, send: 'trace' });
  await sendToQueue(deps, tasks, id);
  return channels.length;
}

/** Asks for deliveries under an id that makes asking again no second delivery; answers how many. */
export async function sendToQueue(
  deps: Pick<NotifyDeps, 'queue'>,
  tasks: readonly Task[],
  id: string,
): Promise<number> {
  if (tasks.length > 0) {
    await deps.queue.send(tasks.map((message) => ({ message, group: groupOf(message), id })));
  }
  return tasks.length;
}

/** No id holds a `#`. */
const groupOf = (task: Task): string => {
  const what = 'attach' in task ? '#record' : 'send' in task ? '#trace' : task.channel_id;
  return [task.tenant, what, task.promotion_id].join('#');
};
