import { FORMAT, type FormatNumber, whyClosed } from './number.ts';

/** The keys of an item, as far as they tell which code wrote it. */
export type ItemKeys = { readonly PK: string; readonly SK: string; readonly GSI1PK?: string };

/** What the keys of a table without a number tell: how many of its items only one code wrote. */
export type Told = {
  readonly items: number;
  /** Items that only code of format 1 wrote. */
  readonly first: number;
  /** Items that only the code before format 1 wrote. */
  readonly before: number;
  /** The first key found that no code of this project wrote. */
  readonly foreign?: string;
};

/** Nothing looked at yet. */
export const NOTHING: Told = { items: 0, first: 0, before: 0 };

/** What to do about a table that has a number. */
export type Standing = { readonly verdict: 'serve' } | Refused;
type Refused = { readonly verdict: 'refuse'; readonly why: string };

/** What to do about one that has none. `stamp`: an empty table gets today's format, one that format 1 wrote gets 1. */
export type Verdict = { readonly verdict: 'stamp'; readonly format: number } | Refused;

/** Judges a table by its number. */
export function judgeNumber(found: FormatNumber): Standing {
  const why = whyClosed(found);
  return why === undefined ? { verdict: 'serve' } : refuse(why);
}

/** Judges a table that has no number by its keys. What cannot be told for sure is refused: a wrong guess loses policies and freezes. */
export function judgeKeys({ items, first, before, foreign }: Told): Verdict {
  if (items === 0) return { verdict: 'stamp', format: FORMAT };
  if (foreign !== undefined) {
    return refuse(
      `the table holds the item ${foreign}, which no release of Sluice wrote: give Sluice a table of its own`,
    );
  }
  if (before > 0 && first > 0) {
    return refuse(
      'two releases wrote this table in turn, and neither reads what the other wrote: restore the backup from before the upgrade and run the code that wrote it',
    );
  }
  if (before > 0) {
    return refuse(
      'a development version before format 1 wrote this table, and no release reads it: run the code that wrote it, or begin with an empty table',
    );
  }
  if (first === 0) {
    return refuse(
      'nothing in this table tells which release wrote it: run the code that wrote it, or begin with an empty table',
    );
  }
  return { verdict: 'stamp', format: 1 };
}

const refuse = (why: string): Refused => ({ verdict: 'refuse', why });
