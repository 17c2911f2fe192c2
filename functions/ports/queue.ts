/** Work for later: at least once, in no order. What is sent twice is done twice, so a message says what to look at, not what to do. */
export interface Queue<Message> {
  /** Up to 900 s until a message can be received first. Throws `Unavailable` and `Throttled`; some may have been sent then. */
  send(messages: readonly Message[], when?: { readonly delay_seconds?: number }): Promise<void>;
}

/** A message of an ordered queue. `id`: a further message of the group under the same one is dropped for five minutes. */
export type Ordered<Message> = { readonly message: Message; readonly group: string; readonly id: string };

/**
 * Work in order, at least once: of a group's messages one is worked on at a time, as they were sent; a failed one holds back the
 * group and no other.
 */
export interface OrderedQueue<Message> {
  /** Throws `Unavailable` and `Throttled`; some may have been sent then. */
  send(messages: readonly Ordered<Message>[]): Promise<void>;
}

/** A message as it was received. `group`: of an ordered queue. */
export type ReceivedMessage = { readonly id: string; readonly body: string; readonly group?: string };

/** What may become of a received message beside being done. Throws `Unavailable` and `Throttled`. */
export interface Returns {
  /** It is received again, this many seconds from now (0 to 43,200). */
  postpone(receipt: string, seconds: number): Promise<void>;
  /** Nobody can read it: kept among the dead letters as it came. */
  deadLetter(message: ReceivedMessage): Promise<void>;
}
