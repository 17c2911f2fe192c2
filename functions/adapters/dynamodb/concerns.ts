import { CONCERNS } from '../../ports/catalog-store.ts';
import type { CatalogItem } from '../../ports/transaction.ts';
import { item } from './item.ts';
import type { Condition } from './write.ts';

/** Stands before and after each name: no name has one. */
const MARK = '|';
const marked = (name: string): string => `${MARK}${name}${MARK}`;
const EVERY = '*';

/** The attribute by which an item that concerns environments is found: their names, each between marks. */
export function concernsOf(entry: CatalogItem): { readonly env?: string } {
  switch (entry.type) {
    case 'rule':
      return { env: named(CONCERNS.rule(entry.item)) };
    case 'policy':
      return { env: named(CONCERNS.policy(entry.item)) };
    case 'freeze':
      return { env: named(CONCERNS.freeze(entry.item)) };
    default:
      return {};
  }
}

const named = (names: readonly string[]): string => `${MARK}${names.join(MARK)}${MARK}`;

/** Items that concern one of some names, or every environment; also those that were written before they said what they concern. */
export function concernsOneOf(names: readonly string[]): Condition {
  const wanted = [...new Set([...names, EVERY])];
  const values = Object.fromEntries(wanted.map((name, n) => [`:name${n}`, marked(name)]));
  const contained = wanted.map((_, n) => `contains(env, :name${n})`);
  return { expression: ['attribute_not_exists(env)', ...contained].join(' OR '), values: item(values) };
}
