import { type Digest, isSignatureOf } from '../digest.ts';
import {
  ALGORITHM,
  type ChainHead,
  checkpointDigest,
  FIRST_PLACE,
  type Part,
  type SignedCheckpoint,
} from './checkpoint.ts';

/** Something that is not as it was recorded. `item` names it: `promotion/<id> event 3`, `head/… revision 2`, `evidence <digest>`. */
export type Problem = { readonly item: string; readonly problem: string };

/** The heads that a checkpoint vouches for, and what is wrong with it. What nobody signed vouches for nothing. */
export type Vouched = {
  readonly heads: ReadonlyMap<string, ChainHead>;
  readonly problems: readonly Problem[];
};

/**
 * Reads a checkpoint, whole or in its parts: each signed, numbered from 1 without a gap, in order, each naming the one before it and
 * beginning where that one ends, and the last one saying that it is.
 */
export function vouchedHeads(signed: readonly SignedCheckpoint[], publicKey: string): Vouched {
  const heads = new Map<string, ChainHead>();
  const problems: Problem[] = [];
  const whole = signed.every(({ checkpoint }) => checkpoint.part === undefined);
  const problemOf = (number: number, problem: string) =>
    problems.push({ item: whole ? 'checkpoint' : `checkpoint part ${number}`, problem });
  let expected = 1;
  let before: Digest | null | undefined = null;
  let place: string | undefined = FIRST_PLACE;
  let ended = false;
  for (const one of signed) {
    const { checkpoint } = one;
    if (!isGenuine(one, publicKey)) {
      problemOf(expected, 'is not signed by this key');
      expected += 1;
      before = undefined;
      ended = checkpoint.part?.last ?? true;
      continue;
    }
    const part: Part = checkpoint.part ?? { number: 1, prev: null, last: true };
    const { number, prev, last } = part;
    if (number < expected) {
      problemOf(number, 'is there twice, or out of order');
      continue;
    }
    for (; expected < number; expected += 1) {
      problemOf(expected, 'is missing');
      before = undefined;
    }
    if (ended || (before !== undefined && prev !== before))
      problemOf(number, 'does not follow the part before it');
    else if (before !== undefined && !beginsAt(part, place))
      problemOf(number, 'does not begin where the part before it ends');
    else for (const head of checkpoint.chains) heads.set(head.chain, head);
    expected = number + 1;
    before = checkpointDigest(checkpoint);
    place = part.next;
    ended = last;
  }
  if (!ended) problemOf(expected, 'is missing');
  return { heads, problems };
}

/** Whether a part begins at a place, and ends the scan exactly when it says so. One without places says nothing of them. */
function beginsAt({ number, last, from, next }: Part, place: string | undefined): boolean {
  if (from === undefined && next === undefined) return number === 1 || place === undefined;
  return from === place && last === (next === undefined);
}

function isGenuine({ checkpoint, signature }: SignedCheckpoint, publicKey: string): boolean {
  const members = Object.keys(signature).sort().join();
  return (
    members === 'algorithm,value' &&
    signature.algorithm === ALGORITHM &&
    isSignatureOf(checkpointDigest(checkpoint), { publicKey, signature: signature.value })
  );
}
