import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Descriptor } from '../../functions/domain/artifact/descriptor.ts';
import { IMAGE_TYPES, MAX_MANIFEST_BYTES } from '../../functions/domain/artifact/manifest.ts';
import { type Digest, digestOfBytes, isDigest } from '../../functions/domain/digest.ts';
import type { StoredManifest } from '../../functions/ports/registry.ts';
import { misused } from '../failure.ts';
import type { Found } from './files.ts';

/** Content on its way to a registry: its descriptor, and its bytes from an offset on. */
export type Piece = Descriptor & { readonly title: string; bytes(from: number): AsyncIterable<Uint8Array> };

/** Files as one artifact: a layer for each, and the manifest that names them. */
export type Packed = {
  readonly manifest: StoredManifest;
  /** The empty config. */
  readonly config: Piece;
  readonly layers: readonly Piece[];
};

const ARTIFACT_TYPE = 'application/vnd.sluice.files.v1';
/** How clients know the name of the file that a layer is (OCI image specification, annotations.md). */
const TITLE = 'org.opencontainers.image.title';

/** The empty config (OCI image specification 1.1, manifest.md, "Guidance for an Empty Descriptor"). */
const EMPTY = Buffer.from('{}');
const EMPTY_CONFIG = {
  mediaType: 'application/vnd.oci.empty.v1+json',
  digest: digestOfBytes(EMPTY),
  size: EMPTY.length,
};

/**
 * Packs files as one artifact (OCI image specification 1.1): each file is a layer of its own bytes with its title, so that
 * `oras pull` and `regctl artifact get` write it back. Nothing but names and bytes goes into it, no time and no owner: the same files
 * have the same digest on every machine.
 */
export async function pack(files: readonly Found[]): Promise<Packed> {
  const layers: Piece[] = [];
  for (const { path, title } of files) {
    const { digest, size } = await hashed(path);
    const bytes = (from: number) => createReadStream(path, { start: from });
    const annotations = { [TITLE]: title };
    layers.push({ mediaType: 'application/octet-stream', digest, size, annotations, title, bytes });
  }
  const named = layers.map(({ mediaType, digest, size, annotations }) => ({
    ...{ mediaType, digest, size, annotations },
  }));
  const [mediaType] = IMAGE_TYPES;
  const head = { schemaVersion: 2, mediaType, artifactType: ARTIFACT_TYPE };
  const config = { ...EMPTY_CONFIG, data: EMPTY.toString('base64') };
  const bytes = Buffer.from(JSON.stringify({ ...head, config, layers: named }));
  if (bytes.length > MAX_MANIFEST_BYTES)
    throw misused(`${files.length} files are more than one manifest can name`, 'Publish an archive of them.');
  return {
    manifest: { digest: digestOfBytes(bytes), mediaType, bytes },
    config: {
      ...EMPTY_CONFIG,
      title: '',
      bytes: async function* () {
        yield EMPTY;
      },
    },
    layers,
  };
}

async function hashed(path: string): Promise<{ readonly digest: Digest; readonly size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const part of createReadStream(path)) {
    hash.update(part);
    size += part.length;
  }
  const digest = `sha256:${hash.digest('hex')}`;
  if (!isDigest(digest)) throw new Error(`${digest} is no digest`);
  return { digest, size };
}
