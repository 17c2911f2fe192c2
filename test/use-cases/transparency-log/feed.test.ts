import { describe, expect, it } from 'vitest';
import { bytesOfText } from '../../../functions/domain/digest.ts';
import { feedOnce } from '../../../functions/use-cases/transparency-log/batch.ts';
import { feedLogs } from '../../../functions/use-cases/transparency-log/feed.ts';
import { END, mortal, published } from './seen.ts';
import { changed, type LogWorld, logWorld, requested, TENANT } from './world.ts';

/** Each entry of each chain once, in the order of its chain. */
async function expectWhole(world: LogWorld, promotions: readonly string[], changes: number): Promise<void> {
  const entries = await published(world);
  const numbers = new Map<string, number[]>();
  for (const { chain, seq } of entries) numbers.set(chain, [...(numbers.get(chain) ?? []), seq]);
  const chains = promotions.map((id) => `promotion/${id}`);
  expect([...numbers.keys()].sort()).toEqual([...chains, ...(changes > 0 ? ['changes'] : [])].sort());
  for (const chain of chains) expect(numbers.get(chain)).toEqual([1, 2]);
  if (changes > 0) expect(numbers.get('changes')).toEqual(Array.from({ length: changes }, (_, n) => n + 1));
  expect(await world.logNews.of(TENANT, 1_000)).toEqual([]);
  for (const chain of chains) {
    const place = await world.logTree.place(TENANT, chain);
    expect(entries[place?.index ?? -1]).toMatchObject({ chain, seq: 2 });
  }
}

describe('the log', () => {
  it('holds each event and change once, by chain, number and digest, and no value', async () => {
    const world = logWorld();
    const first = [await requested(world), await requested(world)];
    await changed(world, 'a secret reason');
    expect(await feedLogs(world, END)).toEqual({ entries: 5, faults: [], unfinished: false });
    await expectWhole(world, first, 1);
    const second = await requested(world);
    await changed(world, 'another');
    expect((await feedLogs(world, END)).entries).toBe(3);
    await expectWhole(world, [...first, second], 2);
    expect((await feedLogs(world, END)).entries).toBe(0);
    const everything = [...world.logObjects.all.values()]
      .map(({ bytes }) => Buffer.from(bytes).toString())
      .join();
    expect(everything).not.toContain('secret reason');
  });

  it('grows over many tiles in batches of at most one', async () => {
    const world = logWorld();
    const ids: string[] = [];
    for (let n = 0; n < 150; n += 1) ids.push(await requested(world));
    expect((await feedLogs(world, END)).entries).toBe(300);
    await expectWhole(world, ids, 0);
  });

  it('leaves for the next minute what does not fit into this one', async () => {
    const world = logWorld();
    await requested(world);
    expect(await feedLogs(world, '2026-11-22T09:00:00.000Z')).toEqual({
      entries: 0,
      faults: [],
      unfinished: true,
      oldest: '2026-11-21T12:00:00.000Z',
    });
  });

  it('is heard of again when a late word comes of what it holds', async () => {
    const world = logWorld();
    const id = await requested(world);
    await feedLogs(world, END);
    await world.logNews.tell(TENANT, { chain: `promotion/${id}`, seq: 1 });
    expect((await feedLogs(world, END)).entries).toBe(0);
    await expectWhole(world, [id], 0);
  });
});

describe('a feeder that is killed', () => {
  it.each(['before', 'after'] as const)(
    '%s any call leaves one log, which the next one completes',
    async (when) => {
      let kills = 0;
      for (let calls = 1; ; calls += 1) {
        const world = logWorld();
        const ids = [await requested(world), await requested(world)];
        await feedLogs(world, END);
        const seen = await published(world);
        ids.push(await requested(world), await requested(world));
        await changed(world, 'a reason');
        const { deps, died } = mortal(world, calls, when);
        await feedLogs(deps, END).catch(() => undefined);
        if (!died()) break;
        kills += 1;
        // What was public stays public, whatever was being written.
        expect((await published(world)).slice(0, seen.length)).toEqual(seen);
        ids.push(await requested(world));
        const again = await feedLogs(world, END);
        expect(again.faults).toEqual([]);
        await expectWhole(world, ids, 1);
      }
      expect(kills).toBeGreaterThan(25);
    },
  );
});

describe('two feeders at once', () => {
  it('make one log, whichever is ahead at any call', async () => {
    for (let round = 0; round < 60; round += 1) {
      const world = logWorld();
      const ids = [await requested(world), await requested(world)];
      await changed(world, 'a reason');
      const slow = (number: number): LogWorld => ({
        ...world,
        logTree: waiting(world.logTree, round * 7 + number),
        logObjects: Object.assign(waiting(world.logObjects, round * 3 + number), {}),
      });
      const [one, other] = await Promise.all([feedLogs(slow(1), END), feedLogs(slow(2), END)]);
      expect([...one.faults, ...other.faults]).toEqual([]);
      await feedLogs(world, END);
      await expectWhole(world, ids, 1);
    }
  });
});

/** A port that lets others go first now and then, by a number. */
function waiting<T extends object>(port: T, seed: number): T {
  let calls = seed;
  return new Proxy(port, {
    get(target, member) {
      const value: unknown = Reflect.get(target, member, target);
      if (typeof value !== 'function') return value;
      return async (...given: unknown[]) => {
        calls = (calls * 31 + 17) % 101;
        for (let turns = calls % 12; turns > 0; turns -= 1) await Promise.resolve();
        return Reflect.apply(value, target, given);
      };
    },
  });
}

describe('a log that somebody changed', () => {
  it('is not signed over: any byte of its edge stops it, and other tenants go on', async () => {
    const world = logWorld();
    await requested(world);
    await feedLogs(world, END);
    const kept = structuredClone([...world.logObjects.all]);
    await requested(world);
    for (const [path, { bytes, mark }] of kept.filter(([path]) => !path.endsWith('checkpoint'))) {
      const changedBytes = Uint8Array.from(bytes);
      changedBytes[7] = (changedBytes[7] ?? 0) ^ 1;
      world.logObjects.all.set(path, { bytes: changedBytes, mark });
      const { entries, faults } = await feedLogs(world, END);
      expect(entries).toBe(0);
      expect(faults).toMatchObject([{ tenant: TENANT, error: { name: 'Corrupt' } }]);
      world.logObjects.all.set(path, { bytes, mark });
    }
    expect((await feedLogs(world, END)).entries).toBe(2);
  });

  it('is not overwritten: other bytes where a tile belongs are a fault', async () => {
    const world = logWorld();
    await requested(world);
    world.logObjects.all.set(`${TENANT}/tile/0/000.p/2`, { bytes: new Uint8Array(64), mark: 'x' });
    await expect(feedOnce(world, TENANT)).rejects.toThrow('other bytes at tile/0/000.p/2');
    expect(world.logObjects.all.has(`${TENANT}/checkpoint`)).toBe(false);
    expect((await world.logTree.read(TENANT))?.head.signed).toBeUndefined();
    expect(bytesOfText((await world.logTree.read(TENANT))?.head.root ?? '')).toHaveLength(32);
  });

  it('keeps its newest checkpoint when a slow feeder comes late with an older one', async () => {
    const world = logWorld();
    const ids = [await requested(world)];
    const path = `${TENANT}/checkpoint`;
    let late: (() => Promise<void>) | undefined;
    const logObjects = new Proxy(world.logObjects, {
      get: (target, member) =>
        member === 'put'
          ? async (name: string, bytes: Uint8Array, mark?: string) => {
              if (name !== path || late !== undefined) return target.put(name, bytes, mark);
              late = async () => {
                await feedLogs(world, END);
                ids.push(await requested(world));
                await feedLogs(world, END);
              };
              await late();
              return target.put(name, bytes, mark);
            }
          : Reflect.get(target, member, target),
    });
    await feedOnce({ ...world, logObjects }, TENANT);
    await expectWhole(world, ids, 0);
  });
});
