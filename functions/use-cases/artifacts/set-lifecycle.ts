import type { Lifecycle } from '../../domain/artifact/lifecycle.ts';
import { isArtifactName } from '../../domain/artifact/repository-path.ts';
import { type ArtifactVersion, parseVersion } from '../../domain/artifact/version.ts';
import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import { toInstant } from '../../domain/instant.ts';
import { canonicalJson } from '../../domain/jcs.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { authorize } from '../access/authorize.ts';
import { recordChange } from '../audit/record-change.ts';
import type { Deps } from '../deps.ts';
import { committed, type IfMatch, unexpected } from '../engine/commit.ts';
import { type RACE_LOST, untilCommitted } from '../engine/until-committed.ts';
import { type ReadDeps, readVersion, type ShownVersion } from './read.ts';

export type LifecycleDeps = ReadDeps & Pick<Deps, 'changes' | 'transactions' | 'random' | 'sleep'>;

type Asked = {
  readonly principal: Principal;
  readonly artifact: string;
  readonly version: string;
  readonly lifecycle: Lifecycle;
  readonly ifMatch: IfMatch;
};

/**
 * Says from when a version is discouraged and from when it is over; what is absent is not so any more. Kept in the chain of changes.
 * Refuses `not_authorized`, `not_found`, `precondition_failed`, `invalid_request`.
 */
export async function setLifecycle(deps: LifecycleDeps, input: Asked): Promise<ShownVersion | Refusal> {
  const { principal, artifact, version } = input;
  const refusal = await authorize(deps, principal, 'manage_catalog');
  if (refusal !== undefined) return refusal;
  const set = await untilCommitted(deps, () => attempt(deps, input));
  return isRefusal(set) ? set : readVersion(deps, { principal, artifact, version });
}

async function attempt(
  deps: LifecycleDeps,
  { principal, artifact, version, lifecycle, ifMatch }: Asked,
): Promise<ArtifactVersion | Refusal | typeof RACE_LOST> {
  const { tenant } = principal;
  const stored = await find(deps, tenant, artifact, version);
  if (stored === undefined) return refuse('not_found', `there is no version ${version} of ${artifact}`);
  const stale = unexpected(stored.edition, ifMatch);
  if (stale !== undefined) return stale;
  const checked = await checkedLifecycle(deps, tenant, stored, lifecycle);
  if (isRefusal(checked)) return checked;
  if (canonicalJson(checked) === canonicalJson(stored.lifecycle ?? {})) return stored;
  const { lifecycle: before = {}, ...rest } = stored;
  const item = {
    ...rest,
    ...(Object.keys(checked).length === 0 ? {} : { lifecycle: checked }),
    edition: stored.edition + 1,
  };
  const told = {
    action: 'update',
    target: { type: 'artifact_version', id: `${artifact}@${stored.version}` },
    ...(checked.reason === undefined ? {} : { reason: checked.reason }),
    before,
    after: checked,
  } as const;
  const outcome = await committed(deps, tenant, [
    { write: 'artifact_version', item, expected: stored.edition },
    await recordChange(deps, tenant, actorOf(principal), told),
  ]);
  return outcome ?? item;
}

/** Instants as the store writes them, in their order; the replacement by its label, another version that is published. */
async function checkedLifecycle(
  deps: Pick<Deps, 'versions'>,
  tenant: string,
  { artifact, version }: ArtifactVersion,
  { deprecated_at, eol_at, replacement, reason }: Lifecycle,
): Promise<Lifecycle | Refusal> {
  const [discouraged, over] = [instantOf(deprecated_at), instantOf(eol_at)];
  if (discouraged !== undefined && over !== undefined && over < discouraged) {
    return wrong('eol_at', 'must not be before deprecated_at');
  }
  const other = replacement === undefined ? undefined : await find(deps, tenant, artifact, replacement);
  if (replacement !== undefined && (other === undefined || other.version === version)) {
    return wrong('replacement', `must be another published version of ${artifact}`);
  }
  return {
    ...(discouraged === undefined ? {} : { deprecated_at: discouraged }),
    ...(over === undefined ? {} : { eol_at: over }),
    ...(other === undefined ? {} : { replacement: other.label }),
    ...(reason === undefined ? {} : { reason }),
  };
}

const instantOf = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : toInstant(text);

async function find(
  deps: Pick<Deps, 'versions'>,
  tenant: string,
  artifact: string,
  version: string,
): Promise<ArtifactVersion | undefined> {
  const named = isArtifactName(artifact) ? parseVersion(version) : undefined;
  return named && (await deps.versions.read(tenant, artifact, named.version));
}

const wrong = (field: string, problem: string): Refusal =>
  refuse('invalid_request', `${field} ${problem}`, { errors: [{ field, problem }] });
