import { type Digest, digest } from '../digest.ts';
import { slotText } from '../promotion/head.ts';
import type { Slot } from '../subject.ts';

/** The newest entry of one chain: how many entries lead to it, and its digest, which all of them are in. */
export type ChainHead = { readonly chain: string; readonly length: number; readonly digest: Digest };

/**
 * Which part of a checkpoint of more than one: numbered from 1, each naming the digest of the part before it. `from` and `next` are the
 * places in the scan over all chains where it and the next one begin, so that no part can be made that leaves chains out; parts from before
 * they were kept have neither.
 */
export type Part = {
  readonly number: number;
  readonly prev: Digest | null;
  readonly last: boolean;
  readonly from?: string;
  readonly next?: string;
};

/** Where the scan over all chains of a tenant begins. */
export const FIRST_PLACE = 'promotions';

/**
 * The heads of all chains of a tenant at one moment, sorted by name; where there are too many for one answer, of some of them.
 * Whoever keeps all parts can tell later whether the past was changed.
 */
export type Checkpoint = {
  readonly v: 1;
  readonly tenant: string;
  readonly as_of: string;
  /** Which key signs it: signed with the rest, so that nobody can say it was another. */
  readonly key_id: string;
  readonly chains: readonly ChainHead[];
  readonly part?: Part;
};

/** `value` is an ECDSA signature (P-256, SHA-256) of the 32 bytes of `checkpointDigest`, in DER, in base64. */
export type Signature = { readonly algorithm: typeof ALGORITHM; readonly value: string };
export type SignedCheckpoint = { readonly checkpoint: Checkpoint; readonly signature: Signature };

/** As the key service names it. */
export const ALGORITHM = 'ECDSA_SHA_256';

/** The chain of a slot's revisions. */
export const headChain = (slot: Slot): string =>
  `head/${slot.subject.kind}/${slot.subject.name}/${slotText(slot)}`;

/** A checkpoint over chains given in any order. */
export function checkpointOf(
  about: Omit<Checkpoint, 'v' | 'chains'>,
  chains: readonly ChainHead[],
): Checkpoint {
  return { v: 1, ...about, chains: chains.toSorted((a, b) => (a.chain < b.chain ? -1 : 1)) };
}

/** What is signed of a checkpoint: these 32 bytes, as a message. */
export function checkpointDigest(checkpoint: Checkpoint): Digest {
  return digest('sluice/checkpoint/v1', checkpoint);
}
