import { httpsEgress } from '../../adapters/egress/https.ts';
import type { SlackDeps } from '../../adapters/slack/app.ts';
import { SLACK, standIn } from '../../adapters/slack/web-api.ts';
import type { NotificationStores } from '../../ports/stores.ts';
import type { Environment } from '../environment.ts';
import { wireSecrets } from './secrets.ts';

/** The way out, the secrets and the place of Slack, for functions that may read secrets. */
export function wireSlack(
  { slackMessages }: Pick<NotificationStores, 'slackMessages'>,
  environment: Pick<Environment, 'allowLoopback' | 'secretsPrefix' | 'slackApiUrl'>,
): SlackDeps {
  const { slackApiUrl } = environment;
  return {
    egress: httpsEgress(environment),
    secrets: wireSecrets(environment),
    messages: slackMessages,
    place: slackApiUrl === undefined ? SLACK : standIn(slackApiUrl),
  };
}
