import type { Outcome } from './problem.ts';

type Listed = { readonly items: readonly unknown[]; readonly next_cursor: string | null };

/**
 * The first page of a list that has something on it, or the last: a server that looks through many answers an empty page with a cursor.
 * `further` is called each time that the reading goes on.
 */
export async function firstPage<L extends Listed>(
  read: (next: { readonly cursor?: string }) => Promise<Outcome<L>>,
  further: () => void,
): Promise<Outcome<L>> {
  for (let next = {}; ; ) {
    const answer = await read(next);
    if (!answer.ok || answer.value.items.length > 0 || answer.value.next_cursor === null) return answer;
    further();
    next = { cursor: answer.value.next_cursor };
  }
}
