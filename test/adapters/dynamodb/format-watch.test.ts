import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dynamoBearerStores } from '../../../functions/adapters/dynamodb/bearer-stores.ts';
import { dynamoCursors } from '../../../functions/adapters/dynamodb/cursors.ts';
import { dynamoFormatStore } from '../../../functions/adapters/dynamodb/format-store.ts';
import { watchFormat } from '../../../functions/adapters/dynamodb/format-watch.ts';
import { item } from '../../../functions/adapters/dynamodb/item.ts';
import { cursorKey, formatKey } from '../../../functions/adapters/dynamodb/keys.ts';
import { dynamoStores } from '../../../functions/adapters/dynamodb/stores.ts';
import type { Table } from '../../../functions/adapters/dynamodb/table.ts';
import { FORMAT } from '../../../functions/domain/format/number.ts';
import { operationCosts } from '../../handlers/operation-costs.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../../support/engine.ts';
import { Rounds } from '../../support/rounds.ts';

const START = Date.parse('2026-11-24T12:00:00.000Z');
const REFUSED = { name: 'FormatUnsupported' };

describe.skipIf(skipWithoutEngine())('a watched table', () => {
  let engine: Engine;
  let now: number;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());
  beforeEach(async () => {
    now = START;
    await forget();
  });

  const forget = () =>
    engine.table.client.send(new DeleteItemCommand({ TableName: engine.table.name, Key: item(formatKey) }));
  /** Puts the number as another process would. */
  const set = (format: number, readable_from = format) =>
    engine.table.client.send(
      new PutItemCommand({
        TableName: engine.table.name,
        Item: item({ ...formatKey, format, readable_from, written_by: 'sluice 9.9.9', at: 'then' }),
      }),
    );
  const open = (table = engine.open()) => {
    const rounds = new Rounds(table);
    const watched = watchFormat(table, () => now);
    return { rounds, watched, cursors: dynamoCursors(watched) };
  };
  const reads = ({ rounds }: Rounds) =>
    rounds.flat().filter((call) => call.startsWith('GetItem SYS#FORMAT')).length;
  const stored = async (walk: string) => dynamoCursors(engine.table).read(walk);

  it('reads the number beside the first call and beside the first one after 30 s: no round more', async () => {
    await set(FORMAT);
    const { rounds, cursors } = open();
    for (const [at, read] of [
      [0, 1],
      [1, 0],
      [29_999, 0],
      [30_000, 1],
      [59_999, 0],
      [60_000, 1],
      [3_600_000, 1],
    ] as const) {
      now = START + at;
      rounds.reset();
      await cursors.read('walk');
      expect(rounds.rounds, String(at)).toHaveLength(1);
      expect(reads(rounds), String(at)).toBe(read);
    }
  });

  it('reads it once for calls that go out together', async () => {
    await set(FORMAT);
    const { rounds, cursors } = open();
    await Promise.all(['a', 'b', 'c'].map((walk) => cursors.read(walk)));
    expect(rounds.rounds).toHaveLength(1);
    expect(reads(rounds)).toBe(1);
  });

  it.each([
    ['a newer format', () => set(FORMAT + 1)],
    ['no number', forget],
    ['a number that says nothing', () => putNonsense()],
  ])('answers nothing and writes nothing with %s', async (_, arrange) => {
    await arrange();
    const { cursors, watched } = open();
    await expect(cursors.write('refused', 'x')).rejects.toMatchObject(REFUSED);
    await expect(cursors.read('refused')).rejects.toMatchObject(REFUSED);
    await expect(dynamoStores(watched).directory.tenant('acme')).rejects.toMatchObject(REFUSED);
    await expect(watched.check()).rejects.toMatchObject(REFUSED);
    expect(await stored('refused')).toBeUndefined();
  });
  const putNonsense = () =>
    engine.table.client.send(
      new PutItemCommand({ TableName: engine.table.name, Item: item({ ...formatKey, format: 'x' }) }),
    );

  it('serves a newer format that says that this code still reads it', async () => {
    await set(FORMAT + 1, FORMAT);
    const { cursors } = open();
    await cursors.write('walk', 'x');
    expect(await cursors.read('walk')).toBe('x');
  });

  it('stops within 30 s of the number being raised while it is warm, and starts when it is lowered', async () => {
    await set(FORMAT);
    const { cursors } = open();
    await cursors.write('warm', 'before');
    now += 10_000;
    await set(FORMAT + 1);
    now += 20_000;
    await expect(cursors.write('warm', 'after')).rejects.toMatchObject(REFUSED);
    await expect(cursors.read('warm')).rejects.toMatchObject(REFUSED);
    expect(await stored('warm')).toBe('before');
    await set(FORMAT);
    now += 30_000;
    expect(await cursors.read('warm')).toBe('before');
  });

  it('trusts nothing that it read before its clock was set back', async () => {
    await set(FORMAT);
    const { cursors } = open();
    await cursors.read('walk');
    await set(FORMAT + 1);
    now -= 3_600_000;
    await expect(cursors.read('walk')).rejects.toMatchObject(REFUSED);
  });

  it('answers nothing where the number cannot be read, and asks again with the next call', async () => {
    await set(FORMAT);
    const table = engine.open({ maxAttempts: 1 });
    let away = true;
    table.client.middlewareStack.add(
      (next) => async (args) => {
        const number = JSON.stringify(args.input).includes('SYS#FORMAT');
        if (number && away) throw Object.assign(new Error('away'), { name: 'InternalServerError' });
        return next(args);
      },
      { step: 'build', name: 'away' },
    );
    const { cursors } = open(table);
    await expect(cursors.write('unsure', 'x')).rejects.toMatchObject({ name: 'Unavailable' });
    await expect(cursors.read('unsure')).rejects.toMatchObject({ name: 'Unavailable' });
    away = false;
    expect(await cursors.read('unsure')).toBeUndefined();
  });

  it('waits for the number before it writes', async () => {
    await set(FORMAT);
    const { rounds, cursors } = open();
    await cursors.write('walk', 'x');
    expect(rounds.rounds).toEqual([
      [`GetItem ${formatKey.PK} ${formatKey.SK}`],
      [`PutItem ${cursorKey('walk').PK} ${cursorKey('walk').SK}`],
    ]);
  });

  it('costs no operation a round or a unit written', async () => {
    const stores = (table: Table, at: () => string) => ({
      ...dynamoStores(table, at),
      ...dynamoBearerStores(table),
    });
    const plain = await operationCosts(await fresh(), stores);
    const numbered = await fresh();
    await dynamoFormatStore(numbered.table).write(
      { format: FORMAT, readable_from: FORMAT, written_by: 'sluice', at: 'then' },
      undefined,
    );
    let clock = START;
    const watched = await operationCosts(
      numbered,
      (table, at) =>
        stores(
          watchFormat(table, () => clock),
          at,
        ),
      () => {
        // Each operation finds a function that has not looked for a while.
        clock += 60_000;
      },
    );
    expect(watched.size).toBe(plain.size);
    for (const [operation, { rounds, write }] of watched) {
      expect(rounds, operation).toHaveLength(plain.get(operation)?.rounds.length ?? Number.NaN);
      expect(rounds[0], operation).toContain('GetItem SYS#FORMAT');
      expect(write, operation).toBe(plain.get(operation)?.write);
    }
  });

  const more: Engine[] = [];
  afterAll(() => Promise.all(more.map((each) => each.stop())));
  async function fresh(): Promise<Engine> {
    const one = await startEngine();
    more.push(one);
    return one;
  }
});
