import type { Page, PageRequest } from '../ports/page.ts';

/** Everything in a list, page after page, each read when its first item is asked for. */
export async function* everyItem<T>(
  read: (page: PageRequest) => Promise<Page<T>>,
): AsyncGenerator<T, undefined> {
  let after: string | undefined;
  do {
    const page: Page<T> = await read({ limit: 100, ...(after === undefined ? {} : { after }) });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}
