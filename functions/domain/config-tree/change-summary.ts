import type { Change } from './diff.ts';
import { entryOfTreeKey } from './tree-key.ts';

/** What changed, in short: how many entries, and the first of their keys. */
export type ChangeSummary = {
  readonly added: number;
  readonly modified: number;
  readonly removed: number;
  readonly keys: readonly string[];
};

/** Keys that a summary names: enough to recognise a change by, few enough to be kept with every revision. */
const NAMED = 5;

export const NO_CHANGES: ChangeSummary = { added: 0, modified: 0, removed: 0, keys: [] };

/** The summary with one more change. */
export function summarize(summary: ChangeSummary, { key, before, after }: Change): ChangeSummary {
  const { added, modified, removed, keys } = summary;
  return {
    added: added + (before === null ? 1 : 0),
    modified: modified + (before !== null && after !== null ? 1 : 0),
    removed: removed + (after === null ? 1 : 0),
    keys: keys.length < NAMED ? [...keys, entryOfTreeKey(key).key] : keys,
  };
}
