import * as z from 'zod/mini';
import { DeploymentHint } from '../../contract/deployment-events.ts';
import { DEPLOYED, UPGRADED } from '../../domain/notification/cloud-event.ts';
import { type AutoPromoteDeps, autoPromote } from '../../use-cases/auto-promotion/promote.ts';
import { MEASURED } from '../../use-cases/deployments/hints.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { wireDriving } from '../wiring.ts';

/** What may make a rule's conditions true: it went live, by whatever way, or its metrics came in. */
const TRIGGERS: readonly string[] = [DEPLOYED, UPGRADED, MEASURED];

/**
 * Promotes what an event on the bus names, where a rule says so. Events are hints: unordered, repeated, lost; a repeated one
 * creates nothing. A fault is thrown, so that Lambda tries again and keeps what it gives up in the dead-letter queue.
 */
export function autoPromoteHandler(
  wired: () => AutoPromoteDeps,
  log: Log,
): (event: unknown) => Promise<void> {
  let deps: AutoPromoteDeps | undefined;
  return async (event) => {
    const hint = z.safeParse(DeploymentHint, event);
    if (!hint.success) {
      log.warn('not_a_deployment_event', { fields: hint.error.issues.map((issue) => issue.path.join('.')) });
      return;
    }
    const { id, type, data } = hint.data.detail;
    const { tenant, deployment_id } = data.customData;
    log.about({ event: id, tenant, deployment: deployment_id });
    if (!TRIGGERS.includes(type)) return;
    deps ??= wired();
    for (const outcome of await autoPromote(deps, { tenant, deployment_id }))
      log.info('auto_promotion', outcome);
  };
}

export const handler = autoPromoteHandler(() => wireDriving(readEnvironment()), openLog());
