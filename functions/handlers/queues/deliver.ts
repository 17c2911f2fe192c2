import { unguessable } from '../../adapters/unguessable.ts';
import { DeliveryMessage } from '../../contract/promotion-events.ts';
import { approvalMail } from '../../use-cases/links/approval-mail.ts';
import { type DeliverInTurnDeps, deliverInTurn } from '../../use-cases/notifications/deliver-in-turn.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { type Meter, openMeter } from '../metrics.ts';
import { wireDoors } from '../wiring/doors.ts';
import { wireNotifications } from '../wiring/notifications.ts';
import { wireReturns } from '../wiring/queue.ts';
import { wireSite } from '../wiring/site.ts';
import { wireTable } from '../wiring/table.ts';
import { type BatchAnswer, type QueueWork, queueHandler } from './batch.ts';

/** Tells channels of promotions, message by message. */
export function deliverHandler(
  wired: () => DeliverInTurnDeps,
  queue: QueueWork<DeliverInTurnDeps, unknown>['queue'],
  log: Log,
  meter: Meter,
  random: () => number = Math.random,
): (event: unknown) => Promise<BatchAnswer> {
  const run: typeof deliverInTurn = async (...given) => {
    const looked = await deliverInTurn(...given);
    meter(looked.outcome === 'done' ? { deliveries_made: 1 } : { deliveries_postponed: 1 });
    return looked;
  };
  return queueHandler({ schema: DeliveryMessage, wired, queue, run, log, random });
}

export const handler = deliverHandler(
  () => {
    const environment = readEnvironment();
    const links = { ...wireTable(environment), ...wireDoors(environment), site: wireSite(), unguessable };
    return wireNotifications(environment, (notice, approver, show_values) =>
      approvalMail(links, { notice, approver, show_values }),
    );
  },
  () => wireReturns('deliveries'),
  openLog(),
  openMeter(),
);
