import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { rawOfDigest } from '../../functions/domain/digest.ts';
import type { NoteSigner } from '../../functions/ports/note-signer.ts';
import type { Signer } from '../../functions/ports/signer.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** A key of this process, which signs as the key service does. */
export const testSigner: Signer = {
  keyId: () => 'test-key',
  sign: async (digest) => sign('sha256', rawOfDigest(digest), privateKey).toString('base64'),
  signMessage: async (message) => sign('sha256', message, privateKey).toString('base64'),
  publicKey: async () => createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
};

const edwards = generateKeyPairSync('ed25519');

/** A key of Ed25519, which signs checkpoints as the key service does. */
export const testNoteSigner: NoteSigner = {
  sign: async (message) => new Uint8Array(sign(null, message, edwards.privateKey)),
  publicKey: async () => edwards.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
};
