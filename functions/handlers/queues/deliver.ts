import { DeliveryMessage } from '../../contract/promotion-events.ts';
import { type DeliverInTurnDeps, deliverInTurn } from '../../use-cases/notifications/deliver-in-turn.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { wireNotifications } from '../wiring-notifications.ts';
import { wireReturns } from '../wiring-queue.ts';
import { type BatchAnswer, type QueueWork, queueHandler } from './batch.ts';

/** Tells channels of promotions, message by message. */
export function deliverHandler(
  wired: () => DeliverInTurnDeps,
  queue: QueueWork<DeliverInTurnDeps, unknown>['queue'],
  log: Log,
  random: () => number = Math.random,
): (event: unknown) => Promise<BatchAnswer> {
  return queueHandler({ schema: DeliveryMessage, wired, queue, run: deliverInTurn, log, random });
}

export const handler = deliverHandler(
  () => wireNotifications(readEnvironment()),
  () => wireReturns('deliveries'),
  openLog(),
);
