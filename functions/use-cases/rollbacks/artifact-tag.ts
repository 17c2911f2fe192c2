import type { Deployment } from '../../domain/deployment/deployment.ts';
import { type Actor, actorOf, type Principal } from '../../domain/identity/principal.ts';
import type { Execution } from '../../domain/promotion/manifest.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Slot } from '../../domain/subject.ts';
import type { StoredAnswer } from '../../ports/transaction.ts';
import { authorizedIn } from '../access/authorize-in.ts';
import type { Deps } from '../deps.ts';
import { everyItem } from '../every-item.ts';
import { type CreateDeps, createPromotion } from '../promotions/create.ts';
import { stopped } from './judged.ts';

export type RollBackToTagInput = {
  readonly principal: Principal;
  readonly also_requested_by?: readonly Actor[];
  readonly artifact: string;
  readonly tag: string;
  /** Name or alias. */
  readonly environment: string;
  readonly reason: string;
  readonly execution?: Execution;
  /** What to keep for a repeated request, written in the same commit. */
  readonly answer?: (state: PromotionState) => StoredAnswer;
};

/** Records of one tag, and revisions of one environment, that are looked through at most. */
const MOST = 500;

/**
 * Requests that a pipeline brings an environment back to a tag: to the newest record of it there that is still DEPLOYED. A promotion of
 * its own, with the approvals that the environment asks for; once it executes its deployment is PENDING until its outcome is reported.
 * Refuses `not_authorized`, `unknown_environment`, `not_found` without such a record, `nothing_to_promote`, `already_open`, `locked`.
 */
export async function rollBackToTag(
  deps: CreateDeps,
  input: RollBackToTagInput,
): Promise<PromotionState | Refusal> {
  const { principal, artifact, tag, reason, answer, execution, also_requested_by } = input;
  const { tenant } = principal;
  const target = await authorizedIn(deps, principal, 'roll_back', input.environment);
  if (isRefusal(target)) return target;
  const slot: Slot = { subject: { kind: 'artifact', name: artifact }, environment: target.name };
  const record = await newestOf(deps, tenant, slot, tag);
  const revision = record === undefined ? undefined : await revisionOf(deps, tenant, slot, record);
  if (record === undefined || revision === undefined) {
    return refuse('not_found', `no DEPLOYED record of ${tag} is kept for ${target.name}`, { tag });
  }
  const created = await createPromotion(deps, {
    actor: actorOf(principal),
    tenant,
    type: 'rollback',
    request: {
      kind: 'artifact',
      artifact,
      version: tag.replace(/^v/, ''),
      sync_registries: false,
      notes: reason,
      rollback: { to: record.digest, revision, deployment_id: record.id },
      source_environment: target.name,
      target_environment: target.name,
    },
    ...(execution === undefined ? {} : { execution }),
    ...(also_requested_by === undefined ? {} : { also_requested_by }),
    ...(answer === undefined ? {} : { answer }),
    admit: async (requested) => stopped(requested),
  });
  return isRefusal(created) ? created : created.state;
}

async function newestOf(
  { deployments }: Pick<Deps, 'deployments'>,
  tenant: string,
  { subject, environment }: Slot,
  label: string,
): Promise<Deployment | undefined> {
  let read = 0;
  for await (const found of everyItem((page) =>
    deployments.list(tenant, { by: 'label', subject, label }, page),
  )) {
    if (found.environment === environment && found.status === 'DEPLOYED') return found;
    read += 1;
    if (read === MOST) return undefined;
  }
  return undefined;
}

/** The newest revision that a deployment made. */
async function revisionOf(
  { heads }: Pick<Deps, 'heads'>,
  tenant: string,
  slot: Slot,
  { id }: Deployment,
): Promise<number | undefined> {
  let read = 0;
  for await (const { number, deployment_id } of everyItem((page) => heads.revisions(tenant, slot, page))) {
    if (deployment_id === id) return number;
    read += 1;
    if (read === MOST) return undefined;
  }
  return undefined;
}
