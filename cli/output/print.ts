import { dump } from 'js-yaml';
import { EXIT, type Exit } from '../exit.ts';
import type { Failure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';
import { toned } from './style.ts';
import { csvOf, printable, printableLines, renderTable, type Table } from './table.ts';

export const FORMATS = ['table', 'json', 'yaml', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** What a verb came to. */
export type Outcome = {
  /** Members of the answer for machines, beside `ok`. */
  readonly data: object;
  /** Lines for people, before the table. */
  readonly text?: string;
  readonly table?: Table;
  /** Lines for people, after the table. */
  readonly after?: string;
  /** For people after everything else, on stderr: what to do next. */
  readonly hint?: string;
  /** Absent: 0. */
  readonly exit?: Exit;
  /** What a verb found wrong: printed after the table, and in place of `data` for machines. */
  readonly failed?: Failure;
  /** Printed as it is, in every format: what a verb was asked to write out. */
  readonly raw?: string;
};

/** Prints what a verb came to: results on stdout, hints on stderr. */
export function printOutcome(terminal: Terminal, format: Format, outcome: Outcome): Exit {
  const { data, text, table, after, hint, exit = EXIT.ok, failed, raw } = outcome;
  if (failed !== undefined && format !== 'table') return printFailure(terminal, format, failed);
  // A file gets each byte of what was asked for.
  const shown = (lines: string) => (terminal.screen ? printableLines(lines) : lines);
  if (raw !== undefined && (format === 'table' || format === 'csv')) terminal.out(shown(raw));
  else if (format === 'table') {
    if (text !== undefined) terminal.out(`${shown(text)}\n`);
    // Words stand in for a table of nothing; a CSV has its columns all the same.
    const hasRows = text === undefined || (table?.rows.length ?? 0) > 0;
    if (table !== undefined && hasRows) terminal.out(renderTable(table, terminal.colors.out));
    if (after !== undefined) terminal.out(`${table === undefined ? '' : '\n'}${shown(after)}\n`);
  } else if (format === 'csv') terminal.out(shown(csvOf(table ?? asTable(data))));
  else if (format === 'yaml') terminal.out(shown(structured(format, { ok: true, ...data })));
  else terminal.out(structured(format, { ok: true, ...data }));
  if (hint !== undefined && format === 'table') terminal.err(`${printableLines(hint)}\n`);
  return failed === undefined ? exit : printFailure(terminal, format, failed);
}

/** Prints why an invocation failed: for machines on stdout, for people on stderr. */
export function printFailure(terminal: Terminal, format: Format, failure: Failure): Exit {
  const { code, exit, data } = failure;
  const message = shortened(failure.message);
  const error = { code, message, exit_code: exit, ...data.error };
  if (format === 'csv') {
    const rows = [[code, String(exit), message]];
    terminal.out(csvOf({ columns: ['error', 'exit_code', 'message'], rows }));
  } else if (format !== 'table') terminal.out(structured(format, { ok: false, error, ...data.beside }));
  terminal.err(`${toned('error:', 'bad', terminal.colors.err)} ${printable(message)}\n`);
  if (data.hint !== undefined) terminal.err(`${printableLines(shortened(data.hint))}\n`);
  return exit;
}

/** Characters of a message at most: what was typed or answered may stand in it, however long it is. */
const LONGEST = 2000;
const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

function structured(format: 'json' | 'yaml', value: object): string {
  return format === 'json'
    ? `${JSON.stringify(value, null, 2).replace(UNSEEN, (it) => it.replace(/[^\n]/g, escapeOf))}\n`
    : dump(value, { noRefs: true, lineWidth: 120 });
}

/** Control and format characters that JSON leaves as they are, and a screen may obey. */
const UNSEEN = /[\u007f-\u009f]|\p{Cf}/gu;
const escapeOf = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** One row of what has no table: its plain members, anything deeper as JSON. */
function asTable(data: object): Table {
  const members = Object.entries(data).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value ?? null),
  ]);
  return { columns: members.map(([name]) => name), rows: [members.map(([, value]) => value)] };
}
