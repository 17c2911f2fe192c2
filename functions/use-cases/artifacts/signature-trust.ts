import { secretPrefix } from '../../domain/catalog/own-secret.ts';
import type { ConditionFacts } from '../../domain/conditions/condition.ts';
import type { Digest } from '../../domain/digest.ts';
import { readObject } from '../../domain/evidence/read-json.ts';
import type { GateSetting, RegistryProvider } from '../../domain/gates/gate.ts';
import { isSigner } from '../../domain/gates/judge-gate.ts';
import type { Deps } from '../deps.ts';
import type { StoredSignature } from './signatures.ts';

/** Whose signatures count: holders of keys in PEM, and signers whose certificates are by the trusted root. */
export type SignatureTrust = {
  readonly public_keys: readonly string[];
  readonly signers: NonNullable<GateSetting['signers']>;
  readonly trusted_root?: object;
};

type TrustDeps = Pick<Deps, 'registries'>;

/** Whom a gate trusts that asks the registry. A text says why that is not known. */
export async function trustOf(
  { registries }: TrustDeps,
  tenant: string,
  { public_keys = [], trusted_root_ref }: RegistryProvider,
  signers: GateSetting['signers'] = [],
): Promise<SignatureTrust | string> {
  if (trusted_root_ref === undefined) return { public_keys, signers };
  const text = await registries.trustedRoot(tenant, trusted_root_ref);
  if (text === undefined) {
    return `${trusted_root_ref} names no secret that can be read: create it under ${secretPrefix({ tenant, purpose: 'registry' })}`;
  }
  const read = readObject(text);
  if ('unreadable' in read) return `${trusted_root_ref} holds no trusted root: ${read.unreadable}`;
  return { public_keys, signers, trusted_root: read.members };
}

/** Who made a signature of the subject, as facts; `undefined` where it is not by anybody who is trusted. */
export async function signerOf(
  { registries: { signatures } }: TrustDeps,
  { document }: StoredSignature,
  subject: Digest,
  { public_keys, signers, trusted_root }: SignatureTrust,
): Promise<ConditionFacts | undefined> {
  for (const public_key of public_keys) {
    const reading = await signatures.verify(JSON.stringify({ ...document, public_key }), subject);
    if ('result' in reading) return reading.result;
  }
  if (trusted_root === undefined) return undefined;
  const reading = await signatures.verify(JSON.stringify({ ...document, trusted_root }), subject);
  if (!('result' in reading)) return undefined;
  return signers.some((signer) => isSigner(signer, reading.result)) ? reading.result : undefined;
}
