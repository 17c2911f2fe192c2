import type { Command } from 'commander';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { createProgram } from '../../cli/program.ts';
import { ANSWERS, binder } from '../../cli/verb.ts';
import { inTurn } from '../support/length.ts';
import { createCli, type Said } from './cli-world.ts';

/** Every command that does something, by the words that name it. */
function verbsBelow(command: Command, words: readonly string[] = []): [string, Command][] {
  const own: [string, Command][] = ANSWERS.has(command) ? [[words.join(' '), command]] : [];
  return [...own, ...command.commands.flatMap((below) => verbsBelow(below, [...words, below.name()]))];
}
const program = await createProgram(
  binder(async () => {}),
  '0.0.0',
  [],
);
/** Every verb, those below `platform` among them. */
export const VERBS = verbsBelow(program);

type Format = readonly [name: string, parsed: (text: string) => unknown];
const JSON_AND_YAML: readonly Format[] = [
  ['json', JSON.parse],
  ['yaml', load],
];
/** Both are made from the same answer: in `npm test` each verb shows one. */
const formatsOf = (command: Command): readonly Format[] =>
  inTurn(
    JSON_AND_YAML,
    2,
    VERBS.findIndex(([, known]) => known === command),
  );

/** A verb that succeeded, or found the differences that it was asked for. */
const fine = (name: string, said: Said): void =>
  expect(said, said.out + said.err).toMatchObject({ exit: name === 'diff' ? 1 : 0 });

/** Holds what a verb prints against its schema, in every format; `type` types it with more options. */
export function holdAnswers(name: string, type: (...more: string[]) => Promise<Said>): void {
  const command = VERBS.find(([known]) => known === name)?.[1];
  if (command === undefined) throw new Error(`there is no verb ${name}`);
  describe(`sluice ${name}`, () => checks(name, command, type));
}

function checks(name: string, command: Command, type: (...more: string[]) => Promise<Said>): void {
  const schema = ANSWERS.get(command);
  if (schema === undefined || !('shape' in schema)) throw new Error(`${name} has no answer`);
  const answer = z.strictObject({ ok: z.literal(true), ...Object(schema.shape) });

  it.each(formatsOf(command))(
    'answers %s that fits its schema, and nothing else on stdout',
    async (format, parsed) => {
      const said = await type('--output', format);
      fine(name, said);
      z.parse(answer, parsed(said.out));
    },
  );

  it('answers CSV with a line of names and rows of the same length', async () => {
    const said = await type('--output', 'csv');
    fine(name, said);
    if (['config export', 'summary'].includes(name)) return;
    const rows = csvRows(said.out);
    expect(rows.length).toBeGreaterThan(1);
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
  });

  it('answers people something, without control characters where there are no colors', async () => {
    const said = await type();
    fine(name, said);
    expect(said.out).not.toBe('');
    // Control characters (Unicode category Cc) but line feeds.
    expect(said.out.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('has help with an example', async () => {
    const cli = await createCli();
    const { exit, out } = await cli.run({}, ...name.split(' '), '--help');
    expect(exit).toBe(0);
    expect(out).toMatch(/Examples:\n +\$ /);
    expect(out).toContain('--output');
  });
}

/** RFC 4180, as a reader of its own. */
function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
