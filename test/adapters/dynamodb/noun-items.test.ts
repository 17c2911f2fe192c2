import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { decodeBody } from '../../../functions/adapters/dynamodb/body.ts';
import type { Item } from '../../../functions/adapters/dynamodb/item.ts';
import { DECODED } from '../../../functions/adapters/dynamodb/schemas/catalog.ts';
import { machine } from '../../../functions/domain/identity/machine.ts';
import { member } from '../../../functions/domain/identity/member.ts';
import golden from './fixtures/nouns.json' with { type: 'json' };

const READ: { readonly [noun: string]: (found: Item) => unknown } = {
  ...DECODED,
  member: (found) => decodeBody(found, member.stored),
  machine: (found) => decodeBody(found, machine.stored),
};

type Golden = { readonly noun: string; readonly items: readonly object[]; readonly says: object };

/** Attributes as the fixture writes them: bytes in base64. */
function itemOf(attributes: object): Item {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { S, N, B }]): [string, AttributeValue] => {
      if (B !== undefined) return [name, { B: Buffer.from(B, 'base64') }];
      return [name, S === undefined ? { N } : { S }];
    }),
  );
}

/** Items as the releases before wrote them: never edit one, add the next. */
describe.each(Object.entries<Golden>(golden))('the stored item of a %s', (_, { noun, items, says }) => {
  it('is read as what it said', () => {
    for (const item of items) expect(READ[noun]?.(itemOf(item))).toEqual(says);
  });

  it('may hold a member and a longer text that only another version knows', () => {
    const text = 'x'.repeat(10_000);
    const named = 'name' in says && noun !== 'environment' ? { name: text } : {};
    const body = { S: JSON.stringify({ ...says, ...named, from_tomorrow: 1 }) };
    const [item = {}] = items;
    expect(READ[noun]?.({ ...itemOf(item), body })).toEqual({ ...says, ...named, from_tomorrow: 1 });
  });
});

it('there is a stored item of every noun', () => {
  const nouns = Object.values<Golden>(golden).map(({ noun }) => noun);
  expect(new Set(nouns)).toEqual(new Set(Object.keys(READ)));
});
