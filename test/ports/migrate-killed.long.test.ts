import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { putBatches } from '../../functions/adapters/dynamodb/batches.ts';
import { dynamoFormatStore } from '../../functions/adapters/dynamodb/format-store.ts';
import { dynamoStoredItems } from '../../functions/adapters/dynamodb/stored-items.ts';
import { itemOf } from '../../functions/adapters/dynamodb/write.ts';
import { FORMAT } from '../../functions/domain/format/number.ts';
import type { StoredItem } from '../../functions/domain/format/stored-item.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { root } from '../support/releases.ts';

const ITEMS = 230;
/** Writes of a run that nothing kills: the number is raised, each item that moves is one, and each page of 100 keeps the position. */
const LEAST = ITEMS + 4;

/** Runs the migration in a process of its own and kills it at its n-th write; answers how many it came to, and whether it ended. */
async function run(engine: Engine, killedAt = Number.POSITIVE_INFINITY): Promise<[number, boolean]> {
  const program = ['test/support/migrating-process.ts', engine.endpoint, engine.table.name];
  const child = spawn(process.execPath, program, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let [writes, done] = [0, false];
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'done') done = true;
    else writes += 1;
    if (writes === killedAt) child.kill('SIGKILL');
  }
  await gone;
  return [writes, done];
}

async function allOf({ table }: Engine): Promise<StoredItem[]> {
  const all: StoredItem[] = [];
  let after: string | undefined;
  do {
    const page = await dynamoStoredItems(table).page(after);
    all.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return all.sort((a, b) => (`${a.PK} ${a.SK}` < `${b.PK} ${b.SK}` ? -1 : 1));
}

async function onTable<T>(test: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await startEngine();
  try {
    const number = {
      format: FORMAT,
      readable_from: FORMAT,
      written_by: 'sluice',
      at: '2026-11-24T12:00:00Z',
    };
    await dynamoFormatStore(engine.table).write(number, undefined);
    const some = Array.from({ length: ITEMS }, (_, n) =>
      itemOf({ key: { PK: `T#acme#OLD#${n}`, SK: 'STATE' }, attributes: { ver: n, said: `it ${n}` } }),
    );
    const others = some.slice(0, 60).map((each, n) => ({ ...each, PK: { S: `T#acme#KEPT#${n}` } }));
    await putBatches(engine.table, [...some, ...others]);
    return await test(engine);
  } finally {
    await engine.stop();
  }
}

describe.skipIf(skipWithoutEngine())('a migration whose process is killed', () => {
  it('comes to what one comes to that nothing kills, wherever it is killed and however often', async () => {
    const whole = await onTable(async (engine) => {
      const [writes, done] = await run(engine);
      expect(done).toBe(true);
      expect(writes).toBeGreaterThanOrEqual(LEAST);
      return allOf(engine);
    });
    expect(whole.filter(({ PK }) => PK.startsWith('T#acme#NEW#'))).toHaveLength(2 * ITEMS);
    expect(whole).toHaveLength(2 * ITEMS + 60);
    for (const killedAt of [1, 2, 61, 103, 220]) {
      await onTable(async (engine) => {
        let runs = 0;
        for (let done = false; !done; runs += 1) {
          // A run that is always killed at its first write gets nowhere.
          [, done] = await run(engine, killedAt + 17 * runs);
        }
        expect(runs, `killed at ${killedAt}`).toBeGreaterThan(1);
        expect(await allOf(engine), `killed at ${killedAt}`).toEqual(whole);
        expect((await dynamoFormatStore(engine.table).read())?.moving).toBeUndefined();
      });
    }
  });
});
