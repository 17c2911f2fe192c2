import { stripVTControlCharacters } from 'node:util';
import { type Tone, toned } from './style.ts';

/** One value of a table: what it says, and in which color. */
export type Cell = string | { readonly text: string; readonly tone: Tone };
export type Table = { readonly columns: readonly string[]; readonly rows: readonly (readonly Cell[])[] };

export const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text);

/** A table for people: a line of names, a rule under each, and columns of equal width. Control characters cannot leave a cell. */
export function renderTable({ columns, rows }: Table, colors: boolean): string {
  const shown = rows.map((row) => row.map((cell) => printable(textOf(cell))));
  const widths = columns.map((name, at) =>
    Math.max(name.length, ...shown.map((row) => [...(row[at] ?? '')].length)),
  );
  const line = (cells: readonly string[], tones: readonly Tone[] = []) =>
    cells
      .map((text, at) => toned(text, tones[at] ?? 'plain', colors) + padding(text, widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  const tonesOf = (row: readonly Cell[]) =>
    row.map((cell) => (typeof cell === 'string' ? 'plain' : cell.tone));
  return [
    line(columns),
    line(widths.map((width) => '-'.repeat(width))),
    ...shown.map((row, at) => line(row, tonesOf(rows[at] ?? []))),
    '',
  ].join('\n');
}

const padding = (text: string, width: number): string => ' '.repeat(Math.max(0, width - [...text].length));

/** What a server says never moves the cursor or colors what follows. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\p{Cf}]/gu, ' ');
}

/** The same for a text of several lines. */
export const printableLines = (text: string): string =>
  text
    .split(/(\r?\n|\t)/)
    .map((part, at) => (at % 2 === 0 ? printable(part) : part))
    .join('');

/** A table as CSV (RFC 4180). A cell that a spreadsheet would compute is made a text by an apostrophe. */
export function csvOf({ columns, rows }: Table): string {
  return [columns, ...rows.map((row) => row.map(textOf))]
    .map((row) => `${row.map(csvCell).join(',')}\r\n`)
    .join('');
}

function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
