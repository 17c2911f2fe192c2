import { printable } from './table.ts';

/** A text that Markdown takes for nothing but a text: what is promoted may have been written by anybody. */
export const plain = (text: string): string =>
  printable(text).replace(/[\\`*_{}[\]()#+!|<>~&@:/-]/g, (character) => `&#${character.charCodeAt(0)};`);

/** A table of Markdown, as GitHub and GitLab have it. */
export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map((row) => line(row.map(plain)))].join(
    '\n',
  );
}
