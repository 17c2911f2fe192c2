import { streamingEgress } from '../../functions/adapters/egress/stream.ts';
import { type Credentials, RegistryLogin } from '../../functions/adapters/oci/credentials.ts';
import type { Exchange, OciRequest } from '../../functions/adapters/oci/exchange.ts';
import { OciRepository } from '../../functions/adapters/oci/repository.ts';
import { Transport } from '../../functions/adapters/oci/transport.ts';
import type { Digest } from '../../functions/domain/digest.ts';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import type { Repository } from '../../functions/ports/registry.ts';
import type { UploadMemory } from '../../functions/use-cases/kinds/artifact/copy-blob.ts';

const loopback = streamingEgress({ allowLoopback: true });

/** A repository of a registry on this machine, and what was sent to it. */
export function repositoryAt(
  origin: string,
  path: string,
  options: { readonly credentials?: Credentials; readonly exchange?: Exchange } = {},
): { readonly repository: OciRepository; readonly requests: OciRequest[] } {
  const requests: OciRequest[] = [];
  const send = options.exchange ?? loopback;
  const exchange: Exchange = (request) => {
    requests.push(request);
    return send(request);
  };
  const login = new RegistryLogin(exchange, async () => options.credentials);
  const transport = new Transport(origin, { exchange, login, sleep: async () => undefined });
  return { repository: new OciRepository(transport, path), requests };
}

export { loopback as loopbackExchange };

/** Keeps upload locations in a map. */
export function uploadMemory(): UploadMemory & { readonly kept: Map<Digest, string> } {
  const kept = new Map<Digest, string>();
  return {
    kept,
    recall: async (blob) => kept.get(blob),
    keep: async (blob, location) => void kept.set(blob, location),
  };
}

const IMAGE = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

/** An artifact as it stands in a registry: its root, and every digest that belongs to it. */
export type Pushed = {
  readonly root: Digest;
  readonly manifests: readonly Digest[];
  readonly blobs: readonly Digest[];
};

/** Pushes an index of two platforms, with a signature and an SBOM on the index and on each child. */
export async function pushSigned(repository: Repository, layerBytes = 3_000): Promise<Pushed> {
  const manifests: Digest[] = [];
  const blobs: Digest[] = [];
  const blob = async (bytes: Buffer, mediaType: string) => {
    const digest = digestOfBytes(bytes);
    if (!(await repository.hasBlob(digest))) {
      const position = await repository.openUpload();
      await repository.finishUpload(
        bytes.length === 0 ? position : await repository.sendChunk(position, bytes),
        digest,
      );
    }
    blobs.push(digest);
    return { mediaType, digest, size: bytes.length };
  };
  const manifest = async (mediaType: string, value: object) => {
    // Spaces of its own: bytes that a re-serialisation would change.
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...value }, null, 3));
    const digest = digestOfBytes(bytes);
    await repository.writeManifest(digest, { digest, mediaType, bytes });
    manifests.push(digest);
    return { mediaType, digest, size: bytes.length };
  };
  const referrer = async (subject: object, artifactType: string, content: string) => {
    const written = await manifest(IMAGE, {
      artifactType,
      config: await blob(Buffer.from('{}'), 'application/vnd.oci.empty.v1+json'),
      layers: [await blob(Buffer.from(content), artifactType)],
      subject,
    });
    if ('digest' in subject && typeof subject.digest === 'string') {
      await repository.listReferrer(digestIn(subject.digest), { ...written, artifactType }, (act) => act());
    }
    return written;
  };
  const children = [];
  for (const architecture of ['amd64', 'arm64']) {
    const child = await manifest(IMAGE, {
      config: await blob(
        Buffer.from(JSON.stringify({ architecture, os: 'linux' })),
        'application/vnd.oci.image.config.v1+json',
      ),
      layers: [await blob(Buffer.alloc(layerBytes, architecture), 'application/vnd.oci.image.layer.v1.tar')],
    });
    const signature = await referrer(
      child,
      'application/vnd.dev.sigstore.bundle.v0.3+json',
      `signature of ${architecture}`,
    );
    await referrer(
      signature,
      'application/vnd.example.note+json',
      `a note on the signature of ${architecture}`,
    );
    children.push({ ...child, platform: { architecture, os: 'linux' } });
  }
  const index = await manifest(INDEX, { manifests: children });
  await referrer(index, 'application/vnd.dev.sigstore.bundle.v0.3+json', 'signature of the index');
  await referrer(index, 'application/spdx+json', '{"spdxVersion":"SPDX-2.3"}');
  return { root: index.digest, manifests, blobs };
}

function digestIn(text: string): Digest {
  const [, hex = ''] = /^sha256:([a-f0-9]{64})$/.exec(text) ?? [];
  return `sha256:${hex}`;
}
