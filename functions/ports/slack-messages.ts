/** Where a channel's Slack was asked to approve a promotion: the message that follows what becomes of it. */
export type SlackMessage = {
  /** Slack's channel, and its time stamp, which names a message within it. */
  readonly place: string;
  readonly ts: string;
  /** The notice that it was made of. */
  readonly notice: string;
  readonly at: string;
};

/** Which message a channel has of a promotion: the newest, since only that one has buttons that count. */
export interface SlackMessages {
  read(tenant: string, channel: string, promotion: string): Promise<SlackMessage | undefined>;
  /** The last writer wins: a lost message keeps its buttons, and they are judged when they are pressed. */
  write(tenant: string, channel: string, promotion: string, message: SlackMessage): Promise<void>;
}
