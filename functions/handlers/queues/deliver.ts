import type * as z from 'zod/mini';
import { kmsSigner } from '../../adapters/kms/signer.ts';
import { unguessable } from '../../adapters/unguessable.ts';
import { DeliveryMessage } from '../../contract/promotion-events.ts';
import { type AttachDeps, attachRecord } from '../../use-cases/artifacts/attach-record.ts';
import { approvalMail } from '../../use-cases/links/approval-mail.ts';
import {
  type DeliverWithBackoffDeps,
  deliverWithBackoff,
} from '../../use-cases/notifications/deliver-with-backoff.ts';
import { sendTrace, type TraceDeps } from '../../use-cases/notifications/send-trace.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { type Meter, openMeter } from '../metrics.ts';
import { wireBearerStores } from '../wiring/bearer-stores.ts';
import { wireNotifications } from '../wiring/notifications.ts';
import { wireReturns } from '../wiring/queue.ts';
import { BRIEF_COPY_SECONDS, RECORD_IDLE_MS, wireRegistries } from '../wiring/registries.ts';
import { wireSite } from '../wiring/site.ts';
import { wireTable } from '../wiring/table.ts';
import { wireTraces } from '../wiring/traces.ts';
import { type BatchAnswer, type QueueWork, queueHandler } from './batch.ts';

type Needed = DeliverWithBackoffDeps & AttachDeps & TraceDeps;

/** Tells channels of promotions, attaches their records and sends their traces, message by message. */
export function deliverHandler(
  wired: () => Needed,
  queue: QueueWork<Needed, unknown>['queue'],
  log: Log,
  meter: Meter,
  random: () => number = Math.random,
): (event: unknown) => Promise<BatchAnswer> {
  const run: QueueWork<Needed, z.infer<typeof DeliveryMessage>>['run'] = async (deps, task, attempt) => {
    if ('attach' in task) return await attachRecord(deps, task);
    if ('send' in task) {
      const sent = await sendTrace(deps, task);
      if (sent.outcome === 'refused') log.warn('trace_refused', { reason: sent.reason });
      return sent.outcome === 'retry' ? sent : { outcome: 'done' };
    }
    const looked = await deliverWithBackoff(deps, task, attempt);
    meter(looked.outcome === 'done' ? { deliveries_made: 1 } : { deliveries_postponed: 1 });
    return looked;
  };
  return queueHandler({ schema: DeliveryMessage, wired, queue, run, log, random });
}

export const handler = deliverHandler(
  () => {
    const environment = readEnvironment();
    const links = {
      ...wireTable(environment),
      ...wireBearerStores(environment),
      site: wireSite(),
      unguessable,
    };
    const { auditKeyId } = environment;
    if (auditKeyId === undefined) throw new Error('AUDIT_KEY_ID is not set');
    return {
      ...wireNotifications(environment, (notice, approver, show_values) =>
        approvalMail(links, { notice, approver, show_values }),
      ),
      registries: wireRegistries(environment, BRIEF_COPY_SECONDS, RECORD_IDLE_MS),
      signer: kmsSigner(auditKeyId),
      traces: wireTraces(environment),
    };
  },
  () => wireReturns('deliveries'),
  openLog(),
  openMeter(),
);
