import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { Fault } from '../../domain/faults.ts';
import type { NoteSigner } from '../../ports/note-signer.ts';
import { awsFault } from '../aws-fault.ts';
import { inTime } from '../in-time.ts';
import { publicKeyPem } from './pem.ts';

/** A key of the key management service: ECC_NIST_EDWARDS25519, SIGN_VERIFY. Its private half never leaves the service. */
export function kmsNoteSigner(KeyId: string, client: KMSClient = inTime(new KMSClient({}))): NoteSigner {
  let pem: string | undefined;
  const call = async <T>(send: () => Promise<T>): Promise<T> => {
    try {
      return await send();
    } catch (error) {
      throw awsFault('the key service', error);
    }
  };
  return {
    async sign(Message) {
      const command = new SignCommand({
        KeyId,
        Message,
        MessageType: 'RAW',
        SigningAlgorithm: 'ED25519_SHA_512',
      });
      const { Signature } = await call(() => client.send(command));
      if (Signature?.length !== 64) throw new Fault('Unavailable', 'the key service answered no signature');
      return Signature;
    },
    async publicKey() {
      if (pem !== undefined) return pem;
      const { PublicKey } = await call(() => client.send(new GetPublicKeyCommand({ KeyId })));
      if (PublicKey === undefined) throw new Fault('Unavailable', 'the key service answered no key');
      pem = publicKeyPem(PublicKey);
      return pem;
    },
  };
}
