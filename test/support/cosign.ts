import { sign } from 'node:crypto';
import { attachedTags } from '../../functions/domain/artifact/attached.ts';
import { type Digest, digestOfBytes } from '../../functions/domain/digest.ts';
import type { Repository } from '../../functions/ports/registry.ts';
import type { pair } from './signing.ts';
import type { Sigstore } from './sigstore.ts';

export const SIMPLE_LAYER = 'application/vnd.dev.cosign.simplesigning.v1+json';
const IMAGE = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';

/** A layer of what cosign keeps under its tags. */
export type Layer = {
  readonly mediaType: string;
  readonly content: string;
  readonly annotations?: { readonly [name: string]: string };
};

/** What `cosign sign` of version 2 signs. */
export const simplePayload = (digest: string): string =>
  JSON.stringify({
    critical: {
      identity: { 'docker-reference': 'registry.acme.com/platform' },
      image: { 'docker-manifest-digest': digest },
      type: 'cosign container image signature',
    },
    optional: null,
  });

/** A signature by a key, as `cosign sign --key` of version 2 keeps it. */
export function keyLayer(digest: string, { privateKey }: ReturnType<typeof pair>): Layer {
  const content = simplePayload(digest);
  const signature = sign('sha256', Buffer.from(content), privateKey).toString('base64');
  return {
    mediaType: SIMPLE_LAYER,
    content,
    annotations: { 'dev.cosignproject.cosign/signature': signature },
  };
}

/** A signature by a certificate, with the promise of the log, as `cosign sign` of version 2 keeps it. */
export async function certificateLayer(
  digest: string,
  sigstore: Sigstore,
  identity?: string,
): Promise<Layer> {
  const content = simplePayload(digest);
  const { verificationMaterial, messageSignature } = await sigstore.signedBlob(
    Buffer.from(content),
    identity,
  );
  const [entry] = verificationMaterial.tlogEntries;
  if (entry === undefined) throw new Error('nothing was logged');
  const base64 = verificationMaterial.certificate.rawBytes.replaceAll(/.{64}/g, '$&\n');
  return {
    mediaType: SIMPLE_LAYER,
    content,
    annotations: {
      'dev.cosignproject.cosign/signature': messageSignature.signature,
      'dev.sigstore.cosign/certificate': `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
      'dev.sigstore.cosign/bundle': JSON.stringify({
        SignedEntryTimestamp: entry.inclusionPromise.signedEntryTimestamp,
        Payload: {
          body: entry.canonicalizedBody,
          integratedTime: Number(entry.integratedTime),
          logIndex: Number(entry.logIndex),
          logID: Buffer.from(entry.logId.keyId, 'base64').toString('hex'),
        },
      }),
    },
  };
}

/** Keeps layers beside a manifest, under the tag with this ending, in place of what was there. Answers the digest of what the tag names. */
export async function attachTagged(
  repository: Repository,
  subject: Digest,
  ending: 'sig' | 'att' | 'sbom',
  layers: readonly Layer[],
): Promise<Digest> {
  const blob = async (content: string) => {
    const bytes = Buffer.from(content);
    const digest = digestOfBytes(bytes);
    if (!(await repository.hasBlob(digest))) {
      await repository.finishUpload(await repository.sendChunk(await repository.openUpload(), bytes), digest);
    }
    return { digest, size: bytes.length };
  };
  const kept = [];
  for (const { content, ...layer } of layers) kept.push({ ...layer, ...(await blob(content)) });
  const rootfs = { type: 'layers', diff_ids: kept.map(({ digest }) => digest) };
  const config = { mediaType: CONFIG, ...(await blob(JSON.stringify({ architecture: '', os: '', rootfs }))) };
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: IMAGE, config, layers: kept }));
  const digest = digestOfBytes(bytes);
  const tag = attachedTags(subject).find((one) => one.endsWith(`.${ending}`)) ?? '';
  await repository.writeManifest(tag, { digest, mediaType: IMAGE, bytes });
  return digest;
}
