import type { CloudEvent } from '../domain/notification/cloud-event.ts';

/** Publishes hints: unordered, repeatable, losable. Throws `Unavailable` when any entry failed, though the call said 200. */
export interface Bus {
  publish(events: readonly CloudEvent[]): Promise<void>;
}
