/** Ways other than the API on which a person's decision can come. */
export const CHANNELS = ['email', 'slack', 'link'] as const;
export type Channel = (typeof CHANNELS)[number];

/**
 * The way on which a person acted: the approval link that was used there, or the notification channel and Slack's id of the app whose
 * button it was. Absent: the API.
 */
export type Via = {
  readonly channel: Channel;
  readonly link_id?: string;
  readonly notification_channel?: string;
  readonly slack_app?: string;
};
