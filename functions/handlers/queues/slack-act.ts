import { exactly } from '../../adapters/dynamodb/schemas/exactly.ts';
import { slackApp } from '../../adapters/slack/app.ts';
import { unguessable } from '../../adapters/unguessable.ts';
import { SlackClickMessage } from '../../contract/slack.ts';
import type { SlackClick } from '../../domain/slack/click.ts';
import { actFromSlack, type SlackActDeps } from '../../use-cases/slack/act.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { wireNotificationTable } from '../wiring/notifications.ts';
import { wireReturns } from '../wiring/queue.ts';
import { wireSite } from '../wiring/site.ts';
import { wireSlack } from '../wiring/slack.ts';
import { wireDriving } from '../wiring/wiring.ts';
import { type BatchAnswer, type QueueWork, queueHandler } from './batch.ts';

/** Does what people decided in Slack, click by click. */
export function slackActHandler(
  wired: () => SlackActDeps,
  queue: QueueWork<SlackActDeps, unknown>['queue'],
  log: Log,
  random: () => number = Math.random,
): (event: unknown) => Promise<BatchAnswer> {
  // A member of a click that the message did not name would be lost on the way.
  const schema = exactly<SlackClick>()(SlackClickMessage);
  return queueHandler({ schema, wired, queue, run: actFromSlack, log, random });
}

export const handler = slackActHandler(
  () => {
    const environment = readEnvironment();
    const { slackPeople, slackMessages } = wireNotificationTable(environment);
    const slack = slackApp(wireSlack({ slackMessages }, environment));
    return { ...wireDriving(environment), slackPeople, slack, unguessable, publicUrl: wireSite().url };
  },
  () => wireReturns('slack-actions'),
  openLog(),
);
