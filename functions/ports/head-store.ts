import type { Head, Revision, Slot } from '../domain/subject.ts';
import type { Page, PageRequest } from './page.ts';

/**
 * What an environment itself has counted: `heads` that were ever written there, and `fills`, how often an empty slot got a head or a
 * claim. Both 0 in one that nothing ran in since environments count.
 */
export type Occupancy = { readonly heads: number; readonly fills: number };

/**
 * What one head counts among the `moves` of its environment. A claim counts twice: its own write, and the one that settles it, which need
 * not touch the environment then.
 */
export const movesOf = ({ version, claim, began = 0 }: Pick<Head, 'version' | 'claim' | 'began'>): number =>
  (claim === undefined ? version : version + 1) - began;

/** Reads heads and their revisions; strongly consistent but for `peek`, `ofSubject` and `glance`. Heads are written by `Transactions`. */
export interface HeadStore {
  /** `undefined`: the slot was never written. The fault `Corrupt` where the head is missing although its revisions exist. */
  read(tenant: string, slot: Slot): Promise<Head | undefined>;
  /** The same in one round: where it finds none, `assertNeverWritten` tells a slot that was never written from a lost head. */
  find(tenant: string, slot: Slot): Promise<Head | undefined>;
  /** Throws the fault `Corrupt` where a slot without a head has revisions: the environment is not empty, its head is lost. */
  assertNeverWritten(tenant: string, slot: Slot): Promise<void>;
  /** `read` a moment late, at half the price. */
  peek(tenant: string, slot: Slot): Promise<Head | undefined>;
  /** The heads of a subject in one environment, on all its gateways. */
  ofSubjectIn(tenant: string, subject: Slot['subject'], environment: string): Promise<readonly Head[]>;
  /** Every head of a subject, all environments and gateways; one that was first written a moment ago may be missing. */
  ofSubject(tenant: string, subject: Slot['subject']): Promise<readonly Head[]>;
  inEnvironment(tenant: string, environment: string, page: PageRequest): Promise<Page<Head>>;
  /** The heads of deleted environments whose name another one has since, as they stood last. */
  former(tenant: string, environment: string, page: PageRequest): Promise<Page<Head>>;
  occupancy(tenant: string, environment: string): Promise<Occupancy>;
  /**
   * How often the heads of each environment moved, as the environments counted it; a moment late. Where it is the sum of what the heads that
   * were read count, and none of these is claimed, they are the heads of just that count; while it stays, so do they.
   */
  moves(tenant: string): Promise<ReadonlyMap<string, number>>;
  /** All heads of an environment, a moment late: at half the price, in as few rounds as the store can. */
  glance(tenant: string, environment: string): Promise<readonly Head[]>;
  /** Newest first. Of a slot without an incarnation: those of the environment that has its name now. */
  revisions(tenant: string, slot: Slot, page: PageRequest): Promise<Page<Revision>>;
  /** Revisions of this very slot from a number on, oldest first: `limit` of them, fewer only where there are no more. */
  revisionsFrom(tenant: string, slot: Slot, first: number, limit: number): Promise<readonly Revision[]>;
}
