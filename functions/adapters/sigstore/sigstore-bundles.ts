import { createHash, type KeyObject } from 'node:crypto';
import { type Bundle, bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import {
  type SignedEntity,
  type Signer,
  type TrustMaterial,
  toSignedEntity,
  toTrustMaterial,
  Verifier,
} from '@sigstore/verify';
import type { ConditionFacts } from '../../domain/conditions/condition.ts';
import { digestOfBytes } from '../../domain/digest.ts';
import { isJson } from '../../domain/evidence/read-json.ts';
import { type Unreadable, unreadable } from '../../domain/evidence/report.ts';
import { canonicalJson } from '../../domain/jcs.ts';
import type { Signed } from './signed.ts';

const STATEMENT = 'application/vnd.in-toto+json';
/** Log entries and timestamps of one bundle: a verifier compares each with every other. */
const MOST_WITNESSES = 8;

/** A Sigstore bundle as it was brought, and the blob where it is about one. */
type Brought = { readonly bundle: unknown; readonly blob: Buffer | undefined };

/** A bundle that a key signed. Its log entries are about when, which a key does not depend on. */
export function signedByKey({
  key,
  signer,
  ...brought
}: Brought & { readonly key: KeyObject; readonly signer: ConditionFacts }): Signed | Unreadable {
  return verified(brought, (entity) => {
    if (entity.key.$case !== 'public-key')
      return unreadable('the bundle is signed by a certificate, not a key');
    const none = { ctlogThreshold: 0, tlogThreshold: 0, timestampThreshold: 0 };
    new Verifier(trusting(key), none).verify({ ...entity, timestamps: [], tlogEntries: [] });
    return signer;
  });
}

/**
 * A bundle that the holder of a short-lived certificate signed, without a key to know. The certificate is by an authority of the root
 * and in a certificate log, the signature in a transparency log, and was made while the certificate was good.
 */
export function signedByCertificate({
  trusted_root,
  ...brought
}: Brought & { readonly trusted_root: unknown }): Signed | Unreadable {
  if (!isJson(trusted_root)) return unreadable('trusted_root has no canonical form');
  const root = digestOfBytes(canonicalJson(trusted_root));
  return verified(brought, (entity) => {
    if (entity.key.$case !== 'certificate')
      return unreadable('the bundle is signed by a key: give its public_key');
    const verifier = new Verifier(toTrustMaterial(TrustedRoot.fromJSON(trusted_root)));
    return named(verifier.verify(entity), root);
  });
}

function named({ identity: of }: Signer, trusted_root: string): ConditionFacts | Unreadable {
  const identity = of?.subjectAlternativeName;
  const issuer = of?.extensions?.issuer;
  if (identity === undefined || issuer === undefined) return unreadable('the certificate names nobody');
  return { identity, issuer, trusted_root };
}

/** What a bundle holds, once `check` has found who signed it; whatever a bundle does to its verifier makes it malformed. */
function verified(
  { bundle: json, blob }: Brought,
  check: (entity: SignedEntity) => ConditionFacts | Unreadable,
): Signed | Unreadable {
  try {
    const bundle = bundleFromJSON(json);
    const content = contentOf(bundle, blob);
    if ('unreadable' in content) return content;
    const entity = toSignedEntity(bundle, blob);
    if (entity.tlogEntries.length > MOST_WITNESSES || entity.timestamps.length > MOST_WITNESSES) {
      return unreadable(`the bundle has more than ${MOST_WITNESSES} log entries or timestamps`);
    }
    const signer = check(entity);
    return isUnreadable(signer) ? signer : { ...content, signer };
  } catch {
    return unreadable('the bundle is malformed, or not signed as it says');
  }
}

function isUnreadable(answer: ConditionFacts | Unreadable): answer is Unreadable {
  return 'unreadable' in answer;
}

function contentOf({ content }: Bundle, blob: Buffer | undefined): Omit<Signed, 'signer'> | Unreadable {
  switch (content.$case) {
    case 'dsseEnvelope': {
      const { payloadType, payload, signatures } = content.dsseEnvelope;
      if (payloadType !== STATEMENT || signatures.length !== 1) {
        return unreadable('the envelope holds no statement with one signature');
      }
      return { bytes: payload, form: 'statement' };
    }
    case 'messageSignature': {
      if (blob === undefined) return unreadable('the bundle is about a blob: give it too');
      // The log entry is about this digest, the signature about the blob: they must be one.
      const digest = createHash('sha256').update(blob).digest();
      if (!digest.equals(content.messageSignature.messageDigest.digest)) {
        return unreadable('the bundle is about another blob');
      }
      return { bytes: blob, form: 'blob' };
    }
    default:
      return content satisfies never;
  }
}

function trusting(publicKey: KeyObject): TrustMaterial {
  return {
    certificateAuthorities: [],
    timestampAuthorities: [],
    tlogs: [],
    ctlogs: [],
    publicKey: () => ({ publicKey, validFor: () => true }),
  };
}
