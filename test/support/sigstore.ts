import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { initializeCA, initializeCTLog, initializeTLog } from '@sigstore/mock';
import { type Digest, digestOfBytes } from '../../functions/domain/digest.ts';
import { canonicalJson } from '../../functions/domain/jcs.ts';

/** The authority, the two logs and the root that name them, of a Sigstore of the test's own. */
export type Sigstore = Awaited<ReturnType<typeof startSigstore>>;

const PREDICATE = 'https://sigstore.dev/cosign/sign/v1';
export const STATEMENT = 'application/vnd.in-toto+json';
export const ISSUER = 'https://token.actions.example.com';
export const IDENTITY = 'https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.2.3';
const ISSUER_OID = '1.3.6.1.4.1.57264.1.8';

const pair = (namedCurve = 'P-256') => generateKeyPairSync('ec', { namedCurve });
const base64 = (bytes: ArrayBufferView | string) =>
  (typeof bytes === 'string'
    ? Buffer.from(bytes)
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  ).toString('base64');
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest();

/** What cosign 3.x says about an image. */
export const statementAbout = (digest: string, predicateType = PREDICATE) => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ digest: { sha256: digest.slice(7) } }],
  predicateType,
  predicate: {},
});

/** The bytes that a DSSE envelope signs: the pre-authentication encoding of DSSE 1.0. */
export const authenticated = (payload: Buffer, type = STATEMENT) =>
  Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);

/** What the log answers. */
type Logged = {
  readonly body: string;
  readonly integratedTime: number;
  readonly logIndex: number;
  readonly verification: {
    readonly signedEntryTimestamp: string;
    readonly inclusionProof: { logIndex: number; rootHash: string; treeSize: number; checkpoint: string };
  };
};

type Habits = { readonly logged?: Date; readonly withoutCertificateLog?: boolean };

/** Starts one: keys of an authority and of both logs, made now. `logged`: when the log says that it is. */
export async function startSigstore({ logged, withoutCertificateLog = false }: Habits = {}) {
  const keys = { ca: pair('P-384'), ct: pair(), tlog: pair() };
  const ctlog = await initializeCTLog(keys.ct);
  const tlog = await initializeTLog('https://log.example.com', keys.tlog, logged);
  const ca = await initializeCA(keys.ca, withoutCertificateLog ? undefined : ctlog);
  const log = (publicKey: Buffer, baseUrl: string) => ({
    baseUrl,
    hashAlgorithm: 'SHA2_256',
    publicKey: {
      rawBytes: base64(publicKey),
      keyDetails: 'PKIX_ECDSA_P256_SHA_256',
      validFor: { start: '2020-01-01T00:00:00Z' },
    },
    logId: { keyId: base64(sha256(publicKey)) },
  });
  const trusted_root = {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [log(tlog.publicKey, 'https://log.example.com')],
    certificateAuthorities: [
      {
        subject: { organization: 'sigstore.mock', commonName: 'sigstore' },
        uri: 'https://ca.example.com',
        certChain: { certificates: [{ rawBytes: base64(ca.rootCertificate) }] },
        validFor: { start: '2020-01-01T00:00:00Z' },
      },
    ],
    ctlogs: [log(ctlog.publicKey, 'https://ct.example.com')],
    timestampAuthorities: [],
  };
  const root: Digest = digestOfBytes(canonicalJson(trusted_root));

  /** What a signer gets and leaves behind: a certificate for a new key, and an entry in the log. */
  async function witnessed(key: { publicKey: KeyObject }, entry: object, identity: string, issuer: string) {
    const certificate = await ca.issueCertificate({
      publicKey: key.publicKey.export({ type: 'spki', format: 'der' }),
      subjectAltName: identity,
      extensions: [{ oid: ISSUER_OID, value: issuer }],
    });
    const [logged]: readonly Logged[] = JSON.parse(JSON.stringify(Object.values(await tlog.log(entry))));
    if (logged === undefined) throw new Error('the log kept nothing');
    const { body, integratedTime, logIndex, verification } = logged;
    const { inclusionProof: proof, signedEntryTimestamp } = verification;
    const { kind, apiVersion: version } = JSON.parse(Buffer.from(body, 'base64').toString());
    return {
      certificate: { rawBytes: base64(certificate) },
      tlogEntries: [
        {
          logIndex: String(logIndex),
          logId: { keyId: base64(sha256(tlog.publicKey)) },
          kindVersion: { kind, version },
          integratedTime: String(integratedTime),
          inclusionPromise: { signedEntryTimestamp: signedEntryTimestamp },
          inclusionProof: {
            logIndex: String(proof.logIndex),
            rootHash: Buffer.from(proof.rootHash, 'hex').toString('base64'),
            treeSize: String(proof.treeSize),
            hashes: [],
            checkpoint: { envelope: proof.checkpoint },
          },
          canonicalizedBody: body,
        },
      ],
    };
  }

  return {
    trusted_root,
    root,
    /** `cosign sign` without a key (3.x): a bundle 0.3 around a statement. */
    async signed(statement: object, identity = IDENTITY, issuer = ISSUER) {
      const key = pair();
      const payload = Buffer.from(JSON.stringify(statement));
      const sig = sign('sha256', authenticated(payload), key.privateKey).toString('base64');
      const spec = {
        payloadHash: { algorithm: 'sha256', value: sha256(payload).toString('hex') },
        signatures: [{ signature: sig, verifier: '' }],
      };
      const entry = { apiVersion: '0.0.1', kind: 'dsse', spec };
      return {
        mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
        verificationMaterial: await witnessed(key, entry, identity, issuer),
        dsseEnvelope: { payload: base64(payload), payloadType: STATEMENT, signatures: [{ sig }] },
      };
    },
    /** `cosign sign-blob` without a key (3.x): a bundle 0.3 of the blob's signature. */
    async signedBlob(blob: Buffer, identity = IDENTITY, issuer = ISSUER) {
      const key = pair();
      const signature = sign('sha256', blob, key.privateKey).toString('base64');
      const hash = { algorithm: 'sha256', value: sha256(blob).toString('hex') };
      const entry = {
        apiVersion: '0.0.1',
        kind: 'hashedrekord',
        spec: { data: { hash }, signature: { content: signature, publicKey: { content: '' } } },
      };
      return {
        mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
        verificationMaterial: await witnessed(key, entry, identity, issuer),
        messageSignature: {
          messageDigest: { algorithm: 'SHA2_256', digest: base64(sha256(blob)) },
          signature,
        },
      };
    },
  };
}
