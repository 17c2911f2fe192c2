import { CHANGES, changeDigest } from '../../domain/audit/change.ts';
import {
  ALGORITHM,
  type ChainHead,
  checkpointDigest,
  checkpointOf,
  headChain,
  promotionChain,
  type SignedCheckpoint,
} from '../../domain/audit/checkpoint.ts';
import { Fault } from '../../domain/faults.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Signer } from '../../ports/signer.ts';
import { authorize } from '../catalog/authorize.ts';
import type { Deps } from '../deps.ts';
import { everyHead, everyPromotion } from './chains.ts';

export type CheckpointDeps = Pick<
  Deps,
  'promotions' | 'heads' | 'changes' | 'catalog' | 'denials' | 'clock'
> & {
  readonly signer: Signer;
};

/**
 * Signs the heads of all chains of a tenant as they are now, for the auditor to keep. It reads every promotion and head: 1 read unit
 * each. What is committed while it reads is in the next one. Refuses `not_authorized`.
 */
export async function makeCheckpoint(
  deps: CheckpointDeps,
  principal: Principal,
): Promise<{ readonly signed: SignedCheckpoint; readonly public_key: string } | Refusal> {
  const refusal = await authorize(deps, principal, 'read_audit');
  if (refusal !== undefined) return refusal;
  const { tenant } = principal;
  const about = { tenant, as_of: deps.clock.now(), key_id: deps.signer.keyId() };
  const chains: ChainHead[] = [];
  for await (const { id, seq, chain } of everyPromotion(deps, tenant)) {
    chains.push({ chain: promotionChain(id), length: seq, digest: chain });
  }
  for await (const { slot, revision, chain } of everyHead(deps, tenant)) {
    if (chain === null) throw new Fault('Corrupt', `${headChain(slot)} has revisions and no chain`);
    chains.push({ chain: headChain(slot), length: revision, digest: chain });
  }
  const newest = await deps.changes.newest(tenant);
  if (newest !== undefined) chains.push({ chain: CHANGES, length: newest.seq, digest: changeDigest(newest) });
  const checkpoint = checkpointOf(about, chains);
  const value = await deps.signer.sign(checkpointDigest(checkpoint));
  return {
    signed: { checkpoint, signature: { algorithm: ALGORITHM, value } },
    public_key: await deps.signer.publicKey(),
  };
}
