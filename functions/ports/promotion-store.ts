import type { Digest } from '../domain/digest.ts';
import type { StoredEvent } from '../domain/promotion/events.ts';
import type { PromotionFilter } from '../domain/promotion/filter.ts';
import type { PromotionState } from '../domain/promotion/state.ts';
import type { PromotionType } from '../domain/promotion-type.ts';
import type { Subject } from '../domain/subject.ts';
import type { Page, PageRequest } from './page.ts';
import type { WorkflowRecord } from './transaction.ts';

export type StoredPromotion = { readonly state: PromotionState; readonly workflowRecord: WorkflowRecord };

/** An open promotion, and its place in the list: a page may go on after it. */
export type PlacedPromotion = { readonly state: PromotionState; readonly at: string };

/** 1 to 1,000 open promotions to look at; `late`: as they were a moment ago, at half the price. */
export type OpenPage = PageRequest & { readonly late: boolean };

/** Reads promotions. All reads of one promotion but `version` are strongly consistent; unknown is `undefined`. */
export interface PromotionStore {
  read(tenant: string, id: string): Promise<StoredPromotion | undefined>;
  /** Its version as it was a moment ago: eventually consistent, for those who look again and again. */
  version(tenant: string, id: string): Promise<number | undefined>;
  /** Its events in order, oldest first, from `after` (exclusive; 0 = all), so many at most. */
  events(tenant: string, id: string, after?: number, most?: number): Promise<readonly StoredEvent[]>;
  /**
   * Newest first. A page may be short while `next` says there is more, and empty after five rounds of calls: filters have a read budget. What is asked
   * of open promotions, of a person, of one subject or of those that did not complete reads these alone, however many others there ever were.
   */
  list(tenant: string, filter: PromotionFilter, page: PageRequest): Promise<Page<PromotionState>>;
  /**
   * Puts a promotion into the lists of those who took part in it by its history, where it is not; answers into how many. Release 0.1.0 did not
   * list who asked for changes, scheduled, unscheduled or settled. Idempotent, even when concurrent.
   */
  completeLists(state: PromotionState): Promise<number>;
  /** The next open promotions, newest first, in two rounds of calls: those of them that a filter means. */
  walkOpen(tenant: string, filter: PromotionFilter, page: OpenPage): Promise<Page<PlacedPromotion>>;
  /** The promotion that holds the one uniqueness record of a subject, digest and target, open or closed by now; rollbacks have one of their own. */
  holderOfPlace(
    tenant: string,
    subject: Subject,
    digest: Digest,
    target: string,
    type: PromotionType,
  ): Promise<string | undefined>;
  /** Why automatic promotion of a subject to a target environment is on hold: `rejected` by a person, else `held`. */
  onHold(tenant: string, subject: Subject, target: string): Promise<'rejected' | 'held' | undefined>;
}

/** A promotion as work lists name it. */
export type PromotionRef = { readonly tenant: string; readonly id: string };

/** What drives promotions: intent, due times, attempts. Nothing here changes what a promotion is. */
export interface WorkflowRecords {
  /**
   * Clears intent that is done and notes the last event published, unless the promotion has moved on from `version` or a later event is
   * noted already; says whether it cleared.
   */
  clearWork(ref: PromotionRef, version: number, published: number): Promise<boolean>;
  /** Raises the attempt number from `from` and answers the new one, or `undefined` when another process raised it first. */
  raiseAttempt(ref: PromotionRef, from: number): Promise<number | undefined>;
  /** Sets the next check of the sweep without an event (a promotion waiting for a freeze to end). */
  postpone(ref: PromotionRef, version: number, due_at: string): Promise<boolean>;
  /** Promotions with intent left, oldest first; each once over all pages. */
  withWork(page: PageRequest): Promise<Page<PromotionRef>>;
  /** Promotions whose `due_at` is at or before `now`. */
  due(now: string, page: PageRequest): Promise<Page<PromotionRef>>;
}

/** What wakes a waiting execution. `entered_time` and `retry_count` order tokens of one attempt. */
export type TaskToken = {
  readonly token: string;
  readonly attempt: number;
  readonly entered_time: string;
  readonly retry_count: number;
  readonly state: 'await' | 'execute_and_wait';
};

export interface TaskTokens {
  /** Keeps the token unless a newer one (attempt, then entered_time, then retry_count) is kept already; says whether it did. */
  put(ref: PromotionRef, token: TaskToken): Promise<boolean>;
  /** Strongly consistent. */
  get(ref: PromotionRef): Promise<TaskToken | undefined>;
}
