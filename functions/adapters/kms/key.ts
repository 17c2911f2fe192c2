import { GetPublicKeyCommand, KMSClient, SignCommand, type SignCommandInput } from '@aws-sdk/client-kms';
import { Fault } from '../../domain/faults.ts';
import { awsFault } from '../aws-fault.ts';
import { inTime } from '../in-time.ts';
import { publicKeyPem } from './pem.ts';

/** The client of the key service, with the deadlines of all calls. */
export const kmsClient = (): KMSClient => inTime(new KMSClient({}));

/** A key of the key management service, whose private half never leaves it. Throws `Unavailable` and `Throttled`. */
export function kmsKey(KeyId: string, client: KMSClient) {
  let pem: string | undefined;
  const call = async <T>(send: () => Promise<T>): Promise<T> => {
    try {
      return await send();
    } catch (error) {
      throw awsFault('the key service', error);
    }
  };
  return {
    async sign(what: Omit<SignCommandInput, 'KeyId'>): Promise<Uint8Array> {
      const { Signature } = await call(() => client.send(new SignCommand({ KeyId, ...what })));
      if (Signature === undefined) throw new Fault('Unavailable', 'the key service answered no signature');
      return Signature;
    },
    /** The public half (SPKI, PEM), asked for once. */
    async publicKey(): Promise<string> {
      if (pem !== undefined) return pem;
      const { PublicKey } = await call(() => client.send(new GetPublicKeyCommand({ KeyId })));
      if (PublicKey === undefined) throw new Fault('Unavailable', 'the key service answered no key');
      pem = publicKeyPem(PublicKey);
      return pem;
    },
  };
}
