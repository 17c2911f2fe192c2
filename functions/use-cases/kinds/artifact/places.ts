import { type Place, placeOf, placeText, usualPlace } from '../../../domain/artifact/place.ts';
import type { Environment } from '../../../domain/catalog/environment.ts';
import type { ArtifactAsked } from '../../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../../domain/refusal.ts';
import type { Deps } from '../../deps.ts';

/** Where content comes from and where it goes: the target environment's own place first, then the secondary registries. */
export type Places = { readonly from: Place; readonly to: readonly [Place, ...Place[]] };

/** Where a promotion of an artifact takes its content, and where it brings it. Refuses `no_registry`. */
export async function placesOf(
  deps: Pick<Deps, 'catalog'>,
  tenant: string,
  { artifact, sync_registries }: ArtifactAsked,
  { source, target }: { readonly source: Environment; readonly target: Environment },
): Promise<Places | Refusal> {
  const registries = await deps.catalog.all(tenant, 'registry');
  const from = placeOf(source, artifact, registries);
  if (isRefusal(from)) return from;
  const own = placeOf(target, artifact, registries);
  if (isRefusal(own)) return own;
  const secondary = sync_registries ? registries.filter(({ role }) => role === 'secondary') : [];
  const others = secondary
    .map((registry) => usualPlace(registry, artifact))
    .filter((place) => placeText(place) !== placeText(own));
  return { from, to: [own, ...others] };
}
