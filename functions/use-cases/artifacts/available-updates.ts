import { parseConstraint } from '../../domain/artifact/constraint.ts';
import type { Consumer } from '../../domain/artifact/consumer.ts';
import {
  type Pin,
  pinOf,
  type Received,
  type Update,
  updatesOf,
  warningOf,
} from '../../domain/artifact/pin.ts';
import type { ArtifactVersion } from '../../domain/artifact/version.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { consumers } from '../catalog/consumers.ts';
import type { KeepingDeps } from '../catalog/description.ts';
import { readItem } from '../catalog/keeping.ts';
import type { Deps } from '../deps.ts';
import { everyItem } from '../every-item.ts';
import { publishedOf } from './read.ts';

export type UpdatesDeps = KeepingDeps & Pick<Deps, 'versions'>;

/** A consumer compared with what its environment received and what is published. Versions are labels, as they were published. */
export type Compared = {
  readonly consumer: Consumer;
  readonly pin: Pin;
  readonly takes: string | null;
  readonly active: string | null;
  readonly updates: readonly Update[];
};

/**
 * Compares a consumer with what there is. A `latest-…` of an environment that the caller may not read tells nothing of it. Refuses
 * `not_authorized`, `not_found`.
 */
export async function availableUpdates(
  deps: UpdatesDeps,
  { principal, id }: { readonly principal: Principal; readonly id: string },
): Promise<Compared | Refusal> {
  const consumer = await readItem(deps, consumers, { principal, ref: { id } });
  if (isRefusal(consumer)) return consumer;
  const { tenant } = principal;
  const { artifact, constraint, environment } = consumer;
  const [published, environments] = await Promise.all([
    publishedOf(deps, tenant, artifact),
    deps.catalog.all(tenant, 'environment'),
  ]);
  const own = await receivedIn(deps, { tenant, artifact, environment }, published);
  const other = namedBy(constraint, environments);
  const hidden = other !== undefined && !may(principal, 'read', other);
  const named =
    other === undefined || hidden
      ? undefined
      : await receivedIn(deps, { tenant, artifact, environment: other }, published);
  const pin = hidden ? unread(constraint, other) : pinOf(constraint, own, named);
  const taken = pin.status === 'satisfied' ? pin.version : undefined;
  const labels = new Map(published.map(({ version, label }) => [version, label]));
  const labelOf = (version: string | undefined) =>
    version === undefined ? null : (labels.get(version) ?? version);
  const above = updatesOf(constraint, taken ?? own.active, [...labels.keys()]);
  return {
    consumer,
    pin,
    takes: labelOf(taken),
    active: labelOf(own.active),
    updates: above.map((update) => ({ ...update, version: labels.get(update.version) ?? update.version })),
  };
}

/** What a pin comes to for somebody who may not read the environment that it follows. */
const unread = (constraint: string, environment: string): Pin => ({
  status: 'unsatisfied',
  reason: `what is active in ${environment} takes a role there to read`,
  warning: warningOf(parseConstraint(constraint), constraint),
});

/** The environment of a `latest-…`, by its tag suffix, name or alias. */
export function namedBy(constraint: string, environments: readonly Environment[]): string | undefined {
  const parsed = parseConstraint(constraint);
  if (!('latest' in parsed)) return undefined;
  const bySuffix = environments.find(({ tag_suffix }) => tag_suffix === parsed.latest);
  return (bySuffix ?? findEnvironment(environments, parsed.latest))?.name;
}

/** What an environment has of an artifact, by its head and its revisions. */
export async function receivedIn(
  deps: Pick<Deps, 'heads'>,
  {
    tenant,
    artifact,
    environment,
  }: { readonly tenant: string; readonly artifact: string; readonly environment: string },
  published: readonly ArtifactVersion[],
): Promise<Received> {
  const slot = { subject: { kind: 'artifact', name: artifact }, environment } as const;
  const head = await deps.heads.read(tenant, slot);
  const digests = new Set<string | null>();
  for await (const { digest } of everyItem((page) => deps.heads.revisions(tenant, slot, page)))
    digests.add(digest);
  return {
    active: published.find(({ digest }) => digest === head?.digest)?.version,
    versions: published.filter(({ digest }) => digests.has(digest)).map(({ version }) => version),
  };
}
