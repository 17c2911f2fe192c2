import * as z from 'zod/mini';
import { CHANNELS } from '../domain/identity/via.ts';

/** Who did something, and on which way. */
export const ActorView = z.strictObject({
  subject: z.string(),
  email: z.string(),
  kind: z.enum(['person', 'machine', 'system']),
  /** The way on which the act came; absent: the API. */
  via: z.exactOptional(
    z.strictObject({
      channel: z.enum(CHANNELS),
      link_id: z.exactOptional(z.string()),
      /** The notification channel whose button it was, and Slack's id of its app. */
      notification_channel: z.exactOptional(z.string()),
      slack_app: z.exactOptional(z.string()),
    }),
  ),
});
