import type { Json } from '../domain/jcs.ts';

/** A CloudEvents 1.0 event. `type` is a CDEvents type where one exists (DESIGN section 11). */
export type CloudEvent = {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly data: { readonly [name: string]: Json };
};

/** Publishes hints: unordered, repeatable, losable. Throws `Unavailable` when any entry failed, though the call said 200. */
export interface Bus {
  publish(events: readonly CloudEvent[]): Promise<void>;
}
