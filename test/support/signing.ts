import { generateKeyPairSync, sign } from 'node:crypto';
import { type Digest, digestOfBytes } from '../../functions/domain/digest.ts';
import type { Repository } from '../../functions/ports/registry.ts';
import { authenticated, STATEMENT, statementAbout } from './sigstore.ts';

export const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** A key as `cosign generate-key-pair` makes one. */
export const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const pem = ({ publicKey }: ReturnType<typeof pair>): string =>
  publicKey.export({ type: 'spki', format: 'pem' }).toString();

/** `cosign sign --key` of version 3. */
export function keyBundle(digest: string, { privateKey }: ReturnType<typeof pair>) {
  const payload = Buffer.from(JSON.stringify(statementAbout(digest)));
  const sig = sign('sha256', authenticated(payload), privateKey).toString('base64');
  return {
    mediaType: BUNDLE,
    verificationMaterial: { publicKey: { hint: 'x' } },
    dsseEnvelope: { payload: payload.toString('base64'), payloadType: STATEMENT, signatures: [{ sig }] },
  };
}

/** Pushes a signature beside an image, as cosign does, and answers the digest of its manifest. */
export async function attachSignature(
  repository: Repository,
  subject: Digest,
  content: string,
  artifactType = BUNDLE,
  layer: object = { mediaType: BUNDLE },
): Promise<Digest> {
  const blob = async (bytes: Buffer) => {
    const digest = digestOfBytes(bytes);
    if (!(await repository.hasBlob(digest))) {
      await repository.finishUpload(await repository.sendChunk(await repository.openUpload(), bytes), digest);
    }
    return { digest, size: bytes.length };
  };
  const image = await repository.resolve(subject);
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const config = { mediaType: 'application/vnd.oci.empty.v1+json', ...(await blob(Buffer.from('{}'))) };
  const layers = [{ ...layer, ...(await blob(Buffer.from(content))) }];
  const manifest = { schemaVersion: 2, mediaType, artifactType, config, layers, subject: image };
  const bytes = Buffer.from(JSON.stringify(manifest));
  const digest = digestOfBytes(bytes);
  await repository.writeManifest(digest, { digest, mediaType, bytes });
  await repository.listReferrer(subject, { mediaType, digest, size: bytes.length, artifactType }, (act) =>
    act(),
  );
  return digest;
}
