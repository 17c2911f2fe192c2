import type { Difference } from './difference.ts';

/** Which keys a person wants to see. */
export type Show = 'different' | 'source' | 'target' | 'both' | 'owned' | 'flags' | 'same';

const FITS: { readonly [S in Exclude<Show, 'same'>]: (line: Difference) => boolean } = {
  different: () => true,
  source: ({ changedIn, operation }) => changedIn === 'source' && operation !== 'owned',
  target: ({ changedIn, operation }) => changedIn === 'target' && operation !== 'owned',
  both: ({ changedIn, operation }) => changedIn === 'both' && operation !== 'owned',
  owned: ({ operation }) => operation === 'owned',
  flags: ({ flag }) => flag,
};

/** The differences that a choice leaves: none of those that are the same. */
export const shownOf = (lines: readonly Difference[], show: Show): readonly Difference[] =>
  show === 'same' ? [] : lines.filter(FITS[show]);

/** A choice with the keys that it leaves. */
export type Chip = { readonly show: Show; readonly name: string; readonly number: number };

/** The choices of a page of differences: those that leave nothing are left out, but for the one that is made. */
export function chipsOf(
  {
    lines,
    unchanged,
    agreed,
  }: { readonly lines: readonly Difference[]; readonly unchanged: number; readonly agreed: boolean },
  { source, target }: { readonly source: string; readonly target: string },
  made: Show,
): readonly Chip[] {
  const of = (show: Show, name: string): Chip => ({ show, name, number: shownOf(lines, show).length });
  const chips = [
    of('different', 'Different'),
    ...(agreed
      ? [
          of('source', `Changed in ${source}`),
          of('target', `Changed in ${target}`),
          of('both', 'Changed in both'),
        ]
      : []),
    of('owned', `Owned by ${target}`),
    of('flags', 'Flags'),
    { show: 'same', name: 'Same', number: unchanged } as const,
  ];
  return chips.filter(({ show, number }) => number > 0 || show === 'different' || show === made);
}
