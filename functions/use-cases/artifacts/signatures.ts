import { signaturesTag } from '../../domain/artifact/attached.ts';
import type { Descriptor } from '../../domain/artifact/descriptor.ts';
import { linksOf } from '../../domain/artifact/manifest.ts';
import type { Digest } from '../../domain/digest.ts';
import { readObject } from '../../domain/evidence/read-json.ts';
import { MAX_DOCUMENT } from '../../domain/evidence/report.ts';
import type { Repository } from '../../ports/registry.ts';

/**
 * A signature in a registry, as a document that the verifier reads. `referrer` is the digest of the manifest that holds it. `id` is the same
 * wherever the signature is: of several in one manifest, each has its own.
 */
export type StoredSignature = { readonly id: string; readonly referrer: Digest; readonly document: object };

/** What refers to a digest and says that it is a signature. `unread`: how many were beyond `MOST`. */
export type StoredSignatures = {
  readonly signatures: readonly StoredSignature[];
  readonly passed_over: readonly { readonly referrer: Digest; readonly problem: string }[];
  readonly unread: number;
};

/** What cosign 3 writes, and what cosign 2 writes where it makes referrers at all. */
const BUNDLE = 'application/vnd.dev.sigstore.bundle';
const SIMPLE = 'application/vnd.dev.cosign.artifact.sig.v1+json';
const SIMPLE_LAYER = 'application/vnd.dev.cosign.simplesigning.v1+json';
const SIMPLE_SIGNATURE = 'dev.cosignproject.cosign/signature';
const CERTIFICATE = 'dev.sigstore.cosign/certificate';
const LOG_ENTRY = 'dev.sigstore.cosign/bundle';
/** Signatures of one digest that are read: an image has a few. */
const MOST = 50;
/** Bytes of a signature's manifest: it names a config and a layer, and holds annotations. */
const MOST_MANIFEST = 256 * 1024;
/** Bytes of the manifest in which cosign keeps all signatures of an image: each with a certificate, its chain and a log entry. */
const MOST_LIST = 1024 * 1024;

/**
 * Reads the signatures that a digest has in a repository, as referrers and under cosign's tag, without verifying any. Bounded in count and
 * bytes, one at a time. Throws `RegistryFault` where the registry fails, lies about a digest or lists more than is read.
 */
export async function signaturesOf(repository: Repository, subject: Digest): Promise<StoredSignatures> {
  const all = (await repository.referrers(subject)).filter(isSignature);
  const signatures: StoredSignature[] = [];
  const passed_over: { referrer: Digest; problem: string }[] = [];
  for (const { digest: referrer, size } of all.slice(0, MOST)) {
    const document = await documentOf(repository, { digest: referrer, size }, subject);
    if (typeof document === 'string') passed_over.push({ referrer, problem: document });
    else signatures.push({ id: referrer, referrer, document });
  }
  const tagged = await underTag(repository, subject, Math.max(0, MOST - all.length));
  return {
    signatures: [...signatures, ...tagged.signatures],
    passed_over: [...passed_over, ...tagged.passed_over],
    unread: Math.max(0, all.length - MOST) + tagged.unread,
  };
}

/** The signatures that cosign 2 keeps: layers of one manifest, which a tag names. */
async function underTag(repository: Repository, subject: Digest, most: number): Promise<StoredSignatures> {
  const none = { signatures: [], passed_over: [], unread: 0 };
  const manifest = await repository.readManifest(signaturesTag(subject));
  if (manifest === undefined) return none;
  const { digest: referrer, mediaType, bytes } = manifest;
  // How many it holds is not known.
  if (bytes.length > MOST_LIST) return { ...none, unread: 1 };
  const links = linksOf(mediaType, Buffer.from(bytes).toString('utf8'));
  if ('unreadable' in links) return { ...none, passed_over: [{ referrer, problem: links.unreadable }] };
  const layers = links.blobs.filter((blob) => blob.mediaType === SIMPLE_LAYER);
  const signatures: StoredSignature[] = [];
  const passed_over: { referrer: Digest; problem: string }[] = [];
  for (const layer of layers.slice(0, most)) {
    if (layer.size > MAX_DOCUMENT) passed_over.push({ referrer, problem: tooLong });
    else {
      const document = simpleDocument(layer, await bytesOf(repository, layer));
      signatures.push({ id: `${layer.digest} ${document.signature}`, referrer, document });
    }
  }
  return { signatures, passed_over, unread: Math.max(0, layers.length - most) };
}

/** A payload with its bare signature, and what says who signed where no key does: a certificate and the entry of a log. */
function simpleDocument({ annotations = {} }: Descriptor, payload: Buffer) {
  const { [CERTIFICATE]: certificate, [LOG_ENTRY]: log_entry } = annotations;
  return {
    payload: payload.toString('base64'),
    signature: annotations[SIMPLE_SIGNATURE] ?? '',
    ...(certificate === undefined ? {} : { certificate }),
    ...(log_entry === undefined ? {} : { log_entry }),
  };
}

const tooLong = `its signature has more than ${MAX_DOCUMENT} bytes`;

/** Whether a referrer says that it is a signature. */
export const isSignature = ({ artifactType = '' }: Descriptor): boolean =>
  artifactType.startsWith(BUNDLE) || artifactType === SIMPLE;

/** A bundle, or a payload with its bare signature; a text says why it is neither. */
async function documentOf(
  repository: Repository,
  referrer: Pick<Descriptor, 'digest' | 'size'>,
  subject: Digest,
): Promise<object | string> {
  if (referrer.size > MOST_MANIFEST) return `its manifest has more than ${MOST_MANIFEST} bytes`;
  const manifest = await repository.readManifest(referrer.digest);
  if (manifest === undefined) return 'the registry lists it and does not have it';
  const links = linksOf(manifest.mediaType, Buffer.from(manifest.bytes).toString('utf8'));
  if ('unreadable' in links) return links.unreadable;
  if (links.subject !== undefined && links.subject.digest !== subject) return 'it refers to another digest';
  const layer = links.blobs.find(
    ({ mediaType }) => mediaType.startsWith(BUNDLE) || mediaType === SIMPLE_LAYER,
  );
  if (layer === undefined) return 'it has no layer with a signature';
  if (layer.size > MAX_DOCUMENT) return tooLong;
  const bytes = await bytesOf(repository, layer);
  if (layer.mediaType === SIMPLE_LAYER) return simpleDocument(layer, bytes);
  const read = readObject(bytes.toString('utf8'));
  return 'unreadable' in read ? read.unreadable : { bundle: read.members };
}

async function bytesOf(repository: Repository, blob: Descriptor): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of repository.readBlob(blob)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
