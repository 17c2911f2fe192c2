/** Work for later: at least once, in no order. What is sent twice is done twice, so a message says what to look at, not what to do. */
export interface Queue<Message> {
  /** Up to 900 s until a message can be received first. Throws `Unavailable` and `Throttled`; some may have been sent then. */
  send(messages: readonly Message[], when?: { readonly delay_seconds?: number }): Promise<void>;
}

/** What may become of a received message beside being done. Throws `Unavailable` and `Throttled`. */
export interface Returns {
  /** It is received again, this many seconds from now (0 to 43,200). */
  postpone(receipt: string, seconds: number): Promise<void>;
  /** Nobody can read it: kept among the dead letters as it came. */
  bury(body: string): Promise<void>;
}
