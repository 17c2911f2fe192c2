import type { Descriptor } from '../../domain/artifact/descriptor.ts';
import { INDEX_TYPES, MAX_MANIFEST_BYTES } from '../../domain/artifact/manifest.ts';
import { fallbackTag, referrersIn, referrersIndex } from '../../domain/artifact/referrers.ts';
import { type Digest, digestOfBytes } from '../../domain/digest.ts';
import { type Alone, RegistryFault, type Repository } from '../../ports/registry.ts';
import { type OciResponse, readBounded } from './exchange.ts';

type Get = (path: string) => Promise<OciResponse>;

/**
 * Reads what refers to a digest. A registry has the API when it answers 200 with an index; `OCI-Subject` on a push says
 * nothing about that. Where it has not (404, 405, or another document), the fallback tag lists them.
 */
export async function readReferrers(
  repository: Repository,
  get: Get,
  subject: Digest,
): Promise<readonly Descriptor[]> {
  return (await fromApi(get, subject)) ?? (await fromTag(repository, subject));
}

/**
 * Adds a referrer to the fallback tag where the registry has no API and does not list it yet. A read-modify-write, alone among our own
 * writers; what others write meanwhile shows when it is read again.
 */
export async function listReferrer(
  repository: Repository,
  get: Get,
  { subject, referrer, alone }: Listing,
): Promise<void> {
  if ((await fromApi(get, subject)) !== undefined) return;
  const isListed = (list: readonly Descriptor[]) => list.some(({ digest }) => digest === referrer.digest);
  if (isListed(await fromTag(repository, subject))) return;
  await alone(async () => {
    const present = await fromTag(repository, subject);
    if (isListed(present)) return;
    const bytes = Buffer.from(referrersIndex([...present, referrer]));
    const tag = fallbackTag(subject);
    await repository.writeManifest(tag, { digest: digestOfBytes(bytes), mediaType: INDEX_TYPES[0], bytes });
    if (isListed(await fromTag(repository, subject))) return;
    throw new RegistryFault(
      'registry_unavailable',
      `${repository.name}: another writer moved the tag ${tag}`,
    );
  });
}

/** What is to be listed, and how to be the only writer of the list. */
type Listing = { readonly subject: Digest; readonly referrer: Descriptor; readonly alone: Alone };

async function fromApi(get: Get, subject: Digest): Promise<readonly Descriptor[] | undefined> {
  const found: Descriptor[] = [];
  let path: string | undefined = `referrers/${subject}`;
  for (let page = 0; path !== undefined && page < 100; page += 1) {
    const response: OciResponse = await get(path);
    if (response.status !== 200) {
      response.discard();
      return undefined;
    }
    const body = await readBounded(response, MAX_MANIFEST_BYTES);
    const listed = referrersIn(body?.toString('utf8') ?? '');
    if (listed === undefined) return undefined;
    found.push(...listed);
    const next: string | undefined = /<[^>]*\/(referrers\/[^>]+)>;\s*rel="?next"?/.exec(
      response.headers['link'] ?? '',
    )?.[1];
    path = next;
  }
  return found;
}

async function fromTag(repository: Repository, subject: Digest): Promise<readonly Descriptor[]> {
  const manifest = await repository.readManifest(fallbackTag(subject));
  if (manifest === undefined) return [];
  return referrersIn(Buffer.from(manifest.bytes).toString('utf8')) ?? [];
}
