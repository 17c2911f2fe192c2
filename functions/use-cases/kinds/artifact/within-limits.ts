import type { Place } from '../../../domain/artifact/place.ts';
import { tooLarge } from '../../../domain/artifact/size-limit.ts';
import { RegistryFault, type Repository, type StoredManifest } from '../../../ports/registry.ts';
import { assertSizes, measure } from '../../artifacts/size.ts';

/**
 * Holds an artifact with everything that refers to it against the limits of the registries that it goes to, before anything is sent: by
 * the sizes that its manifests name, which must be those of the blobs. Where no registry has a limit nothing is read. Throws
 * `artifact_too_large`, as the fault of that target too, and what `measure` and `assertSizes` throw.
 */
export async function assertWithinLimits(
  source: Repository,
  manifest: StoredManifest,
  targets: readonly { readonly place: Place; fault?: RegistryFault }[],
): Promise<void> {
  const limited = targets.filter(({ place }) => place.registry.max_artifact_bytes !== undefined);
  if (limited.length === 0) return;
  const { whole, blobs } = await measure(source, manifest, { referrers: true });
  for (const target of limited) {
    const refusal = tooLarge(`${source.name}@${manifest.digest}`, whole, target.place.registry);
    if (refusal === undefined) continue;
    target.fault = new RegistryFault('artifact_too_large', refusal.detail);
    throw target.fault;
  }
  await assertSizes(source, blobs);
}
