import * as z from 'zod/mini';
import type { Distribution } from '../../../domain/deployment/distribution.ts';
import type { RollUp } from '../../../domain/deployment/roll-up.ts';
import { count, maybe, text } from './basics.ts';
import { exactly } from './exactly.ts';
import { subject } from './slot.ts';

/** Each length as its distance from the one before, then how often it occurred: half the size, and half the reads. */
const distribution = z.pipe(
  z.array(count),
  z.transform((flat: number[]): Distribution => {
    const pairs: [number, number][] = [];
    let seconds = 0;
    for (let at = 0; at + 1 < flat.length; at += 2) {
      seconds += flat[at] ?? 0;
      pairs.push([seconds, flat[at + 1] ?? 0]);
    }
    return pairs;
  }),
);

function flattened(lengths: Distribution): readonly number[] {
  return lengths.flatMap(([seconds, times], at) => [seconds - (lengths[at - 1]?.[0] ?? 0), times]);
}

const tally = z.looseObject({
  deployed: count,
  failed: count,
  rolled_back: count,
  duration: distribution,
  lead: distribution,
  lead_unknown: count,
  recovery: distribution,
  unplanned: count,
  planned: count,
});

export const rollUp: z.ZodMiniType<RollUp> = exactly<RollUp>()(
  z.looseObject({
    scope: z.looseObject({ environment: text, incarnation: maybe(count), subject: maybe(subject) }),
    day: text,
    kinds: z.looseObject({ config: maybe(tally), artifact: maybe(tally), agent: maybe(tally) }),
    placed: maybe(count),
    version: count,
  }),
);

/** A roll-up as its body is stored: what `rollUp` reads back. */
export function storedRollUp(given: RollUp): object {
  const kinds = Object.entries(given.kinds).map(([kind, one]) => [
    kind,
    {
      ...one,
      duration: flattened(one.duration),
      lead: flattened(one.lead),
      recovery: flattened(one.recovery),
    },
  ]);
  return { ...given, kinds: Object.fromEntries(kinds) };
}
