import type { KMSClient, SignCommandInput } from '@aws-sdk/client-kms';
import { digestOfBytes, rawOfDigest } from '../../domain/digest.ts';
import type { Signer } from '../../ports/signer.ts';
import { kmsClient, publicKeyOf, signWith } from './key.ts';

/** A key of the key management service: ECC_NIST_P256, SIGN_VERIFY. */
export function kmsSigner(keyId: string, client: KMSClient = kmsClient()): Signer {
  let pem: string | undefined;
  const sign = async (message: Pick<SignCommandInput, 'Message' | 'MessageType'>) => {
    const signature = await signWith(client, {
      KeyId: keyId,
      ...message,
      SigningAlgorithm: 'ECDSA_SHA_256',
    });
    return Buffer.from(signature).toString('base64');
  };
  return {
    keyId: () => keyId,
    sign: (digest) => sign({ Message: rawOfDigest(digest), MessageType: 'RAW' }),
    // The service takes 4,096 bytes of a message; of what it would hash anyway it takes the hash.
    signMessage: (message) => sign({ Message: rawOfDigest(digestOfBytes(message)), MessageType: 'DIGEST' }),
    async publicKey() {
      pem ??= await publicKeyOf(client, keyId);
      return pem;
    },
  };
}
