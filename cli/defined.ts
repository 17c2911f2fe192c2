import { textOfJson } from './json.ts';

/** Members that may be `undefined` become members that may be absent. */
export type Defined<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };

/** A body without its undefined members: what JSON makes of it. */
export function defined<T extends object>(given: T): Defined<T> {
  return JSON.parse(textOfJson(given));
}
