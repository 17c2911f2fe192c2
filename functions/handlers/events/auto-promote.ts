import * as z from 'zod/mini';
import { DeploymentHint, EvidenceHint } from '../../contract/deployment-events.ts';
import { DEPLOYED, UPGRADED } from '../../domain/notification/cloud-event.ts';
import { promoteOnEvidence } from '../../use-cases/auto-promotion/on-evidence.ts';
import { type AutoPromoteDeps, autoPromote, type Outcome } from '../../use-cases/auto-promotion/promote.ts';
import { MEASURED } from '../../use-cases/engine/deployment-hints.ts';
import { EVIDENCE_RECEIVED } from '../../use-cases/evidence/hint.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { wireDriving } from '../wiring/wiring.ts';

/** What of a deployment may make a rule's conditions true: it went live, by whatever way, or its metrics came in. */
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
    const asked = read(event);
    if ('unreadable' in asked) {
      log.warn('not_a_hint', { fields: asked.unreadable });
      return;
    }
    log.about({ event: asked.event, tenant: asked.tenant, ...asked.about });
    if (asked.promote === undefined) return;
    deps ??= wired();
    for (const outcome of await asked.promote(deps)) log.info('auto_promotion', outcome);
  };
}

/** What an event asks for; nothing where its type triggers nothing. */
type Asked = {
  readonly event: string;
  readonly tenant: string;
  readonly about: { readonly [name: string]: string };
  readonly promote?: (deps: AutoPromoteDeps) => Promise<readonly Outcome[]>;
};

/** Reads a hint, or names the fields that are not as they must be. */
function read(event: unknown): Asked | { readonly unreadable: readonly string[] } {
  const report = z.safeParse(EvidenceHint, event);
  if (report.success) {
    const { id, type, data } = report.data.detail;
    const { tenant, subject_digest: digest } = data.customData;
    const about = { event: id, tenant, about: { digest } };
    if (type !== EVIDENCE_RECEIVED) return about;
    return { ...about, promote: (deps) => promoteOnEvidence(deps, { tenant, digest }) };
  }
  const hint = z.safeParse(DeploymentHint, event);
  if (!hint.success) return { unreadable: hint.error.issues.map((issue) => issue.path.join('.')) };
  const { id, type, data } = hint.data.detail;
  const { tenant, deployment_id } = data.customData;
  const about = { event: id, tenant, about: { deployment: deployment_id } };
  if (!TRIGGERS.includes(type)) return about;
  return { ...about, promote: (deps) => autoPromote(deps, { tenant, deployment_id }) };
}

export const handler = autoPromoteHandler(() => wireDriving(readEnvironment()), openLog());
