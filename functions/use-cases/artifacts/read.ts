import { highest, parseConstraint } from '../../domain/artifact/constraint.ts';
import { placeText } from '../../domain/artifact/place.ts';
import { isArtifactName } from '../../domain/artifact/repository-path.ts';
import { type ArtifactVersion, parseVersion } from '../../domain/artifact/version.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import type { Registry } from '../../domain/catalog/registry.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Head } from '../../domain/subject.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import { authorize } from '../access/authorize.ts';
import type { Deps } from '../deps.ts';
import { everyItem } from '../every-item.ts';

export type ReadDeps = Pick<Deps, 'catalog' | 'heads' | 'versions' | 'denials' | 'clock'>;

/** A version with the environments in which it is active, as far as the reader may see them, and what clients pull. */
export type ShownVersion = {
  readonly version: ArtifactVersion;
  readonly environments: readonly string[];
  readonly reference: string;
};

type Asked = { readonly principal: Principal; readonly artifact: string };

/** One page of versions, highest first. Refuses `not_authorized`, and `not_found` where none was ever published. */
export async function listVersions(
  deps: ReadDeps,
  { principal, artifact, page }: Asked & { readonly page: PageRequest },
): Promise<Page<ShownVersion> | Refusal> {
  const refusal = await authorize(deps, principal, 'read');
  if (refusal !== undefined) return refusal;
  const found = isArtifactName(artifact)
    ? await deps.versions.page(principal.tenant, artifact, page)
    : { items: [] };
  if (found.items.length === 0 && page.after === undefined) {
    return refuse('not_found', `there is no artifact ${artifact}: publish a version of it first`);
  }
  return { ...found, items: await shown(deps, { principal, artifact }, found.items) };
}

/** Reads one version. Refuses `not_authorized`, `not_found`. */
export async function readVersion(
  deps: ReadDeps,
  { principal, artifact, version }: Asked & { readonly version: string },
): Promise<ShownVersion | Refusal> {
  const refusal = await authorize(deps, principal, 'read');
  if (refusal !== undefined) return refusal;
  const named = isArtifactName(artifact) ? parseVersion(version) : undefined;
  const found = named && (await deps.versions.read(principal.tenant, artifact, named.version));
  if (found === undefined) return refuse('not_found', `there is no version ${version} of ${artifact}`);
  return firstOf(await shown(deps, { principal, artifact }, [found]));
}

export type Resolved = ShownVersion & { readonly warning: string | null };

/**
 * The highest version that a constraint allows, of all that were published or of those that an environment received. Refuses
 * `not_authorized`, `invalid_request`, `unknown_environment`, and `not_found` naming what there is.
 */
export async function resolveVersion(
  deps: ReadDeps,
  input: Asked & { readonly constraint: string; readonly environment?: string },
): Promise<Resolved | Refusal> {
  const { principal, artifact, constraint: text } = input;
  const refusal = await authorize(deps, principal, 'read');
  if (refusal !== undefined) return refusal;
  const constraint = parseConstraint(text);
  if ('invalid' in constraint) return wrong('constraint', constraint.invalid);
  const all = isArtifactName(artifact) ? await publishedOf(deps, principal.tenant, artifact) : [];
  const environments = await deps.catalog.all(principal.tenant, 'environment');
  if ('latest' in constraint) {
    const target =
      environments.find(({ tag_suffix }) => tag_suffix === constraint.latest) ??
      findEnvironment(environments, constraint.latest);
    if (target === undefined)
      return refuse('unknown_environment', `there is no environment ${constraint.latest}`);
    const denied = await authorize(deps, principal, 'read', target.name);
    if (denied !== undefined) return denied;
    const head = await deps.heads.read(principal.tenant, slotIn(artifact, target.name));
    const active = all.find(({ digest }) => digest === head?.digest);
    if (active === undefined) return unsatisfied(text, artifact, all);
    const warning = `${text} moves with every promotion: name a version or a range`;
    return { ...firstOf(await shown(deps, input, [active])), warning };
  }
  const available =
    input.environment === undefined
      ? all
      : await receivedBy(deps, { principal, artifact, environment: input.environment }, all);
  if ('refused' in available) return available;
  const best = highest(
    available.map(({ version }) => version),
    constraint.range,
  );
  const found = available.find(({ version }) => version === best);
  if (found === undefined) return unsatisfied(text, artifact, available);
  return { ...firstOf(await shown(deps, input, [found])), warning: null };
}

/** Every version that was published and is still offered, highest first. */
export async function publishedOf(
  deps: Pick<Deps, 'versions'>,
  tenant: string,
  artifact: string,
): Promise<readonly ArtifactVersion[]> {
  const found: ArtifactVersion[] = [];
  for await (const one of everyItem((page) => deps.versions.page(tenant, artifact, page)))
    if (one.removed_at === undefined) found.push(one);
  return found;
}

/** Those that an environment has ever made active. */
async function receivedBy(
  deps: ReadDeps,
  { principal, artifact, environment }: Asked & { readonly environment: string },
  all: readonly ArtifactVersion[],
): Promise<readonly ArtifactVersion[] | Refusal> {
  const target = findEnvironment(await deps.catalog.all(principal.tenant, 'environment'), environment);
  if (target === undefined) return refuse('unknown_environment', `there is no environment ${environment}`);
  const denied = await authorize(deps, principal, 'read', target.name);
  if (denied !== undefined) return denied;
  const digests = new Set<string | null>();
  const slot = slotIn(artifact, target.name);
  for await (const { digest } of everyItem((page) => deps.heads.revisions(principal.tenant, slot, page))) {
    digests.add(digest);
  }
  return all.filter(({ digest }) => digests.has(digest));
}

/** Versions that a refusal names. */
const NAMED = 10;

function unsatisfied(constraint: string, artifact: string, available: readonly ArtifactVersion[]): Refusal {
  const labels = available.slice(0, NAMED).map(({ label }) => label);
  const there = labels.length === 0 ? 'there is none' : `the highest are ${labels.join(', ')}`;
  return refuse('not_found', `no version of ${artifact} satisfies ${constraint}: ${there}`, {
    available: labels,
  });
}

async function shown(
  deps: ReadDeps,
  { principal, artifact }: Asked,
  versions: readonly ArtifactVersion[],
): Promise<readonly ShownVersion[]> {
  const { tenant } = principal;
  const [heads, registries] = await Promise.all([
    deps.heads.ofSubject(tenant, { kind: 'artifact', name: artifact }),
    deps.catalog.all(tenant, 'registry'),
  ]);
  const visible = heads.filter(({ slot }) => may(principal, 'read', slot.environment));
  return versions.map((version) => ({
    version,
    environments: activeIn(visible, version),
    reference: referenceOf(registries, version),
  }));
}

const activeIn = (heads: readonly Head[], { digest }: ArtifactVersion): readonly string[] =>
  heads
    .filter((head) => head.digest === digest)
    .map(({ slot }) => slot.environment)
    .sort();

/** A registry that was deleted since is named by its id. */
function referenceOf(registries: readonly Registry[], version: ArtifactVersion): string {
  const registry = registries.find(({ id }) => id === version.registry);
  const { repository: path, digest } = version;
  return `${registry === undefined ? `${version.registry}/${path}` : placeText({ registry, path })}@${digest}`;
}

const slotIn = (artifact: string, environment: string) =>
  ({ subject: { kind: 'artifact', name: artifact }, environment }) as const;

function firstOf(found: readonly ShownVersion[]): ShownVersion {
  const [first] = found;
  if (first === undefined) throw new Error('one version is shown for one');
  return first;
}

const wrong = (field: string, problem: string): Refusal =>
  refuse('invalid_request', problem, { errors: [{ field, problem }] });
