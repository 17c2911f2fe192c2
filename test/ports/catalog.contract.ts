import { describe, expect, test } from 'vitest';
import type { CatalogItem } from '../../functions/ports/transaction.ts';
import { type Bench, everything } from './adapters.ts';
import { environment, freeze, gateway, policy, rule } from './catalog-samples.ts';
import { channel, fullChannel, TARGETS } from './channel-samples.ts';

const COMMITTED = { committed: true };
const lost = (...indices: number[]) => ({ committed: false, lost: indices });

/** Environments, rules, policies, gateways and freezes, and the one number that tells an execution whether they changed. */
export function catalogContract({ stores, tenant }: Bench): void {
  const commit = (t: string, ...writes: Parameters<ReturnType<typeof stores>['transactions']['commit']>[1]) =>
    stores().transactions.commit(t, writes);
  const guardOf = async (t: string, name = 'staging') =>
    (await stores().catalog.item(t, 'environment', name))?.guard;

  const items: readonly (readonly [string, (version: number) => CatalogItem])[] = [
    ['staging', (version) => ({ type: 'environment', item: environment('staging', version) })],
    ['rule-1', (version) => ({ type: 'rule', item: rule('rule-1', version) })],
    ['pol-1', (version) => ({ type: 'policy', item: policy('pol-1', version) })],
    ['gateway-1', (version) => ({ type: 'gateway', item: gateway('gateway-1', version) })],
    ['chan-1', (version) => ({ type: 'channel', item: fullChannel('acme', 'chan-1', version) })],
    ['frz-1', (version) => ({ type: 'freeze', item: freeze('frz-1', version) })],
  ];

  describe.each(items)('%s', (id, make) => {
    const { type } = make(1);

    test(`(${type}) is written and removed at the version its writer saw`, async () => {
      const t = tenant();
      const remove = { write: 'catalog_delete', type, id } as const;
      expect(await commit(t, { write: 'catalog', entry: make(1), expected: 0 })).toEqual(COMMITTED);
      expect(await commit(t, { write: 'catalog', entry: make(1), expected: 0 })).toEqual(lost(0));
      expect(await commit(t, { write: 'catalog', entry: make(2), expected: 1 })).toEqual(COMMITTED);
      expect(await commit(t, { write: 'catalog', entry: make(2), expected: 1 })).toEqual(lost(0));
      await expect(commit(t, { write: 'catalog', entry: make(2), expected: 2 })).rejects.toThrow('version');
      expect(await commit(t, { ...remove, expected: 1 })).toEqual(lost(0));
      expect(await commit(t, { ...remove, expected: 2 })).toEqual(COMMITTED);
      expect(await commit(t, { ...remove, expected: 2 })).toEqual(lost(0));
      expect(await commit(t, { write: 'catalog', entry: make(1), expected: 0 })).toEqual(COMMITTED);
    });
  });

  test('reads back what was written, one by one and all together', async () => {
    const t = tenant();
    for (const [, make] of items) await commit(t, { write: 'catalog', entry: make(1), expected: 0 });
    const bare = rule('rule-0', 1, { conditions: null, status: 'inactive' });
    await commit(t, { write: 'catalog', entry: { type: 'rule', item: bare }, expected: 0 });
    const { catalog } = stores();
    expect(await catalog.item(t, 'environment', 'staging')).toEqual(environment('staging'));
    expect(await catalog.all(t, 'environment')).toEqual([environment('staging')]);
    expect(await catalog.item(t, 'rule', 'rule-1')).toEqual(rule('rule-1'));
    expect(await catalog.all(t, 'rule')).toEqual([bare, rule('rule-1')]);
    expect(await catalog.all(t, 'policy')).toEqual([policy('pol-1')]);
    expect(await catalog.item(t, 'policy', 'pol-1')).toEqual(policy('pol-1'));
    expect(await catalog.item(t, 'policy', 'pol-2')).toBeUndefined();
    expect(await catalog.page(t, 'policy', { limit: 10 })).toEqual({ items: [policy('pol-1')] });
    expect(await catalog.item(t, 'gateway', 'gateway-1')).toEqual(gateway('gateway-1'));
    expect(await catalog.all(t, 'gateway')).toEqual([gateway('gateway-1')]);
    expect(await catalog.item(t, 'freeze', 'frz-1')).toEqual(freeze('frz-1'));
    expect(await catalog.item(t, 'freeze', 'frz-2')).toBeUndefined();
    expect(await catalog.all(t, 'freeze')).toEqual([freeze('frz-1')]);
    expect(await catalog.item(t, 'channel', 'chan-1')).toEqual(fullChannel('acme', 'chan-1'));
    expect(await catalog.item(t, 'gateway', 'rule-1')).toBeUndefined();
    expect(await catalog.item(t, 'rule', 'rule-9')).toBeUndefined();
    expect(await catalog.item(t, 'environment', 'production')).toBeUndefined();
  });

  test('reads back channels of every kind', async () => {
    const t = tenant();
    const channels = Object.values(TARGETS).map((target, at) => channel(t, `chan-${at}`, target));
    for (const item of channels) {
      await commit(t, { write: 'catalog', entry: { type: 'channel', item }, expected: 0 });
    }
    expect(await stores().catalog.all(t, 'channel')).toEqual(channels);
    expect(await stores().catalog.item(t, 'channel', 'chan-9')).toBeUndefined();
    expect(await stores().catalog.all(tenant(), 'channel')).toEqual([]);
  });

  test('pages rules and gateways', async () => {
    const t = tenant();
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      await commit(
        t,
        { write: 'catalog', entry: { type: 'rule', item: rule(id) }, expected: 0 },
        { write: 'catalog', entry: { type: 'gateway', item: gateway(id) }, expected: 0 },
      );
    }
    for (const limit of [1, 2, 5]) {
      const rules = await everything((page) => stores().catalog.page(t, 'rule', page), limit);
      const gateways = await everything((page) => stores().catalog.page(t, 'gateway', page), limit);
      expect(rules.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect(gateways.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e']);
    }
  });

  describe('the guard', () => {
    const staging = (version: number) =>
      ({ write: 'catalog', entry: { type: 'environment', item: environment('staging', version) } }) as const;
    const raise = { write: 'raise_guard', environment: 'staging' } as const;
    const check = (guard: number) => ({ write: 'check_guard', environment: 'staging', guard }) as const;

    test('is raised without touching the version, once per commit', async () => {
      const t = tenant();
      await commit(t, { ...staging(1), expected: 0 });
      expect(await commit(t, raise)).toEqual(COMMITTED);
      expect(await guardOf(t)).toBe(2);
      expect(await commit(t, raise, raise)).toEqual(COMMITTED);
      expect(await guardOf(t)).toBe(3);
      expect((await stores().catalog.all(t, 'environment'))[0]).toEqual(
        environment('staging', 1, { guard: 3 }),
      );
    });

    test('is raised by a write of its environment, whatever guard that was read with', async () => {
      const t = tenant();
      await commit(t, { ...staging(1), expected: 0 });
      await commit(t, raise);
      expect(await commit(t, { ...staging(2), expected: 1 }, raise)).toEqual(COMMITTED);
      expect(await guardOf(t)).toBe(3);
      expect(await commit(t, check(2))).toEqual(lost(0));
    });

    test('lets a commit through only while it is what the writer saw', async () => {
      const t = tenant();
      await commit(t, { ...staging(1), expected: 0 });
      expect(await commit(t, check(1))).toEqual(COMMITTED);
      await commit(t, raise);
      const added = { write: 'catalog', entry: { type: 'rule', item: rule('rule-1') }, expected: 0 } as const;
      expect(await commit(t, added, check(1))).toEqual(lost(1));
      expect(await stores().catalog.item(t, 'rule', 'rule-1')).toBeUndefined();
      expect(await commit(t, added, check(2))).toEqual(COMMITTED);
    });

    test('is checked and raised in one commit, which names both writes when it loses', async () => {
      const t = tenant();
      await commit(t, { ...staging(1), expected: 0 });
      expect(await commit(t, check(1), raise)).toEqual(COMMITTED);
      expect(await guardOf(t)).toBe(2);
      expect(await commit(t, raise, check(1))).toEqual({
        committed: false,
        lost: expect.arrayContaining([1]),
      });
      expect(await guardOf(t)).toBe(2);
    });

    test('of an environment that is not there can be neither checked nor raised', async () => {
      const t = tenant();
      expect(await commit(t, check(1))).toEqual(lost(0));
      expect(await commit(t, raise)).toEqual(lost(0));
      expect(await stores().catalog.all(t, 'environment')).toEqual([]);
    });

    test('cannot be checked by a commit that writes the environment', async () => {
      const t = tenant();
      await expect(commit(t, { ...staging(1), expected: 0 }, check(1))).rejects.toThrow('guard');
    });
  });
}
