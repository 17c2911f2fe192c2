import { auditEntry, auditRecord } from '../audit/record.ts';
import { type Digest, digestOfBytes } from '../digest.ts';
import { canonicalJson } from '../jcs.ts';
import { TRAITS } from '../kind-traits.ts';
import type { StoredEvent } from '../promotion/events.ts';
import { replay } from '../promotion/history.ts';
import type { Descriptor } from './descriptor.ts';
import { IMAGE_TYPES } from './manifest.ts';

/** The media type of a promotion's record: of the signed payload, and of the referrer that carries it. */
export const RECORD_TYPE = 'application/vnd.sluice.promotion.v1+json';
const ENVELOPE_TYPE = 'application/vnd.dsse.envelope.v1+json';

/** The descriptor and the bytes of what an artifact without a config has there (OCI image specification, "Guidance for an Empty Descriptor"). */
const EMPTY = { mediaType: 'application/vnd.oci.empty.v1+json', bytes: Buffer.from('{}') } as const;

/** What is signed: the audit record of a promotion as it was when it completed. The same history gives the same bytes. */
export type RecordPayload = { readonly bytes: Uint8Array; readonly subject: Digest; readonly at: string };

/** The payload for a promotion of an artifact by its events; undefined when it did not complete. What happened later is not in it. */
export function recordPayload(events: readonly StoredEvent[]): RecordPayload | undefined {
  const end = events.findIndex(({ event }) => event.type === 'PromotionCompleted');
  if (end < 0) return undefined;
  const state = replay(events.slice(0, end + 1));
  if (!TRAITS[state.subject.kind].in_registries) return undefined;
  const entry = auditEntry(auditRecord(state));
  return {
    bytes: Buffer.from(canonicalJson(entry)),
    subject: entry.artifact.digest,
    at: entry.timestamp,
  };
}

/** What a signature of the payload covers (DSSE protocol 1.0.2, "PAE"): its type and its bytes, each with its length. */
export function signedBytes(payload: Uint8Array): Uint8Array {
  const head = `DSSEv1 ${Buffer.byteLength(RECORD_TYPE)} ${RECORD_TYPE} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

/** A signature and the key that made it; `signature` is base64. */
export type RecordSignature = { readonly key_id: string; readonly signature: string };

/** A piece of content with its descriptor. */
export type Content = { readonly descriptor: Descriptor; readonly bytes: Uint8Array };

/** The referrer that carries a record: a manifest about the subject, and the two blobs that it lists. */
export type RecordReferrer = { readonly manifest: Content; readonly blobs: readonly Content[] };

/** The referrer of a subject for a signed payload. The same input gives the same digest. */
export function recordReferrer(
  { bytes: payload, at }: RecordPayload,
  { key_id, signature }: RecordSignature,
  { mediaType, digest, size }: Descriptor,
): RecordReferrer {
  const envelope = canonicalJson({
    payload: Buffer.from(payload).toString('base64'),
    payloadType: RECORD_TYPE,
    signatures: [{ keyid: key_id, sig: signature }],
  });
  const layer = contentOf(ENVELOPE_TYPE, Buffer.from(envelope));
  const config = contentOf(EMPTY.mediaType, EMPTY.bytes);
  const manifest = canonicalJson({
    schemaVersion: 2,
    mediaType: IMAGE_TYPES[0],
    artifactType: RECORD_TYPE,
    config: config.descriptor,
    layers: [layer.descriptor],
    subject: { mediaType, digest, size },
    annotations: { 'org.opencontainers.image.created': at },
  });
  const { descriptor, bytes } = contentOf(IMAGE_TYPES[0], Buffer.from(manifest));
  return {
    manifest: { descriptor: { ...descriptor, artifactType: RECORD_TYPE }, bytes },
    blobs: [config, layer],
  };
}

function contentOf(mediaType: string, bytes: Uint8Array): Content {
  return { descriptor: { mediaType, digest: digestOfBytes(bytes), size: bytes.length }, bytes };
}
