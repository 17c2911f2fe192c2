import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ByteCache } from '../../../functions/adapters/byte-cache.ts';
import { dynamoSalts } from '../../../functions/adapters/dynamodb/chunking-keys.ts';
import { dynamoNodeStore } from '../../../functions/adapters/dynamodb/node-store.ts';
import type { Table } from '../../../functions/adapters/dynamodb/table.ts';
import { built, numbered } from '../../domain/config-tree/trees.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../../support/engine.ts';
import { meter } from '../../support/metered.ts';

/** Leaves all but `most` parts of every batch undone, as a table under pressure does. */
function overloaded(table: Table, most: number): Table {
  table.client.middlewareStack.add(
    (next) => async (args) => {
      const { input } = args;
      const whole: unknown = 'RequestItems' in input ? input.RequestItems?.[table.name] : undefined;
      if (Array.isArray(whole)) {
        const result = await next({
          ...args,
          input: { ...input, RequestItems: { [table.name]: whole.slice(0, most) } },
        });
        Object.assign(result.output, { UnprocessedItems: { [table.name]: whole.slice(most) } });
        return result;
      }
      if (typeof whole === 'object' && whole !== null && 'Keys' in whole && Array.isArray(whole.Keys)) {
        const some = { ...whole, Keys: whole.Keys.slice(0, most) };
        const result = await next({ ...args, input: { ...input, RequestItems: { [table.name]: some } } });
        const rest = whole.Keys.slice(most);
        const left = rest.length === 0 ? {} : { [table.name]: { Keys: rest } };
        Object.assign(result.output, { UnprocessedKeys: left });
        return result;
      }
      return next(args);
    },
    { step: 'initialize', name: 'overloaded' },
  );
  return table;
}

describe.skipIf(skipWithoutEngine())('config nodes in the table', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());
  const { nodes } = built(numbered(3_000));
  const ids = nodes.map(({ id }) => id);

  it('are all stored and all read though the table leaves parts of every batch undone', async () => {
    const store = dynamoNodeStore(overloaded(engine.open(), 9), Date.now, new ByteCache(0));
    await store.put('acme', nodes);
    expect((await store.reader('acme').read(ids, 'strong')).size).toBe(ids.length);
    expect((await dynamoNodeStore(engine.open()).reader('acme').read(ids, 'strong')).size).toBe(ids.length);
  });

  it('end in Throttled when the table hardly does anything of a batch', async () => {
    const store = dynamoNodeStore(overloaded(engine.open(), 1));
    await expect(store.reader('acme').read(ids, 'eventual')).rejects.toMatchObject({ name: 'Throttled' });
  });

  it('are read from the table once, within the bounds of the cache, but for strong reads', async () => {
    const table = engine.open();
    await dynamoNodeStore(table).put('globex', nodes);
    const used = meter(table);
    const cache = new ByteCache(16 * 1024 * 1024);
    const reader = dynamoNodeStore(table, Date.now, cache).reader('globex');
    await reader.read(ids, 'eventual');
    const calls = used.calls;
    expect(calls).toBeGreaterThan(0);
    await reader.read(ids, 'eventual');
    expect(used.calls).toBe(calls);
    await reader.read(ids.slice(0, 1), 'strong');
    expect(used.calls).toBe(calls + 1);
    expect(cache.size).toBe(nodes.reduce((sum, { bytes }) => sum + bytes.length, 0));
  });

  it('have one salt per tenant in every process', async () => {
    const [one, other] = [dynamoSalts(engine.open()), dynamoSalts(engine.open())];
    expect(Buffer.compare(await one.of('acme'), await other.of('acme'))).toBe(0);
  });
});

describe('the cache', () => {
  it('never holds more than its bound, and lets go of what was used longest ago', () => {
    const cache = new ByteCache(1_000);
    for (let n = 0; n < 50; n += 1) {
      cache.set(`n${n}`, new Uint8Array(60));
      cache.get('n0');
      expect(cache.size).toBeLessThanOrEqual(1_000);
    }
    expect(cache.get('n0')).toHaveLength(60);
    expect(cache.get('n49')).toHaveLength(60);
    expect(cache.get('n2')).toBeUndefined();
    cache.set('large', new Uint8Array(63));
    expect(cache.get('large')).toBeUndefined();
  });
});
