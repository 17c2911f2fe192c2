import type { Head, Revision, Slot } from '../../../domain/subject.ts';
import type { Deps } from '../../deps.ts';
import { revisionsOf } from '../gone-back-to.ts';

export type Past = { readonly revision: Revision; readonly version: string; readonly label: string };

/** The published versions that an environment had, newest first, the active one among them. */
export async function pastOf(
  deps: Pick<Deps, 'heads' | 'deployments'>,
  tenant: string,
  slot: Slot,
): Promise<readonly Past[]> {
  const revisions = await revisionsOf(deps, tenant, slot);
  const labels = await Promise.all(
    revisions.map(async ({ deployment_id }) =>
      deployment_id === undefined
        ? undefined
        : (await deps.deployments.read(tenant, deployment_id))?.version_label,
    ),
  );
  return revisions.flatMap((revision, at) => {
    const label = labels[at];
    return label === undefined ? [] : [{ revision, label, version: label.replace(/^v/, '') }];
  });
}

/** Whether the active version was brought to secondary registries too. */
export async function isSynced(
  { deployments }: Pick<Deps, 'deployments'>,
  tenant: string,
  { deployment_id }: Pick<Head, 'deployment_id'>,
): Promise<boolean> {
  const running = deployment_id === undefined ? undefined : await deployments.read(tenant, deployment_id);
  const registries = running?.details['registries'];
  return Array.isArray(registries) && registries.length > 1;
}
