import type { Descriptor } from '../../domain/artifact/descriptor.ts';
import { INDEX_TYPES, MAX_MANIFEST_BYTES } from '../../domain/artifact/manifest.ts';
import { fallbackTag, referrersIn, referrersIndex } from '../../domain/artifact/referrers.ts';
import { type Digest, digestOfBytes } from '../../domain/digest.ts';
import { type Alone, RegistryFault, type Repository } from '../../ports/registry.ts';
import { type OciResponse, readBounded } from './exchange.ts';

type Get = (path: string) => Promise<OciResponse>;

/** Referrers of one digest, and pages that list them. */
const MOST_REFERRERS = 10_000;
const MOST_PAGES = 100;
/** What a registry answers that has the API and shows nothing to us: its tag would say no more. */
const DENIALS: readonly number[] = [401, 403];

/**
 * Reads what refers to a digest. A registry has the API when it answers 200 with an index; `OCI-Subject` on a push says
 * nothing about that. Where it has not (404, 405, or another document), the fallback tag lists them. Throws `RegistryFault` where the list
 * cannot be read whole: what is missing from a list is never known to be absent.
 */
export async function readReferrers(
  repository: Repository,
  get: Get,
  subject: Digest,
): Promise<readonly Descriptor[]> {
  return (await fromApi(repository, get, subject)) ?? (await fromTag(repository, subject));
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
  if ((await fromApi(repository, get, subject)) !== undefined) return;
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

/** `undefined`: the registry has no such API. Throws `registry_refused` for a list that is not bounded, or breaks off between its pages. */
async function fromApi(
  repository: Repository,
  get: Get,
  subject: Digest,
): Promise<readonly Descriptor[] | undefined> {
  const found = new Map<Digest, Descriptor>();
  let path: string | undefined = `referrers/${subject}`;
  for (let page = 0; path !== undefined; page += 1) {
    if (page === MOST_PAGES) throw unlistable(repository, subject, `on more than ${MOST_PAGES} pages`);
    const response: OciResponse = await get(path);
    if (response.status !== 200) {
      response.discard();
      if (page === 0 && !DENIALS.includes(response.status)) return undefined;
      const code = DENIALS.includes(response.status) ? 'registry_denied' : 'registry_refused';
      throw new RegistryFault(
        code,
        `${repository.name} answered ${response.status} to listing the referrers of ${subject}`,
      );
    }
    const body = await readBounded(response, MAX_MANIFEST_BYTES);
    if (body === undefined) throw unlistable(repository, subject, `in more than ${MAX_MANIFEST_BYTES} bytes`);
    const listed = referrersIn(body.toString('utf8'));
    if (listed === undefined && page === 0) return undefined;
    if (listed === undefined) throw unlistable(repository, subject, 'with a page that is no list');
    for (const one of listed) found.set(one.digest, one);
    if (found.size > MOST_REFERRERS) throw unlistable(repository, subject, `of more than ${MOST_REFERRERS}`);
    path = /<[^>]*\/(referrers\/[^>]+)>;\s*rel="?next"?/.exec(response.headers['link'] ?? '')?.[1];
  }
  return [...found.values()];
}

/**
 * A tag that names no list may be anybody's: what refers to the subject is not known then, and unknown is never none. One that names the
 * subject itself is left by `cosign copy`, which lists nothing.
 */
async function fromTag(repository: Repository, subject: Digest): Promise<readonly Descriptor[]> {
  const manifest = await repository.readManifest(fallbackTag(subject));
  if (manifest === undefined || manifest.digest === subject) return [];
  const listed = referrersIn(Buffer.from(manifest.bytes).toString('utf8'));
  if (listed === undefined)
    throw unlistable(repository, subject, `by the tag ${fallbackTag(subject)}, which names none`);
  if (listed.length > MOST_REFERRERS) throw unlistable(repository, subject, `of more than ${MOST_REFERRERS}`);
  return listed;
}

function unlistable({ name }: Repository, subject: Digest, how: string): RegistryFault {
  return new RegistryFault('registry_refused', `${name} has a list of the referrers of ${subject} ${how}`);
}
