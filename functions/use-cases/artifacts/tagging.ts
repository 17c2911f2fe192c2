import { RegistryFault, type Repository, type StoredManifest } from '../../ports/registry.ts';

/** Sets a tag that never moves, and reads it back. Idempotent. Throws `tag_exists` where the tag names another digest. */
export async function setTag(repository: Repository, tag: string, manifest: StoredManifest): Promise<void> {
  if (await isSet(repository, tag, manifest)) return;
  await repository.writeManifest(tag, manifest);
  if (await isSet(repository, tag, manifest)) return;
  throw new RegistryFault('registry_corrupt', `${repository.name}:${tag} was written and is not there`);
}

/** Whether a tag that never moves names this digest already. Throws `tag_exists` where it names another. */
export async function isSet(
  repository: Repository,
  tag: string,
  { digest }: Pick<StoredManifest, 'digest'>,
): Promise<boolean> {
  const present = await repository.resolve(tag);
  if (present === undefined) return false;
  if (present.digest === digest) return true;
  throw new RegistryFault(
    'tag_exists',
    `${repository.name}:${tag} names ${present.digest} and does not move`,
  );
}

/** Moves a tag, and reads it back: false when another writer has moved it since. Idempotent. */
export async function moveTag(
  repository: Repository,
  tag: string,
  manifest: StoredManifest,
): Promise<boolean> {
  const before = await repository.resolve(tag);
  if (before?.digest === manifest.digest) return true;
  await repository.writeManifest(tag, manifest);
  return (await repository.resolve(tag))?.digest === manifest.digest;
}
