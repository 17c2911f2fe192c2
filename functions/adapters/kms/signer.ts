import { GetPublicKeyCommand, KMSClient, SignCommand, type SignCommandInput } from '@aws-sdk/client-kms';
import { digestOfBytes, rawOfDigest } from '../../domain/digest.ts';
import { Fault } from '../../domain/faults.ts';
import type { Signer } from '../../ports/signer.ts';
import { awsFault } from '../aws-fault.ts';
import { inTime } from '../in-time.ts';
import { publicKeyPem } from './pem.ts';

/** A key of the key management service: ECC_NIST_P256, SIGN_VERIFY. Its private half never leaves the service. */
export function kmsSigner(keyId: string, client: KMSClient = inTime(new KMSClient({}))): Signer {
  let pem: string | undefined;
  const call = async <T>(send: () => Promise<T>): Promise<T> => {
    try {
      return await send();
    } catch (error) {
      throw awsFault('the key service', error);
    }
  };
  const sign = async (message: Pick<SignCommandInput, 'Message' | 'MessageType'>) => {
    const command = new SignCommand({ KeyId: keyId, ...message, SigningAlgorithm: 'ECDSA_SHA_256' });
    const { Signature } = await call(() => client.send(command));
    return base64(Signature);
  };
  return {
    keyId: () => keyId,
    sign: (digest) => sign({ Message: rawOfDigest(digest), MessageType: 'RAW' }),
    // The service takes 4,096 bytes of a message; of what it would hash anyway it takes the hash.
    signMessage: (message) => sign({ Message: rawOfDigest(digestOfBytes(message)), MessageType: 'DIGEST' }),
    async publicKey() {
      if (pem !== undefined) return pem;
      const { PublicKey } = await call(() => client.send(new GetPublicKeyCommand({ KeyId: keyId })));
      if (PublicKey === undefined) throw new Fault('Unavailable', 'the key service answered nothing');
      pem = publicKeyPem(PublicKey);
      return pem;
    },
  };
}

function base64(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) throw new Fault('Unavailable', 'the key service answered nothing');
  return Buffer.from(bytes).toString('base64');
}
