import type { KMSClient } from '@aws-sdk/client-kms';
import { Fault } from '../../domain/faults.ts';
import type { NoteSigner } from '../../ports/note-signer.ts';
import { kmsClient, publicKeyOf, signWith } from './key.ts';

/** A key of the key management service: ECC_NIST_EDWARDS25519, SIGN_VERIFY. */
export function kmsNoteSigner(KeyId: string, client: KMSClient = kmsClient()): NoteSigner {
  let pem: string | undefined;
  return {
    async sign(Message) {
      const signature = await signWith(client, {
        KeyId,
        Message,
        MessageType: 'RAW',
        SigningAlgorithm: 'ED25519_SHA_512',
      });
      if (signature.length !== 64)
        throw new Fault('Unavailable', `the key service answered a signature of ${signature.length} bytes`);
      return signature;
    },
    async publicKey() {
      pem ??= await publicKeyOf(client, KeyId);
      return pem;
    },
  };
}
