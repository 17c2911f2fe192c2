import { GetPublicKeyCommand, KMSClient, SignCommand, type SignCommandInput } from '@aws-sdk/client-kms';
import { Fault } from '../../domain/faults.ts';
import { awsFault } from '../aws-fault.ts';
import { inTime } from '../in-time.ts';
import { publicKeyPem } from './pem.ts';

/** The client of the key service, with the deadlines of all calls. */
export const kmsClient = (): KMSClient => inTime(new KMSClient({}));

/** A signature by a key, whose private half never leaves the service. Throws `Unavailable` and `Throttled`. */
export async function signWith(client: KMSClient, input: SignCommandInput): Promise<Uint8Array> {
  const { Signature } = await called(() => client.send(new SignCommand(input)));
  if (Signature === undefined) throw new Fault('Unavailable', 'the key service answered no signature');
  return Signature;
}

/** The public half of a key (SPKI, PEM). Throws `Unavailable` and `Throttled`. */
export async function publicKeyOf(client: KMSClient, KeyId: string): Promise<string> {
  const { PublicKey } = await called(() => client.send(new GetPublicKeyCommand({ KeyId })));
  if (PublicKey === undefined) throw new Fault('Unavailable', 'the key service answered no key');
  return publicKeyPem(PublicKey);
}

async function called<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw awsFault('the key service', error);
  }
}
