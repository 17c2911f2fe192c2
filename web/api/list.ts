import { useSignal } from '@preact/signals';
import type * as z from 'zod/mini';
import { listOf } from '../../functions/contract/fields.ts';
import { askFor } from './client.ts';
import { type Data, useData } from './data.ts';

/** Items of one request: the most that the API takes. */
const PAGE = 100;

type Options = {
  /** The noun has no pages: all of it comes at once. */
  readonly unpaged?: boolean | undefined;
  /** Reads page after page until nothing is left: for what is looked up in the items, where each of them counts. */
  readonly whole?: true;
  /** Asks again, as `useData` does. */
  readonly seconds?: number;
};

/** The items of a noun: a page of them, the next where `more` is called, or all. */
export function useList<T>(
  item: z.ZodMiniType<T>,
  path: string,
  { unpaged = false, whole, seconds }: Options = {},
): Data<readonly T[]> {
  const pages = useSignal(1);
  const found = useData(
    `list ${path}`,
    async (signal) => {
      const items: T[] = [];
      let cursor: string | undefined;
      for (let page = 0; whole || page < pages.peek(); page += 1) {
        const query = unpaged ? {} : { limit: PAGE, cursor };
        const answer = await askFor(listOf(item), 'GET', path, { query, signal });
        if (!answer.ok) return answer;
        items.push(...answer.value.items);
        cursor = answer.value.next_cursor ?? undefined;
        if (cursor === undefined) break;
      }
      return { ok: true, value: { items, goesOn: cursor !== undefined } };
    },
    seconds,
  );
  const more = () => {
    pages.value += 1;
    found.reload();
  };
  return { ...found, value: found.value?.items, more: found.value?.goesOn ? more : undefined };
}
