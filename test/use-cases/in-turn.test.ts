import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cursors } from '../../functions/ports/cursors.ts';
import { inTurn } from '../../functions/use-cases/in-turn.ts';
import { memoryCursors } from '../support/memory/cursors.ts';

type Listed = { readonly id: string };

/** A list in the order of its ids, as an index would page it. */
const paged =
  (ids: () => readonly string[], size: number) =>
  async ({ after = '' }: { after?: string }) => {
    const rest = ids().filter((id) => id > after);
    const items = rest.slice(0, size).map((id): Listed => ({ id }));
    const last = items.at(-1);
    return rest.length > size && last !== undefined ? { items, next: last.id } : { items };
  };

/** One run over at most so many, several at once. */
async function run(cursors: Cursors, read: ReturnType<typeof paged>, most: number, atOnce = 1) {
  const turn = inTurn(cursors, 'test', read);
  const given: string[] = [];
  let begun = 0;
  const worker = async () => {
    while (begun < most) {
      begun += 1;
      const item = await turn.next();
      if (item === undefined) return;
      given.push(item.id);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { given, left: await turn.stop() };
}

const named = (n: number) => String(n).padStart(4, '0');

describe('a list that is gone through in turn', () => {
  it('gives each item in as few runs as its bound allows, whatever of it stays, comes and goes', async () => {
    const sizes = fc.record({
      total: fc.integer({ min: 1, max: 60 }),
      size: fc.integer({ min: 1, max: 7 }),
      most: fc.integer({ min: 1, max: 20 }),
      atOnce: fc.integer({ min: 1, max: 4 }),
      fails: fc.func(fc.boolean()),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ total, size, most, atOnce, fails }) => {
        const cursors = memoryCursors();
        const list = new Set(Array.from({ length: total }, (_, n) => named(n)));
        const seen = new Set<string>();
        // Where all fail, no run gives again what one of them gave before all had their turn; where some are done, others move up behind it.
        const runs = [...list].every(fails) ? Math.ceil(total / most) : 3 * total;
        for (let n = 0; n < runs; n += 1) {
          const { given } = await run(
            cursors,
            paged(() => [...list].sort(), size),
            most,
            atOnce,
          );
          expect(new Set(given).size, 'each once in a run').toBe(given.length);
          for (const id of given) {
            seen.add(id);
            // What fails stays in the list.
            if (!fails(id)) list.delete(id);
          }
        }
        expect(seen.size).toBe(total);
      }),
    );
  });

  it('goes on behind what never succeeds, and comes back to it', async () => {
    const cursors = memoryCursors();
    const read = paged(() => Array.from({ length: 7 }, (_, n) => named(n)), 100);
    expect(await run(cursors, read, 3)).toEqual({ given: ['0000', '0001', '0002'], left: true });
    expect(await run(cursors, read, 3)).toEqual({ given: ['0003', '0004', '0005'], left: true });
    expect(await run(cursors, read, 3)).toEqual({ given: ['0006'], left: false });
    expect((await run(cursors, read, 10)).given).toHaveLength(7);
    expect(await cursors.read('test')).toBeUndefined();
  });

  it('begins at the start where its position cannot be read', async () => {
    const cursors = memoryCursors();
    for (const kept of ['{', '"x"', '{}', '{"after":1}', 'null']) {
      await cursors.write('test', kept);
      expect(
        await run(
          cursors,
          paged(() => ['a', 'b'], 1),
          5,
        ),
        kept,
      ).toEqual({ given: ['a', 'b'], left: false });
    }
  });
});
