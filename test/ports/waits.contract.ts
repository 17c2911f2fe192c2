import { expect, it } from 'vitest';
import type { Bench } from './adapters.ts';

const NOW = '2026-11-22T09:00:00.000Z';
const LATER = '2026-11-22T09:00:30.000Z';

/** What a store of waiting requests keeps to. */
export function waitsContract({ stores, tenant }: Bench): void {
  const begin = (acme: string, id: string, most = 2, now = NOW) =>
    stores().waits.begin(acme, { id, until: LATER }, now, most);

  it('gives so many places and no more, to each tenant its own', async () => {
    const [acme, globex] = [tenant(), tenant()];
    expect([await begin(acme, 'a'), await begin(acme, 'b'), await begin(acme, 'c')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(await begin(globex, 'a')).toBe(true);
  });

  it('gives a returned place again, however often it is returned', async () => {
    const acme = tenant();
    await stores().waits.end(acme, 'nobody');
    await begin(acme, 'a');
    await begin(acme, 'b');
    await stores().waits.end(acme, 'a');
    await stores().waits.end(acme, 'a');
    expect([await begin(acme, 'c'), await begin(acme, 'd')]).toEqual([true, false]);
  });

  it('gives the place of a request that died once its time is over', async () => {
    const acme = tenant();
    await begin(acme, 'dead', 1);
    expect(await begin(acme, 'b', 1)).toBe(false);
    expect(await begin(acme, 'b', 1, LATER)).toBe(true);
  });

  it('gives each list places of its own', async () => {
    const acme = tenant();
    await begin(acme, 'a', 1);
    const { waits } = stores();
    expect(await waits.begin(acme, { id: 'a', until: LATER }, NOW, 1, 'streams')).toBe(true);
    await waits.end(acme, 'a', 'streams');
    expect(await begin(acme, 'b', 1)).toBe(false);
  });

  it('gives so many places to those that begin alike', async () => {
    const acme = tenant();
    const places = (begins: string) => ({ most: 3, begins, mostOf: 2 });
    const begun = (id: string) =>
      stores().waits.begin(acme, { id, until: LATER }, NOW, places(id.slice(0, 2)), 'streams');
    const given = [await begun('a/1'), await begun('a/2'), await begun('a/3'), await begun('b/1')];
    expect([...given, await begun('b/2')]).toEqual([true, true, false, true, false]);
  });

  it('never gives more places than there are to those who ask at once', async () => {
    const acme = tenant();
    const asked = Array.from({ length: 8 }, (_, at) => begin(acme, `wait-${at}`, 3));
    const given = (await Promise.all(asked)).filter(Boolean);
    expect(given).toHaveLength(3);
  });
}
