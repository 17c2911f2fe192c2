import {
  ALGORITHM,
  type ChainHead,
  checkpointDigest,
  checkpointOf,
  type Part,
  type SignedCheckpoint,
} from '../../domain/audit/checkpoint.ts';
import { type Digest, isDigest } from '../../domain/digest.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Signer } from '../../ports/signer.ts';
import { authorize } from '../access/authorize.ts';
import type { Deps } from '../deps.ts';
import { type ChainsRead, readChains } from './chains.ts';
import { everyEnvironment, noPosition, PROMOTIONS, wordsOf } from './positions.ts';

export type CheckpointDeps = Pick<
  Deps,
  'promotions' | 'heads' | 'changes' | 'catalog' | 'denials' | 'clock'
> & {
  readonly signer: Signer;
};

/** Chains in one part: their heads are some 150 bytes each, and an answer may have 6 MB and take 28 s. */
const MOST = 5_000;
const PAGE = 100;

export type CheckpointMade = {
  readonly signed: SignedCheckpoint;
  readonly public_key: string;
  /** Where the next part begins; absent after the last. */
  readonly next?: string;
};

/**
 * Signs the heads of the chains of a tenant as they are now, for the auditor to keep: all of them, or where there are more than `most`
 * part by part. It reads every promotion and head: 1 read unit each. What is committed while it reads is in the next one. Refuses
 * `not_authorized`.
 */
export async function makeCheckpoint(
  deps: CheckpointDeps,
  principal: Principal,
  { after, most = MOST }: { readonly after?: string; readonly most?: number } = {},
): Promise<CheckpointMade | Refusal> {
  const refusal = await authorize(deps, principal, 'read_audit');
  if (refusal !== undefined) return refusal;
  const { tenant } = principal;
  const start = readPosition(after);
  if ('refused' in start) return start;
  const { number, prev, position } = start;
  const as_of = deps.clock.now();
  const chains: ChainHead[] = [];
  const scan = { tenant, environments: everyEnvironment(deps, tenant) };
  let from: string | undefined = position;
  while (from !== undefined && chains.length < most) {
    const page: ChainsRead = await readChains(deps, scan, from, Math.min(PAGE, most - chains.length));
    chains.push(...page.chains.map(({ slot: _, ...head }) => head));
    from = page.next;
  }
  const whole = after === undefined && from === undefined;
  const ends = from === undefined ? { last: true } : { last: false, next: from };
  const part: Part = { number, prev, from: position, ...ends };
  const about = { tenant, as_of, key_id: deps.signer.keyId(), ...(whole ? {} : { part }) };
  const checkpoint = checkpointOf(about, chains);
  const digest = checkpointDigest(checkpoint);
  return {
    signed: { checkpoint, signature: { algorithm: ALGORITHM, value: await deps.signer.sign(digest) } },
    public_key: await deps.signer.publicKey(),
    ...(from === undefined ? {} : { next: `${number + 1} ${digest} ${from}` }),
  };
}

type Start = { readonly number: number; readonly prev: Digest | null; readonly position: string };

/** Where a part begins. Refuses (`invalid_request`) what was made up, as far as it can be seen; verification compares the places. */
function readPosition(after: string | undefined): Start | Refusal {
  if (after === undefined) return { number: 1, prev: null, position: PROMOTIONS };
  const [number = '', prev = '', ...words] = after.split(' ');
  const position = words.join(' ');
  if (!LATER_PART.test(number) || !isDigest(prev) || 'refused' in wordsOf(position)) return noPosition();
  return { number: Number(number), prev, position };
}

/** The number of a part that has one before it. */
const LATER_PART = /^(?:[2-9]|[1-9][0-9]{1,8})$/;
