import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { noun } from '../../functions/domain/noun.ts';

const words = (text: string) => z.string().check(z.maxLength(5), z.describe(text));
const thing = noun({
  input: {
    id: z.exactOptional(words('The id.')),
    name: words('The name.'),
    note: z.exactOptional(z.string()).check(z.describe('A note.')),
    mode: z._default(z.enum(['a', 'b']), 'a').check(z.describe('The mode.')),
    parts: z._default(z.array(z.strictObject({ at: words('Where.') })), []).check(z.describe('Parts.')),
    rule: z.union([z.string(), z.record(z.string(), z.unknown())]),
    roles: z.exactOptional(z.array(z.string())),
  },
  managed: { id: z.string(), tenant: z.string(), rule: z.record(z.string(), z.unknown()) },
  internal: { guard: z.int() },
  computed: { roles: z.array(z.string()), advice: z.nullable(z.string()) },
});
const stamp = { version: 1, created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' };
const item = { id: 'x', tenant: 't', name: 'n', mode: 'b', parts: [], rule: {}, guard: 7, ...stamp } as const;

describe('the body of a noun', () => {
  it('takes its input alone, with checks and defaults', () => {
    expect(z.parse(thing.body, { name: 'n', rule: 'text' })).toEqual({
      name: 'n',
      rule: 'text',
      mode: 'a',
      parts: [],
    });
    for (const wrong of [
      { name: 'longer' },
      { guard: 1 },
      { tenant: 't' },
      { version: 2 },
      { advice: 'x' },
    ]) {
      expect(z.safeParse(thing.body, { name: 'n', rule: 'text', ...wrong }).success).toBe(false);
    }
  });
});

describe('the stored form of a noun', () => {
  const read = (stored: object) => z.safeParse(thing.stored, stored);

  it('holds no check of the body, and keeps what only a newer version knows, at any depth', () => {
    const stored = { ...item, name: 'a longer name', parts: [{ at: 'far away', more: 1 }], more: 2 };
    expect(read(stored)).toEqual({ success: true, data: stored });
  });

  it('reads a member that is newer than the item as its default', () => {
    const { mode: _, parts: __, ...older } = item;
    expect(read(older).data).toEqual({ ...older, mode: 'a', parts: [] });
  });

  it('is refused without a member that Sluice always stores, or in the form that callers alone say', () => {
    for (const name of ['id', 'name', 'rule', 'guard', 'version']) {
      expect(read(Object.fromEntries(Object.entries(item).filter(([one]) => one !== name))).success).toBe(
        false,
      );
    }
    expect(read({ ...item, rule: 'text' }).success).toBe(false);
  });
});

describe('what is shown of an item', () => {
  it('is all but what is internal, what is absent as null, its tenant as its organization', () => {
    const shown = thing.show('t', item, { roles: ['r'], advice: null });
    expect(shown).toEqual({
      ...{ id: 'x', organization_id: 't', name: 'n', note: null, mode: 'b', parts: [], rule: {} },
      ...{ roles: ['r'], advice: null, ...stamp },
    });
    expect(z.parse(thing.view, shown)).toEqual(shown);
  });

  it('has no check of the body, and its descriptions', () => {
    expect(z.safeParse(thing.view.shape.name, 'a longer name').success).toBe(true);
    const { properties } = z.toJSONSchema(thing.view);
    expect(properties).toMatchObject({
      name: { type: 'string', description: 'The name.' },
      note: { description: 'A note.' },
      mode: { description: 'The mode.' },
      parts: { description: 'Parts.', items: { properties: { at: { description: 'Where.' } } } },
      version: { description: expect.any(String) },
    });
  });
});

describe('an item', () => {
  it('is recorded with what is stored but what is internal', () => {
    const { guard: _, ...recorded } = item;
    expect(thing.recorded({ ...item, note: 'n' })).toEqual({ ...recorded, note: 'n' });
  });

  it('is said again by its input', () => {
    expect(thing.said({ ...item, note: 'n' })).toEqual({
      id: 'x',
      name: 'n',
      note: 'n',
      mode: 'b',
      parts: [],
      rule: {},
    });
  });
});
