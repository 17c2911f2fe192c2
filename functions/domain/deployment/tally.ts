import type { Counted } from './deployment.ts';
import { type Distribution, merged, withLength } from './distribution.ts';

/** What deployments of some days add up to. Lengths are in seconds. */
export type Tally = {
  readonly deployed: number;
  readonly failed: number;
  readonly rolled_back: number;
  readonly duration: Distribution;
  readonly lead: Distribution;
  /** Those that served and whose commits are not known. */
  readonly lead_unknown: number;
  readonly recovery: Distribution;
  readonly unplanned: number;
  readonly planned: number;
};

export const NO_DEPLOYMENTS: Tally = {
  deployed: 0,
  failed: 0,
  rolled_back: 0,
  duration: [],
  lead: [],
  lead_unknown: 0,
  recovery: [],
  unplanned: 0,
  planned: 0,
};

/** A tally with what one deployment adds, or with `times` -1 without it. */
export function withCounted(tally: Tally, counted: Counted, times: 1 | -1): Tally {
  const { status, live, duration, lead, unplanned, recoveries } = counted;
  const one = (is: boolean): number => (is ? times : 0);
  return {
    deployed: tally.deployed + one(status === 'DEPLOYED'),
    failed: tally.failed + one(status === 'FAILED'),
    rolled_back: tally.rolled_back + one(status === 'ROLLED_BACK'),
    duration: duration === undefined ? tally.duration : withLength(tally.duration, duration, times),
    lead: lead === undefined ? tally.lead : withLength(tally.lead, lead, times),
    lead_unknown: tally.lead_unknown + one(live && lead === undefined),
    recovery: recoveries.reduce((all, seconds) => withLength(all, seconds, times), tally.recovery),
    unplanned: tally.unplanned + one(unplanned === true),
    planned: tally.planned + one(unplanned === false),
  };
}

/** Several tallies as one. */
export function together(tallies: readonly Tally[]): Tally {
  const sum = (of: (tally: Tally) => number) => tallies.reduce((all, tally) => all + of(tally), 0);
  return {
    deployed: sum(({ deployed }) => deployed),
    failed: sum(({ failed }) => failed),
    rolled_back: sum(({ rolled_back }) => rolled_back),
    duration: merged(tallies.map(({ duration }) => duration)),
    lead: merged(tallies.map(({ lead }) => lead)),
    lead_unknown: sum(({ lead_unknown }) => lead_unknown),
    recovery: merged(tallies.map(({ recovery }) => recovery)),
    unplanned: sum(({ unplanned }) => unplanned),
    planned: sum(({ planned }) => planned),
  };
}
