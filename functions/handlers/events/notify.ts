import * as z from 'zod/mini';
import { otlpSettings } from '../../adapters/otlp/settings.ts';
import { DriftHint, PromotionHint } from '../../contract/promotion-events.ts';
import type { Verb } from '../../domain/notification/verb.ts';
import { type NotifyDeps, notify, type Task } from '../../use-cases/notifications/notify.ts';
import { notifyOfDrift } from '../../use-cases/notifications/tell-drift.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { type Meter, type MetricName, openMeter } from '../metrics.ts';
import { wireOrderedQueue } from '../wiring/queue.ts';
import { wireTable } from '../wiring/table.ts';

/** Events on the bus that are counted; what is announced twice counts twice. */
const COUNTED: { readonly [verb in Verb]?: MetricName } = {
  completed: 'promotions_completed',
  failed: 'promotions_failed',
  rejected: 'promotions_rejected',
  cancelled: 'promotions_cancelled',
  rolledback: 'promotions_rolled_back',
  blocked: 'promotions_blocked',
};

/**
 * Asks for deliveries of what an event on the bus names. Events are hints: repeated, unordered, lost. A fault is thrown, so that Lambda
 * tries again and keeps what it gives up in the dead-letter queue.
 */
export function notifyHandler(
  wired: () => NotifyDeps,
  log: Log,
  meter: Meter,
): (event: unknown) => Promise<void> {
  let deps: NotifyDeps | undefined;
  return async (event) => {
    const drift = z.safeParse(DriftHint, event);
    if (drift.success) {
      const notice = drift.data.detail.data.customData;
      log.about({ event: notice.id, tenant: notice.tenant });
      deps ??= wired();
      const told = await notifyOfDrift(deps, notice);
      if (told > 0) log.info('notified', { channels: told });
      return;
    }
    const hint = z.safeParse(PromotionHint, event);
    if (!hint.success) {
      log.warn('not_a_promotion_event', { fields: hint.error.issues.map((issue) => issue.path.join('.')) });
      return;
    }
    const { id, data } = hint.data.detail;
    const { tenant, promotion_id } = data.customData;
    log.about({ event: id, tenant, promotion: promotion_id });
    deps ??= wired();
    const { followed = false, verb, verbs = [verb] } = data.customData;
    if (followed) return;
    for (const each of verbs) {
      const counted = COUNTED[each];
      if (counted !== undefined) meter({ [counted]: 1 });
    }
    const channels = await notify(deps, { ...data.customData, event_id: id });
    if (channels > 0) log.info('notified', { channels });
  };
}

export const handler = notifyHandler(
  () => ({
    ...wireTable(readEnvironment()),
    queue: wireOrderedQueue<Task>('deliveries'),
    traced: otlpSettings(process.env) !== undefined,
  }),
  openLog(),
  openMeter(),
);
