import { httpsEgress } from '../../adapters/egress/https.ts';
import { secretsManager } from '../../adapters/secrets/secrets-manager.ts';
import type { SlackDeps } from '../../adapters/slack/app.ts';
import { SLACK, standIn } from '../../adapters/slack/web-api.ts';
import type { NotificationStores } from '../../ports/stores.ts';
import type { Environment } from '../environment.ts';

/** The way out, the secrets and the place of Slack, for functions that may read secrets. */
export function wireSlack(
  { slackMessages }: Pick<NotificationStores, 'slackMessages'>,
  { allowLoopback, slackApiUrl }: Pick<Environment, 'allowLoopback' | 'slackApiUrl'>,
): SlackDeps {
  return {
    egress: httpsEgress({ allowLoopback }),
    secrets: secretsManager(),
    messages: slackMessages,
    place: slackApiUrl === undefined ? SLACK : standIn(slackApiUrl),
  };
}
