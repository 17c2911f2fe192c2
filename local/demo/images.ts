import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { RobotAccount } from '../registry/writers.ts';

/** What CI would have built, under the tag of its build. */
export interface Image {
  readonly repository: string;
  readonly tag: string;
}

/** The artifact that a fresh data directory has. */
export const FIRST_IMAGE: Image = { repository: 'platform', tag: 'build-1' };

const IMAGE = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/**
 * Pushes a small index of two platforms, with a signature of each manifest and an SBOM of the index, into the registry that runs at `url`.
 * Content that is there already is left alone. Returns the index. The image is the same on every machine; its signing key is made, used and forgotten here.
 */
export async function pushImage(url: string, robot: RobotAccount, image: Image): Promise<Buffer> {
  const { repository, tag } = image;
  const push = pusher(`${url}/v2/${repository}`, robot);
  const there = await push.read(tag);
  if (there !== undefined) return there;
  const named = image === FIRST_IMAGE ? repository : `${repository} of ${tag}`;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const hint = sha256(publicKey.export({ type: 'spki', format: 'der' })).slice('sha256:'.length);
  const referrer = async (subject: Descriptor, artifactType: string, content: object) =>
    push.manifest(IMAGE, {
      artifactType,
      config: await push.blob('application/vnd.oci.empty.v1+json', '{}'),
      layers: [await push.blob(artifactType, JSON.stringify(content))],
      subject,
    });
  const signed = async (subject: Descriptor, bytes: Buffer) =>
    referrer(subject, BUNDLE, {
      mediaType: BUNDLE,
      verificationMaterial: { publicKey: { hint } },
      messageSignature: {
        messageDigest: { algorithm: 'SHA2_256', digest: createHash('sha256').update(bytes).digest('base64') },
        signature: sign('sha256', bytes, privateKey).toString('base64'),
      },
    });
  const children = [];
  for (const architecture of ['amd64', 'arm64']) {
    const layer = `the ${named} for ${architecture}\n`;
    const config = { architecture, os: 'linux', rootfs: { type: 'layers', diff_ids: [sha256(layer)] } };
    const child = await push.manifest(IMAGE, {
      config: await push.blob('application/vnd.oci.image.config.v1+json', JSON.stringify(config)),
      layers: [await push.blob('application/vnd.oci.image.layer.v1.tar', layer)],
    });
    await signed(child.descriptor, child.bytes);
    children.push({ ...child.descriptor, platform: { architecture, os: 'linux' } });
  }
  const index = await push.manifest(INDEX, { manifests: children });
  await signed(index.descriptor, index.bytes);
  await referrer(index.descriptor, 'application/spdx+json', {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: repository,
    documentNamespace: `https://sluice.invalid/spdx/${index.descriptor.digest}`,
    packages: [],
  });
  // The tag last: as long as it is missing, the next start does all of this again.
  return (await push.manifest(INDEX, { manifests: children }, tag)).bytes;
}

function pusher(base: string, { username, password }: RobotAccount) {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const send = async (method: string, path: string, body: Buffer, type: string): Promise<void> => {
    const headers = { authorization, 'content-type': type };
    const answer = await fetch(`${base}/${path}`, { method, headers, body: new Uint8Array(body) });
    if (!answer.ok) throw new Error(`the registry answered ${answer.status} to ${method} ${path}`);
  };
  const described = (mediaType: string, bytes: Buffer): Descriptor => {
    return { mediaType, digest: sha256(bytes), size: bytes.length };
  };
  return {
    async read(tag: string): Promise<Buffer | undefined> {
      const answer = await fetch(`${base}/manifests/${tag}`, { headers: { authorization } });
      return answer.ok ? Buffer.from(await answer.arrayBuffer()) : undefined;
    },
    async blob(mediaType: string, text: string): Promise<Descriptor> {
      const bytes = Buffer.from(text);
      const descriptor = described(mediaType, bytes);
      await send('POST', `blobs/uploads/?digest=${descriptor.digest}`, bytes, 'application/octet-stream');
      return descriptor;
    },
    async manifest(mediaType: string, value: object, tag?: string) {
      const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...value }));
      const descriptor = described(mediaType, bytes);
      await send('PUT', `manifests/${tag ?? descriptor.digest}`, bytes, mediaType);
      return { descriptor, bytes };
    },
  };
}

function sha256(content: string | Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
