import { expect, test } from 'vitest';
import { nextChange } from '../../functions/domain/audit/change.ts';
import { type Bench, everything } from './adapters.ts';

/** What the log has not reached: told, found by tenant, and forgotten only as it was seen. */
export function logNewsContract({ stores, tenant }: Bench): void {
  const news = () => stores().logNews;
  const tenants = async () => everything((page) => news().tenants(page), 100);

  test('is what was told last, in any order, until it is forgotten', async () => {
    const t = tenant();
    expect(await news().of(t, 10)).toEqual([]);
    await news().tell(t, { chain: 'promotion/b', seq: 3 });
    await news().tell(t, { chain: 'promotion/b', seq: 2 });
    await news().tell(t, { chain: 'promotion/a', seq: 1 });
    expect(await news().of(t, 10)).toEqual([
      { chain: 'promotion/a', seq: 1 },
      { chain: 'promotion/b', seq: 3 },
    ]);
    expect(await news().of(t, 1)).toEqual([{ chain: 'promotion/a', seq: 1 }]);
    await news().forget(t, { chain: 'promotion/b', seq: 2 });
    await news().forget(t, { chain: 'promotion/a', seq: 1 });
    await news().forget(t, { chain: 'promotion/none', seq: 1 });
    expect(await news().of(t, 10)).toEqual([{ chain: 'promotion/b', seq: 3 }]);
  });

  test('names each tenant once, however much there is, and none that has no news', async () => {
    const named = Array.from({ length: 9 }, () => tenant());
    for (const t of named) {
      for (const id of ['a', 'b', 'c']) await news().tell(t, { chain: `promotion/${id}`, seq: 1 });
    }
    const found = await tenants();
    expect(found.filter((t) => named.includes(t)).sort()).toEqual(named.toSorted());
    expect(new Set(found).size).toBe(found.length);
    for (const t of named) for (const each of await news().of(t, 10)) await news().forget(t, each);
    expect((await tenants()).filter((t) => named.includes(t))).toEqual([]);
  });

  test('is told of a change by the commit of the change, and of no change that lost', async () => {
    const t = tenant();
    const actor = { subject: 'admin', email: 'admin@acme.com', kind: 'person' } as const;
    const about = { at: '2026-11-22T09:00:00.000Z', actor };
    const told = { action: 'lock', target: { type: 'environment', id: 'staging' } } as const;
    const change = nextChange(undefined, told, about);
    expect(await stores().transactions.commit(t, [{ write: 'change', change }])).toEqual({ committed: true });
    expect(await news().of(t, 10)).toEqual([{ chain: 'changes', seq: 1 }]);
    await news().forget(t, { chain: 'changes', seq: 1 });
    expect((await stores().transactions.commit(t, [{ write: 'change', change }])).committed).toBe(false);
    expect(await news().of(t, 10)).toEqual([]);
    expect(await stores().changes.after(t, 0, 10)).toEqual([change]);
    expect(await stores().changes.after(t, 1, 10)).toEqual([]);
  });
}
