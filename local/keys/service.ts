import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsError, type AwsService } from '../aws-endpoint.ts';
import { writePrivate } from '../identity/private-file.ts';
import { signDigest } from './sign-digest.ts';

/**
 * `Sign` and `GetPublicKey` of the key management service, for the signing keys of the template (ECC_NIST_P256): each one a file in the
 * data directory (mode 0600), made when it is first used and kept. Signs messages with ECDSA over SHA-256, as Sluice asks for.
 */
export function keyService(dataDir: string, keyIds: readonly string[]): AwsService {
  const keys = new Map<string, Promise<KeyObject>>();
  const keyOf = async (asked: unknown): Promise<{ id: string; key: KeyObject }> => {
    const id = String(asked).replace(/^arn:[^/]*:key\//, '');
    if (!keyIds.includes(id)) throw new AwsError('NotFoundException', `Key '${id}' does not exist`);
    const opened = keys.get(id) ?? readKey(join(dataDir, `key-${id}.pem`));
    keys.set(id, opened);
    return { id, key: await opened };
  };
  return {
    name: 'kms',
    target: 'TrentService',
    operations: {
      async Sign({ KeyId, Message, MessageType, SigningAlgorithm }) {
        const { id, key } = await keyOf(KeyId);
        const bytes = Buffer.from(String(Message), 'base64');
        const wrong = problemOf(bytes, MessageType, SigningAlgorithm);
        if (wrong !== undefined) throw wrong;
        const made = MessageType === 'DIGEST' ? signDigest(bytes, key) : sign('sha256', bytes, key);
        const signature = made.toString('base64');
        return { KeyId: id, Signature: signature, SigningAlgorithm };
      },
      async GetPublicKey({ KeyId }) {
        const { id, key } = await keyOf(KeyId);
        const PublicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
        return { KeyId: id, PublicKey, KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' };
      },
    },
  };
}

/** What the service refuses: messages beyond 4,096 bytes, digests of another length, other algorithms. */
function problemOf(message: Buffer, type: unknown, algorithm: unknown): AwsError | undefined {
  if (algorithm !== 'ECDSA_SHA_256' || (type !== 'RAW' && type !== 'DIGEST')) {
    return new AwsError('InvalidKeyUsageException', 'The local key signs with ECDSA over SHA-256.');
  }
  if (type === 'DIGEST' && message.length !== 32) {
    return new AwsError('ValidationException', 'A digest for ECDSA_SHA_256 has 32 bytes.');
  }
  return message.length > 4_096
    ? new AwsError('ValidationException', 'A raw message has at most 4096 bytes.')
    : undefined;
}

async function readKey(file: string): Promise<KeyObject> {
  let pem: string;
  try {
    pem = await readFile(file, 'utf8');
  } catch {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await writePrivate(file, pem);
  }
  return createPrivateKey(pem);
}
