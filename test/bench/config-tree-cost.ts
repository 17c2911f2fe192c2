import type { NodeTraffic } from '../support/memory/node-store.ts';

/**
 * Bytes that an item has beside the packed node: `PK` = `T#<uuid>#NODES#ab`, `SK` = 64 hex digits, the time of the last put, and the
 * names of the four attributes. DynamoDB counts names and values of an item together.
 */
const ITEM_OVERHEAD = 2 + 47 + 2 + 64 + 6 + 24 + 4;

export type Cost = {
  /** Read units: 4 KB, half of one when eventually consistent, each item of a batch rounded up by itself. */
  readonly rru: number;
  /** Write units: 1 KB, each item rounded up by itself. */
  readonly wru: number;
  readonly rounds: number;
  readonly read: number;
  readonly written: number;
  readonly largestItem: number;
};

/** What traffic costs in the units that a table counts in. */
export function costOf({ rounds, read, written }: NodeTraffic): Cost {
  const size = ({ itemBytes }: { readonly itemBytes: number }) => itemBytes + ITEM_OVERHEAD;
  return {
    rru: read.reduce((sum, item) => sum + Math.ceil(size(item) / 4096) / 2, 0),
    wru: written.reduce((sum, item) => sum + Math.ceil(size(item) / 1024), 0),
    rounds,
    read: read.length,
    written: written.length,
    largestItem: [...read, ...written].reduce((largest, item) => Math.max(largest, size(item)), 0),
  };
}

/** The mean of each count over repetitions; of rounds and sizes the largest. */
export function meanCost(costs: readonly Cost[]): Cost {
  const mean = (of: (cost: Cost) => number) => costs.reduce((sum, cost) => sum + of(cost), 0) / costs.length;
  return {
    rru: mean(({ rru }) => rru),
    wru: mean(({ wru }) => wru),
    rounds: Math.max(...costs.map(({ rounds }) => rounds)),
    read: mean(({ read }) => read),
    written: mean(({ written }) => written),
    largestItem: Math.max(...costs.map(({ largestItem }) => largestItem)),
  };
}
