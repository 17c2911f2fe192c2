import type { NoticeName } from '../domain/notification/channel.ts';
import type { DriftNotice } from '../domain/notification/drift-notice.ts';
import type { Severity } from '../domain/notification/notice.ts';
import type { Page, PageRequest } from './page.ts';

/** A channel as one promotion sees it. */
export type DeliveryRef = {
  readonly tenant: string;
  readonly channel_id: string;
  /** Of drift, the id of its notice. */
  readonly promotion_id: string;
  /** What to tell, where it is no event of a promotion. */
  readonly drift?: DriftNotice | undefined;
};

/**
 * How one notice went to one channel, by its last attempt. `retry`: it is tried again. `given_up`: no longer by itself; the next
 * event of the promotion tries again. `gone`: the channel was disabled by it.
 */
export type Delivery = {
  readonly notice_id: string;
  readonly promotion_id: string;
  readonly seq: number;
  readonly event_at: string;
  readonly verb: NoticeName;
  readonly severity: Severity;
  readonly environment: string;
  readonly outcome: 'delivered' | 'retry' | 'given_up' | 'refused' | 'gone';
  readonly reason?: string;
  readonly reference?: string;
  /** When it was last tried. */
  readonly at: string;
  readonly attempts: number;
};

/** What channels were told. Reads are strongly consistent. */
export interface Deliveries {
  /** The number of the promotion's last processed event; 0 = none. */
  position(ref: DeliveryRef): Promise<number>;
  /** Moves that on, unless somebody else has moved it from `from` already; returns whether it moved. */
  advance(ref: DeliveryRef, from: number, to: number): Promise<boolean>;
  /** Keeps the latest attempt at a notice for 30 days, and counts it. */
  record(ref: DeliveryRef, attempt: Omit<Delivery, 'attempts' | 'promotion_id'>): Promise<void>;
  /** Of a channel, newest event first. */
  history(tenant: string, channel_id: string, page: PageRequest): Promise<Page<Delivery>>;
  /** Receivers of a notice that were told already, where a channel has several; names of the caller's making, kept for 30 days. */
  deliveredTo(ref: DeliveryRef, seq: number): Promise<ReadonlySet<string>>;
  markDelivered(ref: DeliveryRef, seq: number, receiver: string, now: string): Promise<void>;
}

/** Days for which history is kept: longer than any dead letter. */
export const KEPT_DAYS = 30;
