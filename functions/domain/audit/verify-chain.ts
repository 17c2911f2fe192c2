import type { Digest } from '../digest.ts';
import type { ChainHead } from './checkpoint.ts';

/** One entry of a chain, in the order in which it was given. */
export type Link = { readonly position: number; readonly prev: Digest | null; readonly digest: Digest };

/** What is wrong at one position of a chain. */
export type BrokenLink = { readonly position: number; readonly problem: string };

/**
 * Checks one chain against its head in a checkpoint: positions from 1 without a gap, each once and in order, and every entry what the
 * one after it (the newest: the checkpoint) says it is. Names positions, not only the fact. What lies beyond the checkpoint is checked
 * against itself: its newest entry is vouched for by nobody yet.
 */
export function verifyLinks(links: readonly Link[], head?: ChainHead): readonly BrokenLink[] {
  const byPosition = new Map<number, Link>();
  const broken: BrokenLink[] = [];
  // A forged position must not name a million missing ones below it: no true one is higher than this.
  const most = (head?.length ?? 0) + links.length;
  let highest = 0;
  for (const link of links) {
    const { position } = link;
    if (position < 1 || position > most) {
      broken.push({ position, problem: 'has no place in the chain' });
      continue;
    }
    if (byPosition.has(position)) broken.push({ position, problem: 'is there twice' });
    else if (position < highest) broken.push({ position, problem: 'is out of order' });
    highest = Math.max(highest, position);
    byPosition.set(position, link);
  }
  return [...broken, ...walkBack(byPosition, Math.max(head?.length ?? 0, highest), head)];
}

/** From the newest to the first: who vouches comes before who is vouched for, so a changed entry is named itself, not its follower. */
function walkBack(links: ReadonlyMap<number, Link>, last: number, head: ChainHead | undefined): BrokenLink[] {
  const broken: BrokenLink[] = [];
  let expected: Digest | null | undefined;
  for (let position = last; position >= 1; position -= 1) {
    if (head !== undefined && position === head.length) {
      if (expected !== undefined && expected !== head.digest) {
        broken.push({ position: position + 1, problem: 'does not follow what the checkpoint names' });
      }
      expected = head.digest;
    }
    const link = links.get(position);
    if (link === undefined) {
      broken.push({ position, problem: 'is missing' });
      expected = undefined;
    } else if (expected !== undefined && link.digest !== expected) {
      broken.push({ position, problem: 'is not what was recorded' });
      expected = undefined;
    } else {
      expected = link.prev;
    }
  }
  if (expected !== undefined && expected !== null) {
    broken.push({ position: 1, problem: 'names an entry before the first' });
  }
  return broken;
}
