import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { rawOfDigest } from '../../functions/domain/digest.ts';
import type { Signer } from '../../functions/ports/signer.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** A key of this process, which signs as the key service does. */
export const testSigner: Signer = {
  keyId: () => 'test-key',
  sign: async (digest) => sign('sha256', rawOfDigest(digest), privateKey).toString('base64'),
  signMessage: async (message) => sign('sha256', message, privateKey).toString('base64'),
  publicKey: async () => createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
};
