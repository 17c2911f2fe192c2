import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { Fault } from '../../domain/faults.ts';

/** An item, a key or a set of values in the table's own words. */
export type Item = Record<string, AttributeValue>;

/** Strings and safe integers as attributes; bodies are made by `encodeBody`. */
export function item(values: { readonly [name: string]: string | number | AttributeValue }): Item {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, attribute(value)]));
}

/** A text attribute that must be there. */
export function text(from: Item, name: string): string {
  const value = from[name]?.S;
  if (value === undefined) throw new Fault('Corrupt', `${where(from)} has no text ${name}`);
  return value;
}

/** A text attribute that may be absent. */
export function optionalText(from: Item, name: string): string | undefined {
  return from[name] === undefined ? undefined : text(from, name);
}

/** A whole number that must be there. */
export function integer(from: Item, name: string): number {
  const value = Number(from[name]?.N ?? Number.NaN);
  if (!Number.isSafeInteger(value)) throw new Fault('Corrupt', `${where(from)} has no whole number ${name}`);
  return value;
}

/** What an item is called in a fault: its key, which holds ids and never content. */
export function where(from: Item): string {
  return `item ${from['PK']?.S ?? '?'} / ${from['SK']?.S ?? '?'}`;
}

function attribute(value: string | number | AttributeValue): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  return value;
}
