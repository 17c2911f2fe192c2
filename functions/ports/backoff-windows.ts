/** A channel of a tenant. */
export type SkippedChannel = { readonly tenant: string; readonly channel_id: string };

/** Channels in backoff, because their receivers kept others waiting. Reads are strongly consistent. */
export interface BackoffWindows {
  /** Until when a channel is left alone, which may have passed; undefined when its last receiver answered in time. */
  until(channel: SkippedChannel): Promise<string | undefined>;
  /** Leaves it alone until then, whatever stood there. */
  begin(channel: SkippedChannel, until: string): Promise<void>;
  /** Prolongs a rest that still stands as the caller saw it; says whether it did: of many who see it pass, one goes on. */
  prolong(channel: SkippedChannel, seen: string, until: string): Promise<boolean>;
  end(channel: SkippedChannel): Promise<void>;
}
