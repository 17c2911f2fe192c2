import type { Digest } from '../domain/digest.ts';
import type { Evidence } from '../domain/gates/evidence.ts';
import type { ProviderAnswer } from '../domain/gates/provider.ts';
import type { Page, PageRequest } from './page.ts';

/**
 * What stands beside all evidence about one digest. `version` rises with every report that is stored: a decision that was made on
 * what was read after it, and commits only while it is the same, was made on everything. `waiting` names the promotions that were
 * judged on it and may want more.
 */
export type WatchList = { readonly version: number; readonly waiting: readonly string[] };

/** A watch list whose newest report may not have reached everybody who waits. */
export type WatchListRef = { readonly tenant: string; readonly subject: Digest };

/** Reads evidence; all of it strongly consistent but `withWork`. Evidence and watchers are written by `Transactions`. */
export interface EvidenceStore {
  /** Version 0 and nobody when nothing was ever stored or watched. */
  watchList(tenant: string, subject: Digest): Promise<WatchList>;
  /** Every report about a digest that these gates look at, in order of gate and receipt; without gates, for all. */
  about(tenant: string, subject: Digest, gates?: readonly string[]): Promise<readonly Evidence[]>;
  /** Those of some reports about a digest that gates no longer look at, in no order; digests of others are passed over. */
  retired(tenant: string, subject: Digest, digests: readonly Digest[]): Promise<readonly Evidence[]>;
  /** The last answer of the provider of each of these gates about a promotion; a gate that has none is left out. */
  latestAnswers(
    tenant: string,
    promotion_id: string,
    gates: readonly string[],
  ): Promise<readonly ProviderAnswer[]>;
  /** Every answer of a provider about a promotion, by gate and number. */
  answers(tenant: string, promotion_id: string): Promise<readonly ProviderAnswer[]>;
  /** A stored document by its digest; `undefined` when it was too large and only its address was given. */
  document(tenant: string, document: Digest): Promise<string | undefined>;
  /** Watch lists whose waiters may not know the newest report yet. */
  withWork(page: PageRequest): Promise<Page<WatchListRef>>;
  /** Says that everybody who waits knows version `version`; `false` when there is a newer one. */
  clearWork(ref: WatchListRef, version: number): Promise<boolean>;
}
