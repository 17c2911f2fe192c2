import { parseEnv as nodeParseEnv } from 'node:util';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { importConfig } from '../../../functions/contract/config-files.ts';
import type { Entry } from '../../../functions/domain/config-tree/entry.ts';
import { itemOfEntry } from '../../../functions/domain/config-tree/entry.ts';
import type { Json } from '../../../functions/domain/jcs.ts';
import { parseText, type TextFormat, textOf } from '../../../functions/handlers/http/config-text.ts';
import { entryOf, exportedView } from '../../../functions/handlers/http/config-views.ts';
import { KEYED } from '../../domain/config-tree/trees.ts';
import { entry, flag } from './promotion-stage.ts';
import { type ConfigWorld, configWorld, STAGING } from './world.ts';

const SEED = { seed: 20261122, numRuns: 500 };
const HOSTILE = [
  ...['', ' ', ' lead', 'trail ', '#', '# off', 'a # b', 'a#b', '"', "'", '"a', "it's", '\\', '\\n', 'a\\'],
  ...['\n', 'a\nb', 'a\r\nb\r', '\t', 'a\u2028b\u2029c', '\u0085', '\uFEFF', '\u0000', '\u007F', 'ä€😀'],
  ...[
    'yes',
    'no',
    'null',
    '~',
    'true',
    '1',
    '1e3',
    '0x1f',
    '0o7',
    '1_000',
    '2026-11-22',
    '.inf',
    '.nan',
    '=',
  ],
  ...[
    '- a',
    '? a',
    ': a',
    'a: b',
    '&a',
    '*a',
    '!a',
    '!!str a',
    '|',
    '>',
    '%YAML',
    '---',
    '...',
    '<<',
    '\u0024{A}',
  ],
  ...['`', '@', '{', '[', ',', 'a,b', '$A', '$(a)', 'export A=1', 'A=b', '# sluice: keys are whole'],
];
const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...HOSTILE), { maxLength: 4 }).map((parts) => parts.join('')),
);
const value: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, -1, 1e21, 1e-7, 1.5, Number.MAX_SAFE_INTEGER, Number.MIN_VALUE),
    text,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(text, tie('json'), { maxKeys: 4 }),
  ),
})).json;
const key = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,12}$/);
const configs = (of: fc.Arbitrary<Json>): fc.Arbitrary<readonly Entry[]> =>
  fc
    .dictionary(key, of, { maxKeys: 5 })
    .map((values) => Object.entries(values).map(([key, value]) => ({ kind: 'config', key, value }) as const))
    // What no environment can hold is not exported.
    .filter((entries) => entries.every((each) => !('refused' in itemOfEntry(each, KEYED))));

function back(format: TextFormat, exported: string): readonly Entry[] {
  const read = parseText({ format, text: exported });
  if ('refused' in read) throw new Error(`${read.detail}: ${JSON.stringify(exported)}`);
  return [...read.value].sort((a, b) => (a.key < b.key ? -1 : 1));
}
const sorted = (entries: readonly Entry[]) => [...entries].sort((a, b) => (a.key < b.key ? -1 : 1));

describe('what is exported is imported as it was', () => {
  it('as YAML, any value', () => {
    fc.assert(
      fc.property(configs(value), (entries) => {
        expect(back('yaml', textOf(entries, 'yaml'))).toEqual(sorted(entries));
      }),
      SEED,
    );
  });

  it('as .env, any text, and any other value as its JSON', () => {
    fc.assert(
      fc.property(configs(value), (entries) => {
        const texts = entries.map((each) => {
          if (!('value' in each)) throw new Error('not a value');
          const { kind, key, value } = each;
          return { kind, key, value: typeof value === 'string' ? value : JSON.stringify(value) } as const;
        });
        expect(back('env', textOf(entries, 'env'))).toEqual(sorted(texts));
      }),
      SEED,
    );
  });

  it('as JSON, any value', () => {
    fc.assert(
      fc.property(configs(value), (entries) => {
        const sent = JSON.parse(JSON.stringify({ entries: entries.map(exportedView) }));
        const { entries: read = [] } = z.parse(importConfig.body, sent);
        expect(read.map(entryOf)).toEqual(entries);
      }),
      SEED,
    );
  });
});

describe('a YAML file that people write', () => {
  it.each([
    ['pool:\n  size: 5\n', { 'pool.size': 5 }],
    ['# keys\npool: {size: 5, hosts: [a, b]}\n', { 'pool.size': 5, 'pool.hosts': ['a', 'b'] }],
    ['pool: {}', { pool: {} }],
    ['', {}],
    ['# nothing\n', {}],
    ['\uFEFF# sluice: keys are whole\r\npool: {size: 5}\r\n', { pool: { size: 5 } }],
  ])('%j nests keys, unless it says that they are whole', (given, expected) => {
    const entries = back('yaml', given);
    expect(Object.fromEntries(entries.map((each) => [each.key, 'value' in each && each.value]))).toEqual(
      expected,
    );
  });
});

describe('a .env file', () => {
  const read = (given: string) =>
    Object.fromEntries(back('env', given).map((each) => [each.key, 'value' in each && each.value]));

  it.each([
    ['A= # off', { A: '' }],
    ['A=#off', { A: '' }],
    ['A=', { A: '' }],
    ['A=b#c # d', { A: 'b#c' }],
    ['A=x\u2028y', { A: 'x\u2028y' }],
    ['export A = b c ', { A: 'b c' }],
    ['A="b\nc" # d\r\nB=\'e\nf\'', { A: 'b\nc', B: 'e\nf' }],
    ['A="\\n\\t\\"\\\\\\$"', { A: '\n\t"\\$' }],
    ["A='\\n'", { A: '\\n' }],
    ['\uFEFFA=1', { A: '1' }],
    ['\r\n# B=1\r\n\r\nA=1\r\n', { A: '1' }],
    ['', {}],
  ])('%j', (given, expected) => {
    expect(read(given)).toEqual(expected);
  });

  it.each([
    ['A=1\nB="b\nC=3', 'line 2 has a quote that is never closed'],
    ["A='b", 'line 1 has a quote that is never closed'],
    ['A="b" c', 'line 1 has text after its closing quote'],
    ['A=1\n\nB', 'line 3 is not NAME=value'],
    ['A="b\nc"\nB', 'line 3 is not NAME=value'],
    ['=b', 'line 1 is not NAME=value'],
  ])('%j is refused: %s', (given, problem) => {
    expect(parseText({ format: 'env', text: given })).toMatchObject({
      refused: 'invalid_request',
      data: { errors: [{ field: 'text', problem }] },
    });
  });

  it('reads as Node reads it', () => {
    const plain = fc.stringMatching(/^[A-Za-z0-9 .,:;/+*=_$-]{0,20}$/);
    const space = fc.constantFrom('', ' ', '  ');
    const line = fc
      .record({
        name: fc.stringMatching(/^[A-Z_a-z][A-Z_a-z0-9]{0,8}$/).filter((name) => /^[A-Za-z]/.test(name)),
        before: fc.constantFrom('', 'export '),
        around: space,
        value: fc.oneof(
          plain.map((each) => each.trim()),
          plain.map((each) => `"${each}"`),
          plain.map((each) => `'${each}'`),
          fc.tuple(plain, plain).map(([a, b]) => `"${a}\n${b}"`),
        ),
        comment: fc.constantFrom('', ' # note'),
      })
      // Node takes `export A=` without a value for the name `export A`.
      .filter(({ before, value: given }) => before === '' || given !== '')
      .map(({ name, before, around, value: given, comment }) => [
        name,
        `${before}${name}${around}=${around}${given}${comment}`,
      ]);
    const file = fc.uniqueArray(line, { selector: ([name]) => name, maxLength: 6 });
    fc.assert(
      fc.property(file, (lines) => {
        const given = lines.map(([, each]) => `${each}\n`).join('# note\n\n');
        expect([given, read(given)]).toEqual([given, { ...nodeParseEnv(given) }]);
      }),
      SEED,
    );
  });

  it('of a long line is read in one pass', () => {
    const spaces = ' '.repeat(2_000_000);
    expect(read(`A=x${spaces}y`)).toEqual({ A: `x${spaces}y` });
    expect(read(`A=${'#'.repeat(1_000_000)}`)).toEqual({ A: '' });
  });
});

describe('over HTTP', () => {
  let world: ConfigWorld;
  let dev: ReturnType<ConfigWorld['as']>;
  beforeEach(async () => {
    world = await configWorld();
    dev = world.as('dev');
  });
  const development = '/api/v1/config/environments/development';
  const root = async (environment: string) => (await dev('GET', `${environment}/snapshot?limit=1`)).body.root;

  it.each(['json', 'yaml', 'env'])('an empty export as %s imports', async (format) => {
    const exported = await dev('GET', `${STAGING}/export?format=${format}`);
    const { entries, text } = exported.body;
    const imported = await dev('POST', `${development}/import`, { format, entries, text });
    expect(imported).toMatchObject({ status: 200, body: { changed: 0 } });
  });

  it.each(['json', 'yaml'])('an export as %s gives the root that it came from', async (format) => {
    const hostile = HOSTILE.filter((each) => each.isWellFormed()).map((each, n) => entry(`text.${n}`, each));
    const nested = entry('pool', { size: 5, 'my key': { '': [null, { a: 1e21 }] } });
    const flags = format === 'json' ? [flag('a.flag')] : [];
    await dev('POST', `${STAGING}/import`, { entries: [...hostile, nested, ...flags] });
    const { entries, text } = (await dev('GET', `${STAGING}/export?format=${format}`)).body;
    const imported = await dev('POST', `${development}/import`, { format, entries, text });
    expect(imported.status, JSON.stringify(imported.body)).toBe(200);
    expect(await root(development)).toBe(await root(STAGING));
  });

  it.each(['yaml', 'env'])('%s text holds no more than entries do', async (format) => {
    const separator = format === 'yaml' ? ': ' : '=';
    const given = Array.from({ length: 20_001 }, (_, n) => `k${n}${separator}1\n`).join('');
    const refused = await dev('POST', `${development}/import`, { format, text: given });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'text' }] } });
  });
});
