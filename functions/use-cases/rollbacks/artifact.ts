import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import type { ArtifactAsked } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Slot } from '../../domain/subject.ts';
import { authorize } from '../access/authorize.ts';
import { authorizeIn } from '../access/authorize-in.ts';
import type { Deps } from '../deps.ts';
import { requestTo } from '../kinds/artifact/back.ts';
import { isSynced, type Past, pastOf } from '../kinds/artifact/past.ts';
import { numbered } from '../kinds/gone-back-to.ts';
import type { CreateDeps } from '../promotions/create.ts';
import { type AskedRollback, type RolledBack, requestJudged } from './judged.ts';

/** Versions that a refusal names. */
const NAMED = 20;

export type RollBackArtifactInput = AskedRollback & {
  readonly artifact: string;
  /** Name or alias. */
  readonly environment: string;
  /** Semver, with or without `v`, or else the number of a revision; without both: the version before the active one. */
  readonly version?: string;
  readonly to_revision?: number;
  /** Absent: as the promotion was that made the active version so. */
  readonly sync_registries?: boolean;
};

/**
 * Requests that an environment goes back to a version that it had. Refuses `not_authorized`, `unknown_environment`, `not_found` where
 * nothing is active, `source_not_deployed` naming the versions or revisions that the environment had, `nothing_to_promote`, `locked`, and
 * `risk_not_acknowledged`.
 */
export async function rollBackArtifact(
  deps: CreateDeps,
  input: RollBackArtifactInput,
): Promise<RolledBack | Refusal> {
  const { principal } = input;
  const denied =
    (await authorize(deps, principal, 'read')) ??
    (await authorizeIn(deps, principal, 'roll_back', input.environment));
  if (denied !== undefined) return denied;
  const slotOf = (name: string): Slot => ({
    subject: { kind: 'artifact', name: input.artifact },
    environment: name,
  });
  const environment = await environmentOf(deps, input);
  if (isRefusal(environment)) return await requestJudged(deps, environment, slotOf(input.environment), input);
  const slot = slotOf(environment.name);
  return await requestJudged(deps, await requestOf(deps, input, slot), slot, input);
}

async function environmentOf(
  { catalog }: Pick<Deps, 'catalog'>,
  { principal, environment }: RollBackArtifactInput,
) {
  const found = findEnvironment(await catalog.all(principal.tenant, 'environment'), environment);
  return (
    found ?? refuse('unknown_environment', `there is no environment ${environment}`, { field: 'environment' })
  );
}

/** The request that goes back to a former version; of the active version's own there is nothing to go back from. */
async function requestOf(
  deps: Pick<Deps, 'heads' | 'deployments'>,
  { principal: { tenant }, artifact, reason: notes, ...input }: RollBackArtifactInput,
  slot: Slot,
): Promise<ArtifactAsked | Refusal> {
  const { environment } = slot;
  const head = await deps.heads.read(tenant, slot);
  if (head === undefined || head.digest === null) {
    return refuse('not_found', `no version of ${artifact} is active in ${environment}`);
  }
  const past = await pastOf(deps, tenant, slot);
  const found =
    input.to_revision === undefined
      ? ofVersion(past, input.version, environment)
      : numbered(past, input.to_revision, environment);
  if ('refused' in found) return found;
  const sync_registries = input.sync_registries ?? (await isSynced(deps, tenant, head));
  return requestTo(found, { artifact, sync_registries, notes });
}

/** The newest revision of a version, or of the version before the active one. */
function ofVersion(past: readonly Past[], version: string | undefined, environment: string): Past | Refusal {
  const [active, ...former] = past;
  const wanted = version?.replace(/^v/, '');
  if (wanted !== undefined && wanted === active?.version) {
    return refuse('nothing_to_promote', `${version} is active in ${environment}`);
  }
  const found = former.find((one) =>
    wanted === undefined ? one.revision.digest !== active?.revision.digest : one.version === wanted,
  );
  if (found !== undefined) return found;
  const available = [...new Set(former.map(({ label }) => label))].slice(0, NAMED);
  const had = available.length === 0 ? 'it had no other version' : `it had ${available.join(', ')}`;
  return refuse('source_not_deployed', `${environment} never had ${version ?? 'a version before'}: ${had}`, {
    field: 'version',
    available,
  });
}
