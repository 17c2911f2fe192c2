import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../functions/domain/config-tree/entry.ts';
import { itemOfEntry } from '../../../functions/domain/config-tree/entry.ts';
import { fingerprintOf } from '../../../functions/domain/config-tree/fingerprint.ts';
import { entryOfBody, readEntries } from '../../../functions/domain/config-tree/read-entry.ts';
import { entryOfTreeKey, isEntryKey, isTreeKey } from '../../../functions/domain/config-tree/tree-key.ts';
import { keyedHash } from '../../../functions/domain/digest.ts';
import type { Json } from '../../../functions/domain/jcs.ts';
import { bytes, Forest, KEYED, TENANT } from './trees.ts';

const FLAG: Entry = {
  kind: 'flag',
  key: 'new-checkout',
  enabled: true,
  variants: { on: true, off: false },
  default_variant: 'off',
  targeting: null,
};

const MASK: Json = { sensitive: true, fingerprint: fingerprintOf(KEYED, 'x') };

async function roundTrip(entry: Entry): Promise<Entry | undefined> {
  const item = itemOfEntry(entry, KEYED);
  if ('refused' in item) throw new Error(item.detail);
  const forest = new Forest();
  await forest.store.put(TENANT, item.parts);
  return (await readEntries(forest.nodes(), [item]))[0];
}

describe('an entry', () => {
  it.each<[string, Entry]>([
    ['a text', { kind: 'config', key: 'query.timeout', value: '180s' }],
    ['null', { kind: 'config', key: 'a', value: null }],
    ['a long value', { kind: 'config', key: 'a/b', value: 'é'.repeat(30_000) }],
    ['the longest value', { kind: 'config', key: 'a/b', value: 'x'.repeat(65_534) }],
    [
      'a secret',
      { kind: 'config', key: 'db', secret_ref: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-1' },
    ],
    ['a flag', FLAG],
    ['a sensitive value', { kind: 'config', key: 'a', value: { deep: ['x'] }, sensitive: true }],
    ['a long sensitive value', { kind: 'config', key: 'a', value: 'é'.repeat(30_000), sensitive: true }],
    ['a value that is no secret', { kind: 'config', key: 'password', value: 'x', sensitive: false }],
    ['a sensitive flag', { ...FLAG, sensitive: true }],
    ['a flag that is not sensitive', { ...FLAG, sensitive: false }],
  ])('of %s comes back as it was', async (_, entry) => {
    expect(await roundTrip(entry)).toEqual(entry);
  });

  it('of any JSON comes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4, noUnicodeString: false }), async (any) => {
        const value: Json = JSON.parse(JSON.stringify(any));
        const entry: Entry = { kind: 'config', key: 'k', value };
        const item = itemOfEntry(entry, KEYED);
        if ('refused' in item) expect(item.detail).toMatch(/surrogate|2\^53|__proto__: rename it/);
        else expect(await roundTrip(entry)).toEqual(entry);
      }),
    );
  });

  it('has one body however its members are ordered', () => {
    const body = (value: Json) => itemOfEntry({ kind: 'config', key: 'a', value }, KEYED);
    expect(body({ a: 1, b: 2 })).toEqual(body({ b: 2, a: 1 }));
    expect(body('1')).not.toEqual(body(1));
  });

  it('that is sensitive has a body that nobody can guess without the salt', () => {
    const plain: Entry = { kind: 'config', key: 'a', value: 'hunter2' };
    const bodyOf = (entry: Entry, salt = 7) => itemOfEntry(entry, keyedHash(new Uint8Array(32).fill(salt)));
    expect(bodyOf({ ...plain, sensitive: true })).toEqual(bodyOf({ ...plain, sensitive: true }));
    expect(bodyOf({ ...plain, sensitive: true })).not.toEqual(bodyOf({ ...plain, sensitive: true }, 8));
    expect(bodyOf(plain)).toEqual(bodyOf(plain, 8));
  });

  it.each<[string, Entry]>([
    ['a value', { kind: 'config', key: 'a', value: MASK }],
    ['a member', { kind: 'config', key: 'a', value: { users: [{ password: MASK }] } }],
    ['a text, as files hold it', { kind: 'config', key: 'a', value: JSON.stringify(MASK) }],
    ['a variant', { ...FLAG, variants: { on: true, off: MASK } }],
    ['targeting', { ...FLAG, targeting: MASK }],
  ])('is refused when a mask is written back as %s', (_, entry) => {
    expect(itemOfEntry(entry, KEYED)).toMatchObject({ refused: 'masked_value' });
  });

  it.each<[string, string, Entry]>([
    ['a value above 64 KB', 'value', { kind: 'config', key: 'a', value: 'x'.repeat(65_535) }],
    ['a value nested deeper than the stack', 'value', { kind: 'config', key: 'a', value: deep(30_000) }],
    ['a lone surrogate', 'value', { kind: 'config', key: 'a', value: '\ud800' }],
    ['an integer that would be rounded', 'value', { kind: 'config', key: 'a', value: 2 ** 53 }],
    ['a secret that is no ARN', 'secret_ref', { kind: 'config', key: 'a', secret_ref: 'hunter2' }],
    ['an ARN with spaces', 'secret_ref', { kind: 'config', key: 'a', secret_ref: 'arn:aws:s:::a b' }],
    ['an empty key', 'key', { kind: 'config', key: '', value: 1 }],
    ['a default that is no variant', 'default_variant', { ...FLAG, default_variant: 'toString' }],
    [
      'a sensitive value above 64 KB less 32 bytes',
      'value',
      { kind: 'config', key: 'a', value: 'x'.repeat(65_503), sensitive: true },
    ],
    ['a flag above 64 KB', 'flag', { ...FLAG, targeting: 'x'.repeat(65_500) }],
  ])('is refused with %s', (_, field, entry) => {
    const item = itemOfEntry(entry, KEYED);
    expect(item).toMatchObject({ refused: 'invalid_request' });
    expect('detail' in item && item.detail.startsWith(`${field}:`)).toBe(true);
  });

  it.each([
    ['ca', [0x78, 0x31]],
    ['ca', [0x66, 0x7b, 0x7d]],
    ['ca', []],
    ['ca', [0x76, 0x7b]],
    ['ca', [0x73, 0xff]],
    ['ca', [0x56, ...bytes('"too short for its hash"')]],
    ['ca', [0x46, 0x7b, 0x7d]],
    ['fa', [0x56, 0x7b, 0x7d]],
    ['fa', [0x76, 0x31]],
    ['fa', [0x66, 0x5b, 0x5d]],
    ['fa', [...bytes('f{"enabled":1,"variants":{},"default_variant":"a","targeting":null}')]],
    ['fa', [...bytes('f{"enabled":true,"variants":[],"default_variant":"a","targeting":null}')]],
    ['fa', [...bytes('f{"enabled":true,"variants":{},"default_variant":"a"}')]],
  ])('is corrupt when %s says %j', (key, body) => {
    expect(() => entryOfBody(key, Uint8Array.from(body))).toThrow(
      expect.objectContaining({ name: 'Corrupt' }),
    );
  });
});

describe('a key', () => {
  it('is of the grammar, whose characters are bytes and have one form', () => {
    for (const key of ['a', 'query.timeout', '0/_-.', `A${'z'.repeat(255)}`])
      expect(isEntryKey(key)).toBe(true);
    const others = [
      '',
      '.a',
      '/a',
      '-a',
      'a b',
      'a#b',
      'a\n',
      'é',
      'e\u0301',
      '\ud83d\ude00',
      `A${'z'.repeat(256)}`,
    ];
    for (const key of others) expect(isEntryKey(key)).toBe(false);
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,255}$/), (key) => {
        expect(isTreeKey(`c${key}`)).toBe(true);
        expect(key.normalize('NFC')).toBe(key);
        expect(entryOfTreeKey(`f${key}`)).toEqual({ kind: 'flag', key });
      }),
    );
  });

  it('sorts as its UTF-8 bytes do', () => {
    const KEY = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,20}$/);
    fc.assert(
      fc.property(KEY, KEY, (a, b) => {
        expect(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)))).toBe(a === b ? 0 : a < b ? -1 : 1);
      }),
    );
  });
});

function deep(levels: number): Json {
  let value: Json = 0;
  for (let i = 0; i < levels; i += 1) value = [value];
  return value;
}
