import type { Descriptor } from '../domain/artifact/descriptor.ts';
import type { Digest } from '../domain/digest.ts';

/** A manifest as the registry holds it: its very bytes, and the digest over them. */
export type StoredManifest = {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
};

/** Where an upload of a blob stands: how many bytes the registry has, and where the next go. */
export type UploadPosition = { readonly location: string; readonly received: number };

/** The bytes of a chunk, of a known length, read as they leave. `open` may be called again: a request that is refused is sent anew. */
export type ChunkStream = { readonly length: number; open(): AsyncIterable<Uint8Array> };

/** Runs what must have the list of a subject's referrers for itself. */
export type Alone = (act: () => Promise<void>) => Promise<void>;

/**
 * One repository of a registry (OCI distribution specification 1.1). Every method throws `RegistryFault` for what the
 * registry refuses or fails at; absence is an answer. Manifests and blobs that are read are checked against their digest.
 */
export interface Repository {
  /** Names the repository to people: `registry.example/platform`. */
  readonly name: string;
  /** Whether blobs of another repository may be mounted: both are in one registry. */
  sharesBlobsWith(other: Repository): boolean;
  /** The descriptor of a tag or digest, asked of the registry. */
  resolve(reference: string): Promise<Descriptor | undefined>;
  readManifest(reference: string): Promise<StoredManifest | undefined>;
  /** Writes a manifest under its digest, or under a tag; answers the digest that the registry reports. */
  writeManifest(reference: string, manifest: StoredManifest): Promise<void>;
  /** Whether a blob is there. With a size: throws `registry_corrupt` where the registry has it with another, or does not say which. */
  hasBlob(digest: Digest, size?: number): Promise<boolean>;
  /** Takes a blob over from a repository of the same registry; false when that has to be copied. */
  mountBlob(digest: Digest, from: Repository): Promise<boolean>;
  /** The bytes of a blob from an offset on; breaks off with a fault where they are not what the digest says. */
  readBlob(blob: Pick<Descriptor, 'digest' | 'size'>, from?: number): AsyncIterable<Uint8Array>;
  /** Opens an upload, or finds how far an earlier one came; a forgotten one is begun anew. */
  openUpload(location?: string): Promise<UploadPosition>;
  /** Sends the next chunk of an upload. A fault of the stream is this method's. */
  sendChunk(position: UploadPosition, chunk: Uint8Array | ChunkStream): Promise<UploadPosition>;
  /** Closes an upload that is whole, as a blob of this digest. */
  finishUpload(position: UploadPosition, digest: Digest): Promise<void>;
  /** What refers to a digest: by the referrers API, else by the fallback tag. */
  referrers(subject: Digest): Promise<readonly Descriptor[]>;
  /**
   * Makes sure that what was written is found as a referrer of its subject. Where the registry does not see to it, the list is read,
   * changed and written, which `alone` runs when no other writer of ours does.
   */
  listReferrer(subject: Digest, referrer: Descriptor, alone: Alone): Promise<void>;
  /** The tags, all of them. */
  tags(): Promise<readonly string[]>;
  /** Takes a tag away; false where the registry does not offer that (405, 400 `UNSUPPORTED`). */
  untag(tag: string): Promise<boolean>;
  /** Deletes a manifest, and with it whatever tags still name it; false where the registry does not offer that. */
  removeManifest(digest: Digest): Promise<boolean>;
}

export const REGISTRY_FAULTS = {
  /** The credentials are missing, wrong, or not enough. */
  registry_denied: { retry: false },
  /** A tag that never moves names another digest. */
  tag_exists: { retry: false },
  /** The registry answered bytes that are not what it says they are. */
  registry_corrupt: { retry: false },
  /** The registry refuses the content itself. */
  registry_refused: { retry: false },
  /** Signatures that are asked for at the registry are not there, or not by anybody who is trusted. */
  signature_mismatch: { retry: false },
  /** The artifact has more bytes than the registry may get. */
  artifact_too_large: { retry: false },
  /** The address must not be called, or a redirect leads to one. */
  registry_forbidden: { retry: false },
  /** The registry asks to wait. */
  registry_throttled: { retry: true },
  /** Nobody answered, or the registry failed. */
  registry_unavailable: { retry: true },
} as const satisfies Record<string, { retry: boolean }>;

/** A registry that does not do what it was asked. The message names the registry and says what it answered. */
export class RegistryFault extends Error {
  override readonly name = 'RegistryFault';
  readonly code: keyof typeof REGISTRY_FAULTS;
  /** Seconds that the registry asks to wait. */
  readonly retryAfter: number | undefined;

  constructor(
    code: keyof typeof REGISTRY_FAULTS,
    message: string,
    options?: ErrorOptions & { retryAfter?: number },
  ) {
    super(message, options);
    this.code = code;
    this.retryAfter = options?.retryAfter;
  }
}

/** Whether an error is a `RegistryFault`, told by its name: a module that is loaded late has a class of its own. */
export function isRegistryFault(error: unknown): error is RegistryFault {
  return error instanceof Error && error.name === 'RegistryFault' && 'code' in error;
}
