import { digestOfBytes } from '../digest.ts';
import type { Share } from './targeting.ts';

/**
 * The variant that a targeting key falls on: weighted rendezvous hashing (Schindelhauer and Schomaker, 2005). Each variant draws from
 * the key, the faster the more it weighs, and the fastest wins. A draw depends on no other variant, so a key moves from one variant to
 * another only when their weights change in favor of the other. Order, and variants of weight 0, do not matter.
 */
export function chosenOf(split: readonly Share[], flag: string, targetingKey: string): string {
  const weights = new Map<string, number>();
  for (const { variant, weight } of split) weights.set(variant, (weights.get(variant) ?? 0) + weight);
  let chosen = '';
  let fastest = Number.POSITIVE_INFINITY;
  for (const [variant, weight] of [...weights].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (weight === 0) continue;
    const time = -Math.log(drawOf(flag, variant, targetingKey)) / weight;
    if (time < fastest) [chosen, fastest] = [variant, time];
  }
  return chosen;
}

/** What a variant of a flag draws from a targeting key, in (0, 1): the first 48 bits of sha256. Other flags draw others. */
export function drawOf(flag: string, variant: string, targetingKey: string): number {
  const drawn = digestOfBytes(`sluice/split/v2\n${flag}\n${variant}\n${targetingKey.toWellFormed()}`);
  const hex = drawn.slice('sha256:'.length);
  return (Number.parseInt(hex.slice(0, 12), 16) + 0.5) / 2 ** 48;
}
