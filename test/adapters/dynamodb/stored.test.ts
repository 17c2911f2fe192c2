import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { item } from '../../../functions/adapters/dynamodb/item.ts';
import { eventsKey, promotionKey } from '../../../functions/adapters/dynamodb/keys.ts';
import { dynamoStores } from '../../../functions/adapters/dynamodb/stores.ts';
import type { Table } from '../../../functions/adapters/dynamodb/table.ts';
import type { PromotionFilter } from '../../../functions/domain/promotion/filter.ts';
import type { Stores } from '../../../functions/ports/stores.ts';
import { everything } from '../../ports/adapters.ts';
import { DEV, later, promotion, promotionWrite } from '../../ports/samples.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../../support/engine.ts';
import { meter, reset } from '../../support/metered.ts';

describe.skipIf(skipWithoutEngine())('what only a table can do', () => {
  let engine: Engine;
  let stores: Stores;
  beforeAll(async () => {
    engine = await startEngine();
    stores = dynamoStores(engine.table);
  });
  afterAll(() => engine.stop());

  const commit = (t: string, id: string, seq = 1) =>
    stores.transactions.commit(t, [promotionWrite(promotion(t, id, seq), 0)]);

  async function tamper(t: string, id: string, change: string, values: Record<string, string | number>) {
    await engine.table.client.send(
      new UpdateItemCommand({
        TableName: engine.table.name,
        Key: item(promotionKey(t, id)),
        UpdateExpression: change,
        ExpressionAttributeValues: item(values),
      }),
    );
  }

  /** A client whose answers to one command pass through `change`, and how often that was called. */
  function answering(
    command: string,
    change: (output: object, call: number) => object,
  ): { table: Table; calls: () => number } {
    const table = engine.open();
    let calls = 0;
    table.client.middlewareStack.add(
      (next, context) => async (args) => {
        const result = await next(args);
        if (context.commandName !== command) return result;
        calls += 1;
        return { ...result, output: { ...result.output, ...change(result.output, calls) } };
      },
      { step: 'initialize', name: 'answering' },
    );
    return { table, calls: () => calls };
  }

  test('an event is never written over, not even where its promotion is gone', async () => {
    const Item = item({ ...eventsKey('orphan', 'prom-1', 1), body: '[]' });
    await engine.table.client.send(new PutItemCommand({ TableName: engine.table.name, Item }));
    expect(await commit('orphan', 'prom-1')).toEqual({ committed: false, lost: [0] });
    expect(await stores.promotions.read('orphan', 'prom-1')).toBeUndefined();
  });

  test.each([
    ['a version that its body denies', 'SET ver = :value', 7],
    ['work that nobody knows', 'SET todo = :value', 'start dance'],
    ['an attempt that is no number', 'SET attempt = :value', 'one'],
    ['a body of another shape', 'SET body = :value', '{"status":"pending"}'],
  ])('a promotion with %s is the fault Corrupt', async (name, change, value) => {
    const t = `corrupt-${name.length}`;
    await commit(t, 'prom-1');
    await tamper(t, 'prom-1', change, { ':value': value });
    await expect(stores.promotions.read(t, 'prom-1')).rejects.toMatchObject({ name: 'Corrupt' });
    await expect(stores.promotions.list(t, {}, { limit: 5 })).rejects.toMatchObject({ name: 'Corrupt' });
  });

  describe('a list', () => {
    const t = 'lists';
    const TOTAL = 450;
    beforeAll(async () => {
      for (let index = 0; index < TOTAL; index += 1) {
        const state = promotion(t, `prom-${index}`, 1, { requested_at: later(index) });
        await stores.transactions.commit(t, [promotionWrite(state, 0)]);
      }
    });

    test('reads keys again that the table left unread, until it has all', async () => {
      const left = answering('BatchGetItemCommand', (output, call) => {
        if (call > 2 || !('Responses' in output)) return {};
        const key = item(promotionKey(t, `prom-${TOTAL - 1}`));
        return { UnprocessedKeys: { [engine.table.name]: { Keys: [key], ConsistentRead: true } } };
      });
      const page = await dynamoStores(left.table).promotions.list(t, {}, { limit: 3 });
      expect(page.items.map(({ id }) => id)).toEqual(['prom-449', 'prom-448', 'prom-447']);
      expect(left.calls()).toBe(3);
    });

    test('is Throttled when the table goes on leaving keys unread', async () => {
      const never = answering('BatchGetItemCommand', () => {
        const Keys = [item(promotionKey(t, 'prom-1'))];
        return { Responses: {}, UnprocessedKeys: { [engine.table.name]: { Keys } } };
      });
      const listed = dynamoStores(never.table).promotions.list(t, {}, { limit: 3 });
      await expect(listed).rejects.toMatchObject({ name: 'Throttled' });
    });

    test('leaves out what the index still names and the table no longer holds', async () => {
      const gone = answering('BatchGetItemCommand', () => ({ Responses: { [engine.table.name]: [] } }));
      const page = await dynamoStores(gone.table).promotions.list(t, {}, { limit: 3 });
      expect(page).toEqual({ items: [], next: expect.any(String) });
    });

    test('of what matches nothing is looked through within its budget of reads', async () => {
      const table = engine.open();
      const { promotions } = dynamoStores(table);
      const read = meter(table);
      const units = async (asked: PromotionFilter) => {
        reset(read);
        const page = await promotions.list(t, asked, { limit: 1 });
        expect(page.items).toEqual([]);
        return read.readUnits;
      };
      // Keys rule all of them out.
      expect(await units({ kind: 'config' })).toBeLessThanOrEqual(6);
      // What lies in the other lists is left out by its keys.
      expect(await units({ statuses: ['completed'] })).toBeLessThanOrEqual(16);
      // Only the promotions tell.
      expect(await units({ statuses: ['completed'], requester: DEV.subject })).toBeLessThanOrEqual(110);
    });

    test('finds what matches across pages, each once', async () => {
      const rejected = promotion(t, 'last', 1, { requested_at: later(-1) }, 'rejected');
      await stores.transactions.commit(t, [promotionWrite(rejected, 0)]);
      const found = await everything(
        (page) => stores.promotions.list(t, { statuses: ['rejected'] }, page),
        1,
      );
      expect(found.map(({ id }) => id)).toEqual(['last']);
      const pending = await everything(
        (page) => stores.promotions.list(t, { statuses: ['pending'] }, page),
        7,
      );
      expect(new Set(pending.map(({ id }) => id)).size).toBe(TOTAL);
      expect(pending).toHaveLength(TOTAL);
    });

    test('that is larger than one answer of the table is read whole', async () => {
      const big = 'x'.repeat(20_000);
      for (let index = 1; index <= 80; index += 1) {
        const state = promotion('big', 'prom-1', index, { reason_code: random(big.length) });
        const write = promotionWrite(state, index - 1);
        const event = { type: 'PromotionCancelled', reason: random(big.length) } as const;
        const events = write.events.map((each) => ({ ...each, event }));
        await stores.transactions.commit('big', [{ ...write, events }]);
      }
      expect(await stores.promotions.events('big', 'prom-1')).toHaveLength(80);
      expect(await stores.promotions.events('big', 'prom-1', 79)).toHaveLength(1);
    });
  });
});

/** Text that does not pack. */
function random(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(Math.ceil((length * 3) / 4)));
  return Buffer.from(bytes).toString('base64').slice(0, length);
}
