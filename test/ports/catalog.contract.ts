import { describe, expect, test } from 'vitest';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import type { CatalogItem } from '../../functions/ports/transaction.ts';
import { type Bench, everything } from './adapters.ts';
import {
  artifactSettings,
  consumer,
  environment,
  flagKey,
  freeze,
  gateway,
  policy,
  registry,
  rule,
} from './catalog-samples.ts';
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
    ['registry-1', (version) => ({ type: 'registry', item: registry('registry-1', version) })],
    ['cons-1', (version) => ({ type: 'consumer', item: consumer('cons-1', version) })],
    ['artifacts', (version) => ({ type: 'artifact_settings', item: artifactSettings(version) })],
    ['key-1', (version) => ({ type: 'flag_key', item: flagKey('key-1', version) })],
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

  test('finds what concerns an environment by any of its names, or all of them, and nothing else', async () => {
    const t = tenant();
    const places = ['staging', 'stg', 'production', 'prod', 'prod-eu', '*'];
    const entries = places.flatMap((place): CatalogItem[] => [
      { type: 'rule', item: rule(`rule-${places.indexOf(place)}`, 1, { target_environment: place }) },
      { type: 'policy', item: { ...policy(`pol-${places.indexOf(place)}`), environments: ['qa', place] } },
      { type: 'freeze', item: { ...freeze(`frz-${places.indexOf(place)}`), environment: place } },
    ]);
    for (const entry of entries) await commit(t, { write: 'catalog', entry, expected: 0 });
    const prefixOf: { readonly [noun: string]: string } = { rule: 'rule', policy: 'pol', freeze: 'frz' };
    const found = async (noun: 'rule' | 'policy' | 'freeze', names: readonly string[]) =>
      (await stores().catalog.concerning(t, noun, names)).map(({ id }) => places[Number(id.split('-')[1])]);
    for (const noun of ['rule', 'policy', 'freeze'] as const) {
      expect(await found(noun, ['production', 'prod'])).toEqual(['production', 'prod', '*']);
      expect(await found(noun, ['staging'])).toEqual(['staging', '*']);
      expect(await found(noun, [])).toEqual(['*']);
    }
    expect(await found('policy', ['qa'])).toEqual(places);
    const { rules, policies, freezes } = await stores().catalog.governing(t, ['production', 'prod']);
    for (const [noun, all] of Object.entries({ rule: rules, policy: policies, freeze: freezes }))
      expect(all.map(({ id }) => id)).toEqual([2, 3, 5].map((n) => `${prefixOf[noun]}-${n}`));
    for (const limit of [1, 4, 10]) {
      const paged = await everything((page) => stores().catalog.page(t, 'policy', page), limit);
      expect(paged.map(({ id }) => id)).toEqual(places.map((_, n) => `pol-${n}`));
    }
    const moved = rule('rule-0', 2, { target_environment: 'production' });
    await commit(t, { write: 'catalog', entry: { type: 'rule', item: moved }, expected: 1 });
    expect(await found('rule', ['production'])).toEqual(['staging', 'production', '*']);
    expect(await stores().catalog.concerning(tenant(), 'rule', ['production'])).toEqual([]);
  });

  test('finds what concerns an environment among more than one page of others', async () => {
    const t = tenant();
    for (let n = 0; n < 60; n += 1) {
      // As long as 1 MB altogether, however well it is packed: a page of the table.
      const name = Array.from({ length: 320 }, (_, i) => digestOfBytes(`${n} ${i}`)).join();
      const target_environment = n === 59 ? 'production' : 'staging';
      const item = rule(`rule-${String(n).padStart(2, '0')}`, 1, { name, target_environment });
      await commit(t, { write: 'catalog', entry: { type: 'rule', item }, expected: 0 });
    }
    const found = await stores().catalog.concerning(t, 'rule', ['production']);
    expect(found.map(({ id }) => id)).toEqual(['rule-59']);
    const { rules } = await stores().catalog.governing(t, ['production']);
    expect(rules.map(({ id }) => id)).toEqual(['rule-59']);
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
    expect(await catalog.item(t, 'registry', 'registry-1')).toEqual(registry('registry-1'));
    expect(await catalog.item(t, 'consumer', 'cons-1')).toEqual(consumer('cons-1'));
    expect(await catalog.item(t, 'artifact_settings', 'artifacts')).toEqual(artifactSettings());
    expect(await catalog.item(t, 'flag_key', 'key-1')).toEqual(flagKey('key-1'));
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
