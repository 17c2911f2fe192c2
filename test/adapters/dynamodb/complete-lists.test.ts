import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { item } from '../../../functions/adapters/dynamodb/item.ts';
import { eventsKey } from '../../../functions/adapters/dynamodb/keys.ts';
import { dynamoStores } from '../../../functions/adapters/dynamodb/stores.ts';
import type { Actor } from '../../../functions/domain/identity/principal.ts';
import type { PromotionEvent } from '../../../functions/domain/promotion/events.ts';
import { completeLists } from '../../../functions/use-cases/audit/complete-lists.ts';
import { IDLE, later, promotion, sha, stored } from '../../ports/samples.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../../support/engine.ts';

const person = (subject: string): Actor => ({ subject, email: `${subject}@acme.com`, kind: 'person' });
const [BEN, EVA] = [person('ben'), person('eva')];
const EVIDENCE: PromotionEvent = { type: 'EvidenceAttached', gate: 'tests', evidence: sha('e') };
const ASKED: PromotionEvent = { type: 'ChangesRequested', reason: 'not so' };

describe.skipIf(skipWithoutEngine())('lists of people that release 0.1.0 left incomplete', () => {
  let engine: Engine;
  let stores: ReturnType<typeof dynamoStores>;
  let now = 0;
  const deps = () => ({ ...stores, clock: { now: () => later(now) } });
  beforeAll(async () => {
    engine = await startEngine();
    stores = dynamoStores(engine.table);
    for (const tenant of ['acme', 'globex']) {
      const noun = { id: tenant, name: tenant, version: 1, created_at: later(0), updated_at: later(0) };
      await stores.transactions.commit(tenant, [{ write: 'tenant', tenant: noun, expected: 0 }]);
      for (let n = 1; n <= 30; n += 1) await asOfBefore(tenant, `prom-${n}`);
    }
  });
  afterAll(() => engine.stop());

  /** A promotion of Ben's for which Eva asked for changes, as 0.1.0 wrote it: her commit is in no list. */
  async function asOfBefore(tenant: string, id: string) {
    const common = { requester: BEN, requested_at: later(Number(id.slice(5))), approvals: [] };
    for (const [seq, actor, event] of [
      [1, BEN, EVIDENCE],
      [2, EVA, ASKED],
    ] as const) {
      const state = promotion(tenant, id, seq, { ...common, also_requested_by: [] });
      const events = [{ ...stored(seq, event), actor }];
      const write = { write: 'promotion', state, workflowRecord: IDLE, events, expected: seq - 1 } as const;
      expect(await stores.transactions.commit(tenant, [write])).toEqual({ committed: true });
    }
    await engine.table.client.send(
      new UpdateItemCommand({
        TableName: engine.table.name,
        Key: item(eventsKey(tenant, id, 2)),
        UpdateExpression: 'REMOVE GSI4PK, GSI1SK',
      }),
    );
  }
  const found = async (tenant: string, who: string) =>
    (await stores.promotions.list(tenant, { person: who }, { limit: 100 })).items.map(({ id }) => id);

  it('are completed by runs of limited time, each promotion once, and then looked at no more', async () => {
    expect([await found('acme', 'eva'), await found('globex', 'eva')]).toEqual([[], []]);
    const until = later(10);
    const clock = {
      now() {
        now += 9;
        return later(now);
      },
    };
    const runs = [];
    for (let done = false; !done; ) {
      now = 0;
      const run = await completeLists({ ...deps(), clock }, until);
      runs.push(run.added);
      done = run.done;
    }
    expect(runs.length).toBeGreaterThan(3);
    expect(runs.reduce((sum, added) => sum + added)).toBe(60);
    expect(await found('acme', 'eva')).toHaveLength(30);
    expect(await found('globex', 'eva')).toHaveLength(30);
    expect(await found('acme', 'ben')).toHaveLength(30);
    now = 0;
    const again = {
      ...deps(),
      promotions: { ...stores.promotions, list: () => Promise.reject(new Error('looked')) },
    };
    expect(await completeLists(again, until)).toEqual({ added: 0, faults: [], done: true });
  });

  it('gain nothing a second time, and one place where two complete them at once', async () => {
    await asOfBefore('acme', 'prom-77');
    const read = await stores.promotions.read('acme', 'prom-77');
    if (read === undefined) throw new Error('it is there');
    const twice = await Promise.all([0, 1].map(() => stores.promotions.completeLists(read.state)));
    expect(twice.reduce((sum, added) => sum + added)).toBe(1);
    expect(await stores.promotions.completeLists(read.state)).toBe(0);
  });

  it('are completed for all others where one history cannot be read', async () => {
    await stores.cursors.write('audit-lists', undefined);
    const broken = new Error('unreadable');
    const promotions = {
      ...stores.promotions,
      completeLists: async ({ id }: { readonly id: string }) => {
        if (id === 'prom-3') throw broken;
        return 1;
      },
    };
    now = 0;
    const { added, faults, done } = await completeLists({ ...deps(), promotions }, later(10));
    expect({ added, faults, done }).toEqual({ added: 59, faults: [broken, broken], done: true });
  });
});
