import type { Channel } from '../domain/notification/channel.ts';
import type { DriftNotice } from '../domain/notification/drift-notice.ts';
import type { Notice } from '../domain/notification/notice.ts';
import type { PromotionState } from '../domain/promotion/state.ts';

/**
 * What came of telling. `retry`: not now, the same again later, not before `after_seconds` where the receiver says so. `gone`: the receiver wants nothing more, ever. `refused`: this notice
 * will not be taken, however often it is sent. Reasons are for people and hold no secret; `reference` is the receiver's own name for it.
 */
export type Sent =
  | { readonly outcome: 'delivered'; readonly reference?: string }
  | { readonly outcome: 'retry'; readonly reason: string; readonly after_seconds?: number }
  | { readonly outcome: 'gone' | 'refused'; readonly reason: string };

/** Tells a notice to a channel's receiver. Never throws for what the other side does; may be called again with the same notice. */
export interface Sender<C extends Channel> {
  send(channel: C, notice: Notice): Promise<Sent>;
  /** Tells of a change that went past Sluice. */
  drift(channel: C, notice: DriftNotice): Promise<Sent>;
  /** Brings up to date what stands with the receiver, when something happened that this channel is not told of. */
  updateMessage?(channel: C, promotion: PromotionState): Promise<Sent>;
}
