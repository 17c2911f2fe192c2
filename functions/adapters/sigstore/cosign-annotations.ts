import { createHash } from 'node:crypto';
import { isObject, readObject, textIn } from '../../domain/evidence/read-json.ts';

/**
 * What cosign 2 notes on the layer of a signature without a key (SIGNATURE_SPEC "Properties"), as a Sigstore bundle 0.1 around the payload:
 * `certificate` in PEM, `log_entry` with the promise of the log. Only gives the parts another order: all of them are verified as a bundle's.
 */
export function bundleOfAnnotations(
  members: { readonly [name: string]: unknown },
  payload: Buffer,
): object | undefined {
  const [signature, certificate, text] = [
    members['signature'],
    members['certificate'],
    members['log_entry'],
  ].map(textIn);
  const entry = text === undefined ? undefined : logEntry(text);
  if (signature === undefined || certificate === undefined || entry === undefined) return undefined;
  const rawBytes = certificate.replaceAll(/-----(?:BEGIN|END) CERTIFICATE-----|\s/g, '');
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.1',
    verificationMaterial: {
      x509CertificateChain: { certificates: [{ rawBytes }] },
      tlogEntries: [entry],
    },
    messageSignature: {
      messageDigest: { algorithm: 'SHA2_256', digest: createHash('sha256').update(payload).digest('base64') },
      signature,
    },
  };
}

/** `{SignedEntryTimestamp, Payload: {body, integratedTime, logIndex, logID}}`. */
function logEntry(text: string): object | undefined {
  const read = readObject(text);
  const payload = 'unreadable' in read ? undefined : read.members['Payload'];
  if ('unreadable' in read || !isObject(payload)) return undefined;
  const { body, integratedTime, logIndex, logID } = payload;
  const canonicalizedBody = textIn(body);
  const inside = readObject(Buffer.from(canonicalizedBody ?? '', 'base64').toString('utf8'));
  if (canonicalizedBody === undefined || 'unreadable' in inside || typeof logID !== 'string')
    return undefined;
  return {
    logIndex: String(logIndex),
    logId: { keyId: Buffer.from(logID, 'hex').toString('base64') },
    kindVersion: { kind: inside.members['kind'], version: inside.members['apiVersion'] },
    integratedTime: String(integratedTime),
    inclusionPromise: { signedEntryTimestamp: read.members['SignedEntryTimestamp'] },
    canonicalizedBody,
  };
}
