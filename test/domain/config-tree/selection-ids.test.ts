import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryId, isEntryId } from '../../../functions/domain/config-tree/entry-id.ts';
import { rangesHold } from '../../../functions/domain/config-tree/key-range.ts';
import { selectIds } from '../../../functions/domain/config-tree/selection.ts';
import { isEntryKey } from '../../../functions/domain/config-tree/tree-key.ts';

const KEY = fc.stringMatching(/^[a-z][a-z.]{0,8}$/);

describe('ids of entries', () => {
  it('select the keys that they are made of, of their tenant and kind alone', () => {
    fc.assert(
      fc.property(fc.array(KEY, { minLength: 1, maxLength: 5 }), KEY, fc.boolean(), (keys, other, taken) => {
        const [first = ''] = keys;
        const key = taken ? first : other;
        const ids = keys.map((each) => entryId('acme', 'config', each));
        const { ranges, matches } = selectIds('acme', 'config', ids);
        expect(matches(`c${key}`)).toBe(keys.includes(key));
        if (keys.includes(key)) expect(rangesHold(ranges, `c${key}`)).toBe(true);
        expect(matches(`f${key}`)).toBe(false);
        expect(selectIds('globex', 'config', ids).matches(`c${key}`)).toBe(false);
      }),
    );
  });

  it('are told from other texts by their form, and are keys too', () => {
    const id = entryId('acme', 'flag', 'new-model');
    expect([isEntryId(id), isEntryKey(id)]).toEqual([true, true]);
    for (const other of ['new-model', id.toUpperCase(), `${id}\n`, '9b2f3c1e-4d5a-4b6c-8d7e-0f1a2b3c4d5e'])
      expect(isEntryId(other)).toBe(false);
  });

  it('that are none read nothing', () => {
    expect(selectIds('acme', 'config', []).ranges).toEqual([]);
  });
});
