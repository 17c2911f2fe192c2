import type { Slot } from '../../domain/subject.ts';
import { RegistryFault, type Repository } from '../../ports/registry.ts';
import type { Deps } from '../deps.ts';
import { moveTag } from './tagging.ts';

/** Rounds of many writers to leave a tag where the head is. */
const ROUNDS = 20;

/**
 * Moves a tag to what a head names, and looks again: whoever moves head and tag at once leaves both in agreement, whoever comes last.
 * Throws `RegistryFault`.
 */
export async function followHead(
  deps: Pick<Deps, 'heads'>,
  {
    tenant,
    slot,
    repository,
    tag,
  }: {
    readonly tenant: string;
    readonly slot: Slot;
    readonly repository: Repository;
    readonly tag: string;
  },
): Promise<void> {
  let moved: string | undefined;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { digest = null } = (await deps.heads.read(tenant, slot)) ?? {};
    if (digest === null || digest === moved) return;
    const manifest = await repository.readManifest(digest);
    // What was recorded without a registry is no manifest: there is nothing to point to.
    if (manifest === undefined) return;
    if (await moveTag(repository, tag, manifest)) moved = digest;
  }
  throw new RegistryFault('registry_unavailable', `${repository.name}:${tag} is moved by other writers`);
}
