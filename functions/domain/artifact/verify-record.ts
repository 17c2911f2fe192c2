import { type Digest, isDigest, isMessageSigned } from '../digest.ts';
import { readObject } from '../evidence/read-json.ts';
import { isObject } from './descriptor.ts';
import { RECORD_TYPE, signedBytes } from './promotion-record.ts';

/** The signed record of a promotion, or why it proves nothing. */
export type RecordVerified =
  | {
      readonly record: { readonly [name: string]: unknown };
      readonly digest: Digest;
      readonly key_id: string;
    }
  | { readonly problem: string };

/**
 * Verifies the envelope that a registry holds as a referrer: one signature by this key (SPKI, PEM) over a record of this type. It
 * proves that the installation recorded the promotion of the digest that it answers; whether that is the artifact at hand is for the
 * caller to compare.
 */
export function verifyRecord(envelope: string, publicKey: string): RecordVerified {
  const read = readObject(envelope);
  if ('unreadable' in read) return { problem: `is no envelope: ${read.unreadable}` };
  const { payload, payloadType, signatures } = read.members;
  if (payloadType !== RECORD_TYPE) return { problem: `is no envelope of ${RECORD_TYPE}` };
  if (typeof payload !== 'string' || !Array.isArray(signatures)) return { problem: 'is no DSSE envelope' };
  const bytes = Buffer.from(payload, 'base64');
  if (bytes.toString('base64') !== payload) return { problem: 'has a payload that is not base64' };
  const [signed] = signatures;
  if (signatures.length !== 1 || !isObject(signed)) return { problem: 'does not have one signature' };
  const { keyid, sig } = signed;
  const signature = typeof sig === 'string' ? sig : '';
  if (!isMessageSigned(signedBytes(bytes), { publicKey, signature })) {
    return { problem: 'is not signed by this key' };
  }
  const record = readObject(bytes.toString('utf8'));
  if ('unreadable' in record) return { problem: `holds no record: ${record.unreadable}` };
  const artifact = record.members['artifact'];
  const digest = isObject(artifact) ? artifact['digest'] : undefined;
  if (typeof digest !== 'string' || !isDigest(digest)) return { problem: 'holds a record without a digest' };
  return { record: record.members, digest, key_id: typeof keyid === 'string' ? keyid : '' };
}
