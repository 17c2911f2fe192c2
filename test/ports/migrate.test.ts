import { readdirSync } from 'node:fs';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { putBatches } from '../../functions/adapters/dynamodb/batches.ts';
import { encodeBody } from '../../functions/adapters/dynamodb/body.ts';
import { dynamoCursors } from '../../functions/adapters/dynamodb/cursors.ts';
import { dynamoFormatStore } from '../../functions/adapters/dynamodb/format-store.ts';
import { watchFormat } from '../../functions/adapters/dynamodb/format-watch.ts';
import { readItem } from '../../functions/adapters/dynamodb/read.ts';
import { dynamoStoredItems } from '../../functions/adapters/dynamodb/stored-items.ts';
import { itemOf } from '../../functions/adapters/dynamodb/write.ts';
import { FORMAT } from '../../functions/domain/format/number.ts';
import type { StoredItem } from '../../functions/domain/format/stored-item.ts';
import { MIGRATIONS } from '../../functions/migrations/all.ts';
import type { Migration } from '../../functions/migrations/migration.ts';
import type { FormatStore, StoredItems } from '../../functions/ports/format-store.ts';
import { isDue, type MigrateDeps, migrate } from '../../functions/use-cases/migrate/migrate.ts';
import { skipWithoutEngine, startEngine } from '../support/engine.ts';
import { memoryFormatStore } from '../support/memory/format-store.ts';
import { itemsByName, memoryStoredItems } from '../support/memory/stored-items.ts';

const START = '2026-11-24T12:00:00.000Z';
const NEVER = '2027-01-01T00:00:00.000Z';
const NUMBER = { format: 1, readable_from: 1, written_by: 'sluice 1', at: START };

/** Moves `OLD#n` to `NEW#n`, and its text into a body. */
const toNew: Migration = {
  format: 2,
  readable_from: 2,
  move({ PK, SK, said, ...rest }) {
    if (!PK.startsWith('T#acme#OLD#')) return undefined;
    return [{ ...rest, PK: PK.replace('OLD', 'NEW'), SK, body: { said } }];
  },
};
const ALL = [...MIGRATIONS, toNew];
const OLD = Array.from({ length: 8 }, (_, n) => ({
  PK: `T#acme#OLD#${n}`,
  SK: 'STATE',
  ver: n,
  said: `it ${n}`,
}));
const OTHER = { PK: 'T#acme#KEPT', SK: 'STATE', ver: 1 };
const MOVED = [
  OTHER,
  ...OLD.map(({ said, ver }, n) => ({ PK: `T#acme#NEW#${n}`, SK: 'STATE', ver, body: { said } })),
];

type Stage = { readonly formats: FormatStore; readonly items: StoredItems };
type Use = (test: (stage: Stage) => Promise<void>) => Promise<void>;

/** Time passes when the migration waits. */
function depsOf(
  stage: Stage,
  slept: () => Promise<void> = async () => {},
): MigrateDeps & { now: () => string } {
  let now = START;
  const sleep = async (ms: number) => {
    now = new Date(Date.parse(now) + ms).toISOString();
    await slept();
  };
  return { ...stage, sleep, clock: { now: () => now }, now: () => now };
}

async function allOf({ items }: Stage): Promise<StoredItem[]> {
  const all: StoredItem[] = [];
  let after: string | undefined;
  do {
    const page = await items.page(after);
    all.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return all.sort((a, b) => (a.PK < b.PK ? -1 : 1));
}
const inOrder = (items: readonly StoredItem[]) => items.toSorted((a, b) => (a.PK < b.PK ? -1 : 1));

/** Dies at its n-th write, before or after it is done. */
function dying(
  { formats, items }: Stage,
  at: number,
  after: boolean,
): Stage & { readonly died: () => boolean } {
  let writes = 0;
  const write = async <T>(act: () => Promise<T>): Promise<T> => {
    writes += 1;
    if (writes > at) throw new Error('killed');
    const last = writes === at;
    if (last && !after) throw new Error('killed');
    const result = await act();
    if (last) throw new Error('killed');
    return result;
  };
  return {
    formats: { ...formats, write: (...asked) => write(() => formats.write(...asked)) },
    items: { ...items, replace: (...asked) => write(() => items.replace(...asked)) },
    died: () => writes >= at,
  };
}

function contract(use: Use): void {
  it('raises the number, waits 60 s, and then moves what it concerns and nothing else', () =>
    use(async (stage) => {
      const before = inOrder([OTHER, ...OLD]);
      const deps = depsOf(stage, async () => {
        expect(await stage.formats.read()).toMatchObject({ format: 2, readable_from: 2 });
        expect(await allOf(stage)).toEqual(before);
      });
      expect(await migrate(deps, ALL, { until: NEVER })).toEqual({ done: true, format: 2, moved: 8 });
      expect(Date.parse(deps.now()) - Date.parse(START)).toBe(60_000);
      expect(await allOf(stage)).toEqual(inOrder(MOVED));
      expect((await stage.formats.read())?.moving).toBeUndefined();
      expect(await migrate(depsOf(stage), ALL, { until: NEVER })).toEqual({
        done: true,
        format: 2,
        moved: 0,
      });
      expect(await allOf(stage)).toEqual(inOrder(MOVED));
    }));

  it('comes to the same end when it dies at any write, before or after it is done', async () => {
    for (const after of [false, true]) {
      let survived = false;
      for (let at = 1; !survived; at += 1) {
        await use(async (stage) => {
          const mortal = dying(stage, at, after);
          await migrate(depsOf(mortal), ALL, { until: NEVER }).catch(() => {});
          survived = !mortal.died();
          await migrate(depsOf(stage), ALL, { until: NEVER });
          expect(await allOf(stage), `write ${at}`).toEqual(inOrder(MOVED));
        });
      }
    }
  });

  it('comes to the same end when several run at once', () =>
    use(async (stage) => {
      await Promise.all([1, 2, 3].map(() => migrate(depsOf(stage), ALL, { until: NEVER })));
      expect(await allOf(stage)).toEqual(inOrder(MOVED));
    }));

  it('loses no change that is made to an item while it is moved', () =>
    use(async (stage) => {
      const [, , changed = OTHER] = OLD;
      let done = false;
      const items: StoredItems = {
        ...stage.items,
        async replace(item, others) {
          if (item.PK === changed.PK && !done) {
            done = true;
            await stage.items.replace(item, [{ ...item, ver: 99, said: 'changed', GSI3PK: 'added' }]);
          }
          return stage.items.replace(item, others);
        },
      };
      await migrate(depsOf({ ...stage, items }), ALL, { until: NEVER });
      const found = (await allOf(stage)).find(({ PK }) => PK === 'T#acme#NEW#2');
      expect(found).toMatchObject({ ver: 99, body: { said: 'changed' }, GSI3PK: 'added' });
    }));

  it('stops at its deadline, and goes on from there', () =>
    use(async (stage) => {
      const soon = '2026-11-24T12:00:30.000Z';
      expect(await migrate(depsOf(stage), ALL, { until: soon })).toEqual({
        done: false,
        format: 2,
        moved: 0,
      });
      expect(await allOf(stage)).toEqual(inOrder([OTHER, ...OLD]));
      expect(await migrate(depsOf(stage), ALL, { until: NEVER })).toMatchObject({ done: true });
      expect(await allOf(stage)).toEqual(inOrder(MOVED));
    }));

  it('overwrites nothing that is in the place already, and says which item waits', () =>
    use(async (stage) => {
      await stage.items.replace(OTHER, [OTHER, { PK: 'T#acme#NEW#3', SK: 'STATE', ver: 7 }]);
      await expect(migrate(depsOf(stage), ALL, { until: NEVER })).rejects.toThrow('T#acme#OLD#3');
      expect((await stage.items.read({ PK: 'T#acme#NEW#3', SK: 'STATE' }))?.['ver']).toBe(7);
    }));

  it('leaves a migration that this code does not have to the release that began it, and says so where nothing may be written', () =>
    use(async (stage) => {
      const running = { ...NUMBER, format: 3, step: 1, moving: { moved: 0, read_only: false } };
      await stage.formats.write(running, NUMBER);
      expect(isDue(running, ALL)).toBe(false);
      expect(await migrate(depsOf(stage), ALL, { until: NEVER })).toMatchObject({ done: true, format: 3 });
      expect(await stage.formats.read()).toEqual(running);
      await stage.formats.write({ ...running, step: 2, moving: { moved: 0, read_only: true } }, running);
      await expect(migrate(depsOf(stage), ALL, { until: NEVER })).rejects.toThrow(/format 3 runs/);
    }));

  it('waits for nothing where no other process has the table open', () =>
    use(async (stage) => {
      const deps = depsOf(stage);
      expect(await migrate(deps, ALL, { until: NEVER, alone: true })).toMatchObject({ done: true, moved: 8 });
      expect(deps.now()).toBe(START);
    }));

  it('says after each page how far it is', () =>
    use(async (stage) => {
      const said: number[] = [];
      await migrate(depsOf(stage), ALL, { until: NEVER, tell: ({ moved }) => void said.push(moved) });
      expect(said.at(-1)).toBe(8);
      expect(said).toEqual(said.toSorted((a, b) => a - b));
    }));
}

describe('a migration, in memory', () => {
  contract(async (test) => {
    const formats = memoryFormatStore();
    await formats.write(NUMBER, undefined);
    await test({ formats, items: memoryStoredItems(itemsByName([OTHER, ...OLD])) });
  });
});

describe.skipIf(skipWithoutEngine())('a migration, on the table', () => {
  const onTable = async (
    test: (stage: Stage, engine: Awaited<ReturnType<typeof startEngine>>) => Promise<void>,
  ) => {
    const engine = await startEngine();
    try {
      const formats = dynamoFormatStore(engine.table);
      await formats.write(NUMBER, undefined);
      const stored = [OTHER, ...OLD].map(({ PK, SK, ...attributes }) => ({ key: { PK, SK }, attributes }));
      await putBatches(engine.table, stored.map(itemOf));
      await test({ formats, items: dynamoStoredItems(engine.table) }, engine);
    } finally {
      await engine.stop();
    }
  };
  contract((test) => onTable((stage) => test(stage)));

  it('keeps every kind of attribute and body, of what moves and of what stays', () =>
    onTable(async (stage, engine) => {
      const kinds: Record<string, AttributeValue> = {
        ...{ salt: { B: new Uint8Array([0, 255, 1]) }, half: { N: '1.5' }, yes: { BOOL: true } },
        ...{ some: { SS: ['a', 'b'] }, deep: { M: { list: { L: [{ N: '0' }] } } }, none: { N: '0' } },
        ...{ body: encodeBody([{ seq: 1, text: 'x'.repeat(400) }]) },
      };
      const at = (PK: string) => ({ PK: { S: PK }, SK: { S: 'STATE' }, ...kinds });
      await putBatches(engine.table, [at('T#acme#CONFIG#TREE'), at('T#acme#LIST#1')]);
      const read = (PK: string) => readItem(engine.table, { PK, SK: 'STATE' });
      const before = await read('T#acme#CONFIG#TREE');
      const moving: Migration = {
        ...{ format: 2, readable_from: 2 },
        move: ({ PK, ...rest }) => (PK === 'T#acme#LIST#1' ? [{ ...rest, PK: 'T#acme#LIST#2' }] : undefined),
      };
      await migrate(depsOf(stage), [...MIGRATIONS, moving], { until: NEVER });
      expect(await read('T#acme#CONFIG#TREE')).toEqual(before);
      expect(await read('T#acme#LIST#2')).toEqual({ ...before, PK: { S: 'T#acme#LIST#2' } });
    }));

  it('finds no function of the old code that still writes when the first item moves', () =>
    onTable(async (stage, engine) => {
      const deps = depsOf(stage);
      const warm = dynamoCursors(watchFormat(engine.open(), () => Date.parse(deps.now())));
      await warm.write('walk', 'before');
      const tried: unknown[] = [];
      const items: StoredItems = {
        ...stage.items,
        async replace(...asked) {
          tried.push(await warm.write('walk', 'after').catch((error: Error) => error.name));
          return stage.items.replace(...asked);
        },
      };
      await migrate({ ...deps, items }, ALL, { until: NEVER });
      expect(tried).toEqual(OLD.map(() => 'FormatUnsupported'));
      expect(await dynamoCursors(engine.table).read('walk')).toBe('before');
    }));

  it('lets reads through and no write while one runs that needs it', () =>
    onTable(async (stage, engine) => {
      const deps = depsOf(stage);
      const closing: Migration = { ...toNew, readable_from: 1, read_only: true };
      const served = dynamoCursors(watchFormat(engine.open(), () => Date.parse(deps.now())));
      const tried: unknown[] = [];
      const items: StoredItems = {
        ...stage.items,
        async replace(...asked) {
          tried.push(await served.write('walk', 'x').catch((error: Error) => error.name));
          tried.push(await served.read('walk'));
          return stage.items.replace(...asked);
        },
      };
      await migrate({ ...deps, items }, [...MIGRATIONS, closing], { until: NEVER });
      expect(tried.filter((each) => each === 'ReadOnly')).toHaveLength(OLD.length);
      expect(tried.filter((each) => each === undefined)).toHaveLength(OLD.length);
      await deps.sleep(30_000);
      await served.write('walk', 'open again');
    }));
});

describe('the migrations of this code', () => {
  it('lead from format 1 to the one that it reads, one file each', () => {
    expect(MIGRATIONS.map(({ format }) => format)).toEqual(Array.from({ length: FORMAT }, (_, n) => n + 1));
    const files = readdirSync('functions/migrations').filter((file) => /^\d{4}-[a-z-]+\.ts$/.test(file));
    expect(files.map((file) => Number(file.slice(0, 4))).sort()).toEqual(
      MIGRATIONS.map(({ format }) => format),
    );
    for (const { format, readable_from } of MIGRATIONS) expect(readable_from).toBeLessThanOrEqual(format);
  });
});
