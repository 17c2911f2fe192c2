/** The newest format of the table that this code reads and writes. */
export const FORMAT = 1;

/** What writes it: the release of this code. */
export const RELEASE = 'sluice 0.2.0';

/** What the table says of itself, in the item `SYS#FORMAT`. */
export type FormatNumber = {
  /** The format that is written now. */
  readonly format: number;
  /** The oldest format whose code may still serve. */
  readonly readable_from: number;
  /** The release that set the number. */
  readonly written_by: string;
  /** When it was set, RFC 3339 in UTC. */
  readonly at: string;
  /** How often it was written since. Absent: never. */
  readonly step?: number;
  /** The migration to `format` runs. */
  readonly moving?: Moving;
};

/** How far a migration is. */
export type Moving = {
  /** Where the walk goes on; absent: at its beginning. */
  readonly after?: string;
  /** Items moved so far. */
  readonly moved: number;
  /** Nothing else is written until it is done. */
  readonly read_only: boolean;
};

/** Returns why code that reads `known` must not serve a table, in one sentence that says what to do; `undefined` when it may. */
export function whyClosed(found: FormatNumber | undefined, known = FORMAT): string | undefined {
  if (found === undefined) {
    return 'the table has no format number yet: run `npm start` on its data directory, or deploy the stack, which judge the table once and number it';
  }
  const { format, readable_from, written_by } = found;
  if (readable_from <= known) return undefined;
  return `the table has format ${format}, readable from format ${readable_from} on, and this code reads format ${known}: run the release that wrote it (${written_by}) or a later one`;
}
