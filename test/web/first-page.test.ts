import { describe, expect, it } from 'vitest';
import { firstPage } from '../../web/api/first-page.ts';
import { UNREACHED } from '../../web/api/problem.ts';

const page = (items: readonly string[], next_cursor: string | null) =>
  ({ ok: true, value: { items, next_cursor } }) as const;

describe('the first page of a long list', () => {
  it('goes on through empty pages, and says so each time', async () => {
    const pages = [page([], 'a'), page([], 'b'), page(['one'], 'c')];
    const asked: unknown[] = [];
    let further = 0;
    const found = await firstPage(
      async (next) => {
        asked.push(next.cursor);
        return pages[asked.length - 1] ?? page([], null);
      },
      () => {
        further += 1;
      },
    );
    expect(found).toEqual(page(['one'], 'c'));
    expect(asked).toEqual([undefined, 'a', 'b']);
    expect(further).toBe(2);
  });

  it('is empty only where the list is over, and ends with a refusal', async () => {
    expect(await firstPage(async () => page([], null), expect.unreachable)).toEqual(page([], null));
    const refused = { ok: false, problem: UNREACHED } as const;
    expect(await firstPage(async () => refused, expect.unreachable)).toBe(refused);
  });
});
