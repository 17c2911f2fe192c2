import { mergedAttached } from '../../../domain/artifact/attached.ts';
import { digestOfBytes } from '../../../domain/digest.ts';
import { type Alone, RegistryFault, type Repository, type StoredManifest } from '../../../ports/registry.ts';

/**
 * Lets a tag of cosign's name in a repository what it names at the source, with what the repository had there already; its blobs are there.
 * False where nothing was to be written. A read-modify-write, alone among our own writers and read again after.
 */
export async function placeAttached(
  target: Repository,
  tag: string,
  manifest: StoredManifest,
  alone: Alone,
): Promise<boolean> {
  if ((await target.resolve(tag))?.digest === manifest.digest) return false;
  let written = false;
  await alone(async () => {
    const there = await target.readManifest(tag);
    const merged = there === undefined ? manifest : mergedWith(there, tag, manifest);
    if (merged.digest === there?.digest) return;
    await target.writeManifest(tag, merged);
    written = true;
    if ((await target.resolve(tag))?.digest === merged.digest) return;
    throw new RegistryFault('registry_unavailable', `${target.name}: another writer moved the tag ${tag}`);
  });
  return written;
}

function mergedWith(there: StoredManifest, tag: string, manifest: StoredManifest): StoredManifest {
  const [here, other] = [manifest, there].map(({ bytes }) => Buffer.from(bytes).toString('utf8'));
  if (here === undefined || other === undefined) return manifest;
  const merged = mergedAttached(tag, { here, there: other });
  if (merged === here) return manifest;
  if (merged === other) return there;
  const bytes = Buffer.from(merged);
  return { ...manifest, digest: digestOfBytes(bytes), bytes };
}
