import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsError, type AwsService } from '../aws-endpoint.ts';
import { writePrivate } from '../identity/private-file.ts';
import { signDigest } from './sign-digest.ts';

/** A signing key of the template: its id, and `ECC_NIST_P256` or `ECC_NIST_EDWARDS25519`. */
export interface SigningKey {
  readonly id: string;
  readonly spec: string;
}

/**
 * `Sign` and `GetPublicKey` of the key management service, for the signing keys of the template: each one a file in the data directory
 * (mode 0600), made when it is first used and kept. Keys of P-256 sign with ECDSA over SHA-256, those of Ed25519 messages alone.
 */
export function keyService(dataDir: string, signingKeys: readonly SigningKey[]): AwsService {
  const keys = new Map<string, Promise<KeyObject>>();
  const keyOf = async (asked: unknown): Promise<SigningKey & { key: KeyObject }> => {
    const id = String(asked).replace(/^arn:[^/]*:key\//, '');
    const known = signingKeys.find((each) => each.id === id);
    if (known === undefined) throw new AwsError('NotFoundException', `Key '${id}' does not exist`);
    const opened = keys.get(id) ?? readKey(join(dataDir, `key-${id}.pem`), known.spec);
    keys.set(id, opened);
    return { ...known, key: await opened };
  };
  return {
    name: 'kms',
    target: 'TrentService',
    operations: {
      async Sign({ KeyId, Message, MessageType, SigningAlgorithm }) {
        const { id, spec, key } = await keyOf(KeyId);
        const bytes = Buffer.from(String(Message), 'base64');
        const wrong = problemOf(spec, bytes, MessageType, SigningAlgorithm);
        if (wrong !== undefined) throw wrong;
        return { KeyId: id, Signature: signatureOf(spec, bytes, MessageType, key), SigningAlgorithm };
      },
      async GetPublicKey({ KeyId }) {
        const { id, spec, key } = await keyOf(KeyId);
        const PublicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
        return { KeyId: id, PublicKey, KeySpec: spec, KeyUsage: 'SIGN_VERIFY' };
      },
    },
  };
}

const EDWARDS = 'ECC_NIST_EDWARDS25519';

function signatureOf(spec: string, bytes: Buffer, type: unknown, key: KeyObject): string {
  if (spec === EDWARDS) return sign(null, bytes, key).toString('base64');
  const made = type === 'DIGEST' ? signDigest(bytes, key) : sign('sha256', bytes, key);
  return made.toString('base64');
}

/** What the service refuses: messages beyond 4,096 bytes, digests of another length, other algorithms. */
function problemOf(spec: string, message: Buffer, type: unknown, algorithm: unknown): AwsError | undefined {
  if (spec === EDWARDS && (algorithm !== 'ED25519_SHA_512' || type !== 'RAW'))
    return new AwsError('InvalidKeyUsageException', 'The local key signs messages with Ed25519.');
  if (spec !== EDWARDS && (algorithm !== 'ECDSA_SHA_256' || (type !== 'RAW' && type !== 'DIGEST'))) {
    return new AwsError('InvalidKeyUsageException', 'The local key signs with ECDSA over SHA-256.');
  }
  if (type === 'DIGEST' && message.length !== 32) {
    return new AwsError('ValidationException', 'A digest for ECDSA_SHA_256 has 32 bytes.');
  }
  return message.length > 4_096
    ? new AwsError('ValidationException', 'A raw message has at most 4096 bytes.')
    : undefined;
}

async function readKey(file: string, spec: string): Promise<KeyObject> {
  let pem: string;
  try {
    pem = await readFile(file, 'utf8');
  } catch {
    const { privateKey } =
      spec === EDWARDS ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
    pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await writePrivate(file, pem);
  }
  return createPrivateKey(pem);
}
