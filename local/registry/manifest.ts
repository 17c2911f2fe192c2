import { isRecord, parseJson, textOf } from '../json.ts';
import { RegistryError } from './answer.ts';
import { isDigest } from './grammar.ts';

const INDEXES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
const IMAGES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** A descriptor of the OCI image specification. */
interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** What the registry has to know of a manifest. */
export interface Manifest {
  readonly mediaType: string;
  /** Manifests that an index lists. */
  readonly manifests: readonly Descriptor[];
  /** Config and layers of an image. */
  readonly blobs: readonly Descriptor[];
  readonly subject: Descriptor | undefined;
  /** What the referrers API says of it: its own type, else the config's media type. */
  readonly artifactType: string | undefined;
  readonly annotations: Readonly<Record<string, unknown>> | undefined;
}

/** Reads a manifest. Throws `MANIFEST_INVALID` for what is not of a known form, or is not what `contentType` says. */
export function readManifest(bytes: Buffer, contentType: string | undefined): Manifest {
  const value = parseJson(bytes.toString('utf8'));
  if (!isRecord(value) || value['schemaVersion'] !== 2)
    throw invalid('must be a JSON object of schemaVersion 2');
  const mediaType = contentType?.split(';')[0]?.trim() ?? '';
  if (![...INDEXES, ...IMAGES].includes(mediaType)) {
    throw invalid(`has a Content-Type that this registry does not know: ${mediaType.slice(0, 100)}`);
  }
  if (value['mediaType'] !== undefined && value['mediaType'] !== mediaType) {
    throw invalid('names another mediaType than the Content-Type');
  }
  const isIndex = INDEXES.includes(mediaType);
  const config = isIndex ? undefined : descriptor(value['config'], 'config');
  const { annotations } = value;
  return {
    mediaType,
    manifests: isIndex ? descriptors(value['manifests'], 'manifests') : [],
    blobs: config === undefined ? [] : [config, ...descriptors(value['layers'], 'layers')],
    subject: value['subject'] === undefined ? undefined : descriptor(value['subject'], 'subject'),
    artifactType: textOf(value['artifactType']) ?? config?.mediaType,
    annotations: isRecord(annotations) ? annotations : undefined,
  };
}

function descriptors(value: unknown, where: string): readonly Descriptor[] {
  if (!Array.isArray(value)) throw invalid(`must have a list of ${where}`);
  return value.map((item) => descriptor(item, where));
}

function descriptor(value: unknown, where: string): Descriptor {
  const { mediaType, digest, size } = isRecord(value) ? value : {};
  const sound =
    typeof mediaType === 'string' &&
    typeof digest === 'string' &&
    isDigest(digest) &&
    typeof size === 'number' &&
    Number.isSafeInteger(size) &&
    size >= 0;
  if (!sound) throw invalid(`has a descriptor without media type, sha256 digest or size in ${where}`);
  return { mediaType, digest, size };
}

const invalid = (problem: string) => new RegistryError('MANIFEST_INVALID', `the manifest ${problem}`);
