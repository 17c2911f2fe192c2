import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dynamoStores } from '../../../functions/adapters/dynamodb/stores.ts';
import { DEFAULT_PIPELINE } from '../../../functions/domain/catalog/pipeline.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../../support/engine.ts';
import { meter } from '../../support/metered.ts';
import { approvedPromotion, type Cast } from './life.ts';

/** People, ids and names as long as real ones, longer than the demo's. */
const CAST: Cast = {
  tenant: '550e8400-e29b-41d4-a716-446655440000',
  promotion: 'prom-01JD7X8K3QZ7M2V9B4T6WNRHP5',
  deployment: 'dep-01JD7X9ZZ7M2V9B4T6WNRHP5QK',
  source: 'dep-01JD7W1A2B3C4D5E6F7G8H9J0K',
  agent: 'customer-support-triage-agent',
  gateway: 'gateway-eu-central-1-staging',
  requester: {
    subject: '6f1d1f6e-3c57-4a0e-9a55-0d6f0f3f8a11',
    email: 'maximiliane.musterfrau@example.com',
    kind: 'person',
  },
  approver: {
    subject: 'b3a9f0c2-77de-4f6b-8f5d-9d1f5f0c2e47',
    email: 'release.manager@example.com',
    kind: 'person',
  },
};

const instant = (step: number): string => `2026-11-21T09:1${step}:17.12${step}Z`;

describe.skipIf(skipWithoutEngine())('what the life of an approved promotion costs', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());

  test('is 51 write units, indexes included', async () => {
    const { tenant, promotion: id } = CAST;
    const table = engine.open();
    const { transactions, workflowRecords, tokens } = dynamoStores(table);
    for (const environment of DEFAULT_PIPELINE(instant(0))) {
      const entry = { type: 'environment', item: environment } as const;
      await transactions.commit(tenant, [{ write: 'catalog', entry, expected: 0 }]);
    }

    const used = meter(table);
    const units: Record<string, number> = {};
    async function measured(name: string, act: () => Promise<unknown>): Promise<void> {
      const before = used.writeUnits;
      const done = await act();
      expect(done, name).not.toBe(false);
      expect(done, name).not.toMatchObject({ committed: false });
      units[name] = used.writeUnits - before;
    }
    const [requested, approved, executed] = approvedPromotion(CAST, instant);
    if (requested === undefined || approved === undefined || executed === undefined)
      throw new Error('no life');
    const token = 'A'.repeat(700);

    await measured('request', () => transactions.commit(tenant, requested.writes));
    await measured('clear start', () =>
      workflowRecords.clearWork({ tenant, id }, requested.state.seq, requested.state.seq),
    );
    await measured('token', () =>
      tokens.put(
        { tenant, id },
        { token, attempt: 1, entered_time: instant(1), retry_count: 0, state: 'await' },
      ),
    );
    await measured('approve', () => transactions.commit(tenant, approved.writes));
    await measured('clear wake', () =>
      workflowRecords.clearWork({ tenant, id }, approved.state.seq, approved.state.seq),
    );
    await measured('execute', () => transactions.commit(tenant, executed.writes));
    await measured('clear publish', () =>
      workflowRecords.clearWork({ tenant, id }, executed.state.seq, executed.state.seq),
    );

    expect(units).toEqual({
      // State and its four index entries, events and their two, the uniqueness record, the log's news.
      request: 14,
      'clear start': 2,
      token: 1,
      // State, events and the approver's list, work, news.
      approve: 8,
      'clear wake': 2,
      // Guard, state, events and Sluice's list, as it executes by itself, head, revision, deployment, one item of news; seven index entries.
      execute: 22,
      'clear publish': 2,
    });
  });

  test('stays in units: no item of it is larger than 1 KB', async () => {
    const { Items = [] } = await engine.table.client.send(new ScanCommand({ TableName: engine.table.name }));
    expect(Items.length).toBeGreaterThan(10);
    for (const item of Items)
      expect(sizeOf(item), `${item['PK']?.S} ${item['SK']?.S}`).toBeLessThanOrEqual(1024);
  });
});

/** An item's size as DynamoDB counts it: names and values; a number is about half its digits and one byte. */
function sizeOf(item: Record<string, AttributeValue>): number {
  return Object.entries(item).reduce((sum, [name, { S, N, B }]) => {
    const value = S === undefined ? (B?.length ?? Math.ceil((N?.length ?? 0) / 2) + 1) : Buffer.byteLength(S);
    return sum + name.length + value;
  }, 0);
}
