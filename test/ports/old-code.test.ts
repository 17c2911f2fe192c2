import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dynamoFormatStore } from '../../functions/adapters/dynamodb/format-store.ts';
import { watchFormat } from '../../functions/adapters/dynamodb/format-watch.ts';
import { dynamoStoredItems } from '../../functions/adapters/dynamodb/stored-items.ts';
import { dynamoStores } from '../../functions/adapters/dynamodb/stores.ts';
import { FORMAT, type FormatNumber } from '../../functions/domain/format/number.ts';
import { MIGRATIONS } from '../../functions/migrations/all.ts';
import type { Migration } from '../../functions/migrations/migration.ts';
import { type MigrateDeps, migrate } from '../../functions/use-cases/migrate/migrate.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { gateway } from './catalog-samples.ts';

const START = Date.parse('2026-11-24T12:00:00.000Z');
const NEVER = '2027-01-01T00:00:00.000Z';
const TENANT = 'acme';
const GATEWAYS = /^T#acme#CATALOG#gateway$/;

/** Moves gateways to another partition. `readable_from`: whether code of today may go on beside it. */
const moving = (readable_from: number): Migration => ({
  format: FORMAT + 1,
  readable_from,
  move: ({ PK, SK, ...rest }) => (GATEWAYS.test(PK) ? [{ ...rest, PK: `${PK}-moved`, SK }] : undefined),
});

/** Holds every call of the point `at` for as long as it is closed. */
function gate() {
  let open: (() => void) | undefined;
  let shut: Promise<void> | undefined;
  let arrived: () => void = () => {};
  const waiting = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  return {
    waiting,
    close() {
      shut = new Promise((resolve) => {
        open = resolve;
      });
    },
    open: () => open?.(),
    async pass() {
      if (shut !== undefined) arrived();
      await shut;
    },
  };
}

describe.skipIf(skipWithoutEngine())('code that was warm before a migration', () => {
  let engine: Engine;
  let now: number;
  beforeEach(async () => {
    now = START;
    engine = await startEngine();
    await dynamoFormatStore(engine.table).write(NUMBER, undefined);
  });
  afterEach(() => engine.stop());
  const NUMBER: FormatNumber = {
    ...{ format: FORMAT, readable_from: FORMAT, written_by: 'sluice', at: new Date(START).toISOString() },
  };

  /** An instance of this code. `stand`: where its writes stand still, having been let through. */
  const warm = (stand?: () => Promise<void>) => {
    const table = engine.open();
    if (stand !== undefined) {
      table.client.middlewareStack.add(
        (next, { commandName }) =>
          async (args: Parameters<typeof next>[0]) => {
            if (commandName === 'TransactWriteItemsCommand') await stand();
            return next(args);
          },
        { step: 'build', name: 'stand', priority: 'high' },
      );
    }
    return dynamoStores(
      watchFormat(table, () => now),
      () => new Date(now).toISOString(),
    );
  };
  const put = (stores: ReturnType<typeof warm>, version: number) =>
    stores.transactions.commit(TENANT, [
      { write: 'catalog', entry: { type: 'gateway', item: gateway('gw-1', version) }, expected: version - 1 },
    ]);

  /** The whole migration; time passes by its waits alone. `each`: what happens meanwhile. */
  const migrated = (migration: Migration, meanwhile: (seconds: number) => Promise<void> = async () => {}) => {
    const deps: MigrateDeps = {
      formats: dynamoFormatStore(engine.table),
      items: dynamoStoredItems(engine.table),
      clock: { now: () => new Date(now).toISOString() },
      async sleep(ms) {
        const end = now + ms;
        for (; now < end; now += 10_000) await meanwhile((now - START) / 1_000);
      },
    };
    return migrate(deps, [...MIGRATIONS, migration], { until: NEVER });
  };
  const stored = async () => {
    const { items } = await dynamoStoredItems(engine.table).page(undefined);
    return items.map(({ PK, ver }) => `${PK} ${ver}`).filter((each) => each.includes('gateway'));
  };

  it('writes for 30 s at most, and nothing when the first item moves', async () => {
    const old = warm();
    await put(old, 1);
    let version = 1;
    const written: number[] = [];
    await migrated(moving(FORMAT + 1), async (seconds) => {
      const wrote = await put(old, version + 1).catch((error: Error) => error.name);
      if (wrote === 'FormatUnsupported') return;
      version += 1;
      written.push(seconds);
    });
    expect(written).toEqual([0, 10, 20]);
    await expect(put(old, version + 1)).rejects.toMatchObject({ name: 'FormatUnsupported' });
    expect(await stored()).toEqual([`T#acme#CATALOG#gateway-moved ${version}`]);
  });

  it('writes nothing that it read before it stood still', async () => {
    const old = warm();
    await put(old, 1);
    const read = await old.catalog.item(TENANT, 'gateway', 'gw-1');
    await migrated(moving(FORMAT + 1));
    await expect(put(old, (read?.version ?? 0) + 1)).rejects.toMatchObject({ name: 'FormatUnsupported' });
    expect(await stored()).toEqual(['T#acme#CATALOG#gateway-moved 1']);
  });

  it('sends no write that it had let through before it stood still', async () => {
    const { waiting, pass, close, open } = gate();
    const old = warm(pass);
    await put(old, 1);
    close();
    const late = put(old, 2).catch((error: Error) => error.name);
    await waiting;
    await migrated(moving(FORMAT + 1));
    open();
    expect(await late).toBe('FormatUnsupported');
    expect(await stored()).toEqual(['T#acme#CATALOG#gateway-moved 1']);
  });

  it('loses the race where it may go on and the item has moved: nothing stands in both places', async () => {
    const old = warm();
    await put(old, 1);
    const read = await old.catalog.item(TENANT, 'gateway', 'gw-1');
    await migrated(moving(FORMAT));
    expect(await put(old, (read?.version ?? 0) + 1)).toMatchObject({ committed: false });
    expect(await stored()).toEqual(['T#acme#CATALOG#gateway-moved 1']);
  });
});
