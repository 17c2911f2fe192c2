import type { Moment } from '../domain/deployment/history.ts';
import type { InEnvironment, Subject } from '../domain/subject.ts';

/** The history of a subject in an environment. */
export type TimelineOf = InEnvironment & { readonly subject: Subject };

/** A place in time: of a moment, or without an id before all that happened at that instant. */
export type Position = Pick<Moment, 'at'> & Partial<Moment>;

/** When deployments of a subject began to serve in an environment, and when they failed. Strongly consistent; written by `Transactions`. */
export interface Timelines {
  /** How often something was counted by it; 0 before the first time. A commit that counts raises it. */
  version(tenant: string, of: TimelineOf): Promise<number>;
  /** What began to serve before or after a position, the nearest first. */
  lives(
    tenant: string,
    of: TimelineOf,
    side: 'before' | 'after',
    position: Position,
    most: number,
  ): Promise<readonly Moment[]>;
  /** What failed within two instants, both included, oldest first. */
  failures(tenant: string, of: TimelineOf, from: string, until: string): Promise<readonly Moment[]>;
}
