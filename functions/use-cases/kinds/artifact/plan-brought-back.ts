import type { Environment } from '../../../domain/catalog/environment.ts';
import { digest } from '../../../domain/digest.ts';
import { emptyHead, slotText } from '../../../domain/promotion/head.ts';
import { isRefusal, type Refusal, refuse } from '../../../domain/refusal.ts';
import type { KindDeps, PlanInput, Planned } from '../kind.ts';
import { targetHead } from '../target-head.ts';
import { artifactAsked, broughtBack, slotOf } from './slot.ts';
import { undoneBy } from './undone.ts';

/**
 * Plans that a pipeline brings back what an environment ran before: the content of a recorded deployment, which no registry of Sluice
 * needs to have. Refuses `source_not_deployed` when the record is not DEPLOYED any more, and `nothing_to_promote` when it is active.
 */
export async function planBroughtBack(
  deps: KindDeps,
  input: PlanInput,
  target: Environment,
): Promise<Planned | Refusal> {
  const { tenant, now, sealed } = input;
  const request = artifactAsked(input.request);
  const slot = slotOf(request, target.name);
  const id = broughtBack(request) ?? '';
  const [record, { there, sure }] = await Promise.all([
    deps.deployments.read(tenant, id),
    targetHead(deps, tenant, slot, sealed),
  ]);
  if (record === undefined) return refuse('not_found', `there is no deployment ${id}`);
  if (record.status !== 'DEPLOYED') {
    return refuse('source_not_deployed', `${id} is ${record.status}`, { status: record.status });
  }
  const head = there ?? emptyHead(slot, now);
  const label = record.version_label ?? request.version;
  if (sealed === undefined && head.digest === record.digest) {
    return refuse('nothing_to_promote', `${label} of ${request.artifact} is active in ${target.name}`);
  }
  const replaced =
    head.deployment_id === undefined ? undefined : await deps.deployments.read(tenant, head.deployment_id);
  await sure;
  const undoes = await undoneBy(deps, tenant, request, target.name);
  if (undoes !== undefined && isRefusal(undoes)) return undoes;
  const change_set = [
    { key: slotText(slot), from: head.digest, to: record.digest },
    { key: 'version', from: replaced?.version_label ?? null, to: label },
  ];
  return {
    subject: slot.subject,
    source_environment: target.name,
    target,
    slot,
    place: target.name,
    plan: {
      source: sealed?.source ?? {
        environment: target.name,
        digest: record.digest,
        deployment_id: record.id,
        version_label: label,
        recorded: record.recorded,
      },
      base: { digest: head.digest, version: head.version },
      change_set_digest: digest('sluice/change-set/v1', change_set),
      change_set,
    },
    head,
    conditions: {
      artifact: { kind: 'artifact', name: request.artifact, digest: record.digest, version: label },
    },
    outside: true,
    ...(undoes === undefined ? {} : { undoes }),
  };
}
