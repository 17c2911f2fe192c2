import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MalformedKey, SHARDS } from '../../../functions/adapters/dynamodb/key-parts.ts';
import * as general from '../../../functions/adapters/dynamodb/keys.ts';
import * as deploymentKeys from '../../../functions/adapters/dynamodb/keys-deployment.ts';
import { promotionIndex } from '../../../functions/adapters/dynamodb/keys-promotion.ts';
import { digestOfBytes } from '../../../functions/domain/digest.ts';
import { AT, promotion } from '../../ports/samples.ts';
import { instant, number, primary, word } from './key-builders.ts';

const keys = { ...general, ...deploymentKeys };

describe('keys', () => {
  test('of two different things are never the same', () => {
    fc.assert(
      fc.property(fc.array(primary, { minLength: 2, maxLength: 40 }), (made) => {
        const things = new Set(made.map(({ of, parts }) => JSON.stringify([of, parts])));
        const places = new Set(made.map(({ key }) => JSON.stringify(key)));
        expect(places.size).toBe(things.size);
      }),
      { numRuns: 300 },
    );
  });

  test('of a tenant begin with it, but for those that are read before the tenant is known', () => {
    const outside = ['membership', 'identity', 'tenant', 'link', 'session'];
    const known = new Set([...outside, 'Slack link', 'Slack member', 'invitation']);
    fc.assert(
      fc.property(primary, ({ of, parts, key }) => {
        expect(key.PK.startsWith(`T#${parts[0]}#`)).toBe(!known.has(of));
      }),
    );
  });

  test('sort as what they are about: numbers as numbers, instants as time', () => {
    const order = <T>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0);
    fc.assert(
      fc.property(number, number, (a, b) => {
        expect(order(keys.eventsKey('t', 'p', a).SK, keys.eventsKey('t', 'p', b).SK)).toBe(order(a, b));
      }),
    );
    fc.assert(
      fc.property(instant, instant, word, word, (a, b, one, other) => {
        if (a === b) return;
        const [first, second] = [keys.dueIndex('t', one, a), keys.dueIndex('t', other, b)];
        expect(order(Object.values(first)[1], Object.values(second)[1])).toBe(order(a, b));
      }),
    );
  });

  test('of due times lie within their bound exactly when they are due', () => {
    fc.assert(
      fc.property(instant, instant, word, word, (due, now, tenant, id) => {
        const index = keys.dueIndex(tenant, id, due);
        const sort = 'GSI3SK' in index ? index.GSI3SK : '';
        expect(sort <= keys.dueUntil(now)).toBe(due <= now);
        expect(keys.dueOf(sort)).toBe(due);
      }),
    );
  });

  test('say which promotion they are of', () => {
    fc.assert(
      fc.property(word, word, (tenant, id) => {
        expect(keys.promotionOf(keys.promotionKey(tenant, id).PK)).toEqual({ tenant, id });
        expect(keys.promotionOf(keys.deploymentKey(tenant, id).PK)).toBeUndefined();
      }),
    );
  });

  test('spread work over all shards', () => {
    const partitions = Array.from({ length: 3_200 }, (_, index) => {
      const key = keys.workIndex('acme', `prom-${index}`, AT);
      return 'GSI2PK' in key ? key.GSI2PK : '';
    });
    const counts = Array.from({ length: SHARDS }, (_, shard) => {
      return partitions.filter((partition) => partition === keys.workPartition(shard)).length;
    });
    expect(counts.reduce((sum, count) => sum + count)).toBe(3_200);
    for (const count of counts) expect(count).toBeGreaterThan(50);
  });

  test('spread watch lists with work over enough partitions for 4,000 reports a second', () => {
    const partitions = Array.from({ length: 800 }, (_, index) => {
      const key = keys.watchListIndex('acme', digestOfBytes(`${index}`));
      return 'GSI2PK' in key ? key.GSI2PK : '';
    });
    const counts = Array.from({ length: keys.WATCH_LIST_SHARDS }, (_, shard) => {
      return partitions.filter((partition) => partition === keys.watchListsPartition(shard)).length;
    });
    expect(counts.reduce((sum, count) => sum + count)).toBe(800);
    for (const count of counts) expect(count).toBeGreaterThan(50);
    // A partition takes 1,000 units a second, and a report writes two: in, and out again.
    expect((counts.length * 1_000) / 2).toBeGreaterThanOrEqual(4_000);
  });

  test.each(['2026-11-21T09:00:00Z', '2026-11-21T09:00:00.000+01:00', '2026-11-21', '', 'now'])(
    'never take %j for an instant: only one form sorts as time does',
    (text) => {
      const state = promotion('t', 'p', 1, { requested_at: text });
      expect(() => promotionIndex(state)).toThrow(MalformedKey);
      expect(() => keys.dueIndex('t', 'p', text)).toThrow(MalformedKey);
    },
  );

  test.each([-1, 1.5, Number.NaN, 1e12])('never take %d for a number of an event', (seq) => {
    expect(() => keys.eventsKey('t', 'p', seq)).toThrow(MalformedKey);
  });
});
