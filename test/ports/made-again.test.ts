import { expect, test } from 'vitest';
import { madeAgain } from '../../functions/domain/promotion/head.ts';
import type { Head, Revision, Slot } from '../../functions/domain/subject.ts';
import type { CommitResult, Write } from '../../functions/ports/transaction.ts';
import { everything, onBoth } from './adapters.ts';
import { environment } from './catalog-samples.ts';
import { AT, head, revision, SLOT } from './samples.ts';

const COMMITTED = { committed: true };

onBoth('a slot whose environment is made again', ({ stores, tenant }) => {
  const commit = (t: string, ...writes: readonly Write[]): Promise<CommitResult> =>
    stores().transactions.commit(t, writes);
  const again = (former: Head, incarnation: number): Write => ({
    write: 'made_again',
    environment: 'staging',
    heads: [{ former, head: madeAgain(former, incarnation, AT) }],
  });

  /** The head of a slot after some revisions, written over the one that is there. */
  async function written(t: string, before: Head | undefined, most: number): Promise<Head> {
    const slot: Slot = before?.slot ?? SLOT;
    for (let number = 1; number <= most; number += 1)
      await commit(t, { write: 'revision', revision: revision(number, { slot }) });
    const expected = before?.version ?? 0;
    const { claim: _, ...free } = head(expected + 1, { slot, revision: most, digest: null });
    expect(await commit(t, { write: 'head', head: free, expected })).toEqual(COMMITTED);
    return free;
  }
  const numbers = (revisions: readonly Revision[]) =>
    revisions.map(({ number, slot }) => `${slot.incarnation ?? 1}/${number}`);

  test.each([1, 2, 10])('has another chain, the former one being kept, by pages of %i', async (limit) => {
    const t = tenant();
    const { heads } = stores();
    const first = await written(t, undefined, 3);
    expect(await commit(t, again(first, 17))).toEqual(COMMITTED);
    const begun = await heads.read(t, SLOT);
    expect(begun).toMatchObject({ slot: { ...SLOT, incarnation: 17 }, version: 2, revision: 0, chain: null });
    const listed = () => everything((page) => heads.revisions(t, SLOT, page), limit);
    expect(await listed()).toEqual([]);
    const second = await written(t, begun, 5);
    expect(numbers(await listed())).toEqual(['17/5', '17/4', '17/3', '17/2', '17/1']);
    expect(await commit(t, again(second, 23))).toEqual(COMMITTED);
    expect(await listed()).toEqual([]);
    await written(t, await heads.read(t, SLOT), 2);
    expect(numbers(await listed())).toEqual(['23/2', '23/1']);
    expect(await everything((page) => heads.former(t, 'staging', page), limit)).toEqual([first, second]);
    expect(numbers(await heads.revisionsFrom(t, first.slot, 1, 9))).toEqual(['1/1', '1/2', '1/3']);
    expect(numbers(await heads.revisionsFrom(t, second.slot, 4, 9))).toEqual(['17/4', '17/5']);
    for (const read of ['peek', 'find'] as const)
      expect((await heads[read](t, SLOT))?.slot.incarnation).toBe(23);
    const everywhere = [
      await heads.glance(t, 'staging'),
      await heads.ofSubject(t, SLOT.subject),
      await heads.ofSubjectIn(t, SLOT.subject, 'staging'),
      (await heads.inEnvironment(t, 'staging', { limit: 9 })).items,
    ];
    for (const found of everywhere) expect(found.map(({ slot }) => slot.incarnation)).toEqual([23]);
    expect(await heads.former(tenant(), 'staging', { limit: 9 })).toEqual({ items: [] });
  });

  test('stays as it is where a head has moved, or the environment is there', async () => {
    const t = tenant();
    const { heads } = stores();
    const first = await written(t, undefined, 1);
    const moved = await written(t, first, 1);
    expect(await commit(t, again(first, 17))).toMatchObject({ committed: false });
    const item = environment('staging');
    await commit(t, { write: 'catalog', entry: { type: 'environment', item }, expected: 0 });
    expect(await commit(t, again(moved, 17))).toMatchObject({ committed: false });
    expect(await heads.read(t, SLOT)).toEqual(moved);
    expect(await heads.former(t, 'staging', { limit: 9 })).toEqual({ items: [] });
    expect(numbers((await heads.revisions(t, SLOT, { limit: 9 })).items)).toEqual(['1/1']);
  });

  test('counts its moves in the environment from there', async () => {
    const t = tenant();
    const { heads } = stores();
    const first = await written(t, undefined, 4);
    await commit(t, again(first, 17));
    const item = environment('staging');
    await commit(t, { write: 'catalog', entry: { type: 'environment', item }, expected: 0 });
    const begun = await heads.read(t, SLOT);
    if (begun === undefined) throw new Error('no head');
    const next = { ...begun, version: begun.version + 1 };
    const guarded = { write: 'check_guard', environment: 'staging', guard: item.guard } as const;
    await commit(t, { write: 'head', head: next, expected: begun.version }, guarded);
    expect((await heads.moves(t)).get('staging')).toBe(1);
  });
});
