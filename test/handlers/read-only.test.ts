import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoFormatStore } from '../../functions/adapters/dynamodb/format-store.ts';
import { watchFormat } from '../../functions/adapters/dynamodb/format-watch.ts';
import { formatKey } from '../../functions/adapters/dynamodb/keys.ts';
import { FORMAT, type FormatNumber } from '../../functions/domain/format/number.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { tableStores } from '../support/replayed-table.ts';
import { createWorld, START, type World } from './api-world.ts';
import { furnish } from './furniture.ts';
import { type Operation, operations } from './operations.ts';

const NUMBER: FormatNumber = { format: FORMAT, readable_from: FORMAT, written_by: 'sluice', at: START };

describe.skipIf(skipWithoutEngine())('while a migration lets nothing else be written', () => {
  let engine: Engine;
  let world: World;
  let all: readonly Operation[];
  let before: unknown;
  let clock = Date.parse(START);
  beforeAll(async () => {
    engine = await startEngine();
    const formats = dynamoFormatStore(engine.table);
    await formats.write(NUMBER, undefined);
    world = await createWorld((now) => {
      const table = engine.open();
      return tableStores(
        watchFormat(table, () => clock),
        now,
        table,
      );
    });
    all = operations(await furnish(world));
    await formats.write({ ...NUMBER, step: 1, moving: { moved: 0, read_only: true } }, NUMBER);
    clock += 30_000;
    before = await stored();
  });
  afterAll(() => engine?.stop());

  it('evaluates flags by a key, whose use is noted once something may be written again', async () => {
    await world.deps.flagKeyUses.note('acme', 'key-1', START);
    await world.deps.flagKeyUses.note('acme', 'key-1', START);
    expect((await world.deps.flagKeyUses.all('acme')).get('key-1')).toBeUndefined();
  });

  const stored = async () => {
    const { Items = [] } = await engine.table.client.send(new ScanCommand({ TableName: engine.table.name }));
    return Items.filter(({ PK }) => PK?.S !== formatKey.PK);
  };
  const asked = async ({ endpoint, path, body }: Operation) =>
    world.send({
      ...{ method: endpoint.method, path, signer: { sub: endpoint.tag === 'tenants' ? 'ops' : 'admin' } },
      ...(body === undefined ? {} : { body }),
    });

  it('answers each operation that reads', async () => {
    const reads = all.filter(({ endpoint }) => endpoint.method === 'GET');
    expect(reads.length).toBeGreaterThan(60);
    for (const each of reads) {
      const { status, body } = await asked(each);
      expect(status, `${each.endpoint.operation} ${JSON.stringify(body)}`).toBeLessThan(500);
    }
  });

  it('writes nothing, and says in how many seconds to ask again', async () => {
    const refused: string[] = [];
    for (const each of all.filter(({ endpoint }) => endpoint.method !== 'GET')) {
      const { status, body, headers } = await asked(each);
      if (status < 500) continue;
      refused.push(each.endpoint.operation);
      expect({ status, after: headers['retry-after'], body }, each.endpoint.operation).toMatchObject({
        status: 503,
        after: '30',
        body: { code: 'unavailable', detail: expect.stringMatching(/read-only/) },
      });
    }
    expect(refused).toEqual(expect.arrayContaining(['createMember', 'approveConfigPromotion', 'putConfig']));
    expect(refused.length).toBeGreaterThan(50);
    expect(await stored()).toEqual(before);
  });
});
