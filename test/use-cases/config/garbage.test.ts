import { beforeEach, describe, expect, it } from 'vitest';
import { NODE_LISTS } from '../../../functions/ports/node-sweep.ts';
import { collectGarbage } from '../../../functions/use-cases/config/collect-garbage.ts';
import { scanGarbage } from '../../../functions/use-cases/config/scan-garbage.ts';
import { ACME, type ConfigWorld, configWorld, PRODUCTION, STAGING } from '../../handlers/config/world.ts';
import { memoryCursors } from '../../support/memory/cursors.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-11-21T09:00:00.000Z');

let world: ConfigWorld;
let dev: ReturnType<ConfigWorld['as']>;
const day = (n: number) => world.at(new Date(START + n * DAY).toISOString());
beforeEach(async () => {
  world = await configWorld();
  dev = world.as('dev');
});

const entries = (from: number, to: number, value: unknown) =>
  Array.from({ length: to - from }, (_, n) => ({
    kind: 'config',
    key: `key.${String(from + n).padStart(5, '0')}`,
    value,
  }));
const put = async (environment: string, list: readonly object[]) => {
  const answer = await dev('POST', `${environment}/batch`, { put: list });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
};
const collect = () => collectGarbage(world.deps, ACME);

async function stored(): Promise<number> {
  let nodes = 0;
  for (let list = 0; list < NODE_LISTS; list += 1)
    nodes += (await world.deps.nodeSweep.list(ACME, list, { limit: 1000 })).items.length;
  return nodes;
}

/** Everything that must stay readable, read: every environment, every change set. */
async function everythingReads(...promotions: readonly string[]): Promise<void> {
  for (const environment of [STAGING, PRODUCTION])
    expect((await dev('GET', `${environment}/snapshot`)).status).toBe(200);
  for (const id of promotions)
    expect((await dev('GET', `/api/v1/config/promotions/${id}/changes`)).status).toBe(200);
}

describe('collecting garbage', () => {
  it('removes nothing of a head, a retained revision or an open promotion', async () => {
    await put(STAGING, entries(0, 400, 'a'.repeat(50)));
    await put(PRODUCTION, entries(0, 500, 'b'.repeat(50)));
    const ask = { targetEnvironment: 'production', promotionType: 'FULL' };
    const { id } = (await dev('POST', '/api/v1/config/promotions', ask)).body;
    for (let n = 0; n < 30; n += 1) await put(STAGING, entries(n * 20, n * 20 + 20, `edit ${n}`));
    day(60);
    expect(await collect()).toMatchObject({ removed: 0 });
    await everythingReads(id);
  });

  it('removes what only revisions beyond retention reach, and keeps the source of a promotion that is still open', async () => {
    await put(STAGING, entries(0, 400, 'old'.repeat(20)));
    await put(PRODUCTION, entries(0, 400, 'other'.repeat(10)));
    const ask = { targetEnvironment: 'production', promotionType: 'FULL' };
    day(150);
    for (let n = 0; n < 105; n += 1) await put(STAGING, entries(0, 400, `new ${n}`));
    day(245);
    const asked = await dev('POST', '/api/v1/config/promotions', ask);
    await put(STAGING, entries(0, 400, 'newest'));
    const before = await stored();
    const collected = await collect();
    expect(collected.removed).toBeGreaterThan(5);
    expect(await stored()).toBe(before - collected.removed);
    await everythingReads(asked.body.id);
    expect(await collect()).toMatchObject({ removed: 0 });
  });

  it('keeps what shows the change set of a promotion that is closed, long after its revisions', async () => {
    await put(STAGING, entries(0, 400, 'old'.repeat(20)));
    await put(PRODUCTION, entries(0, 400, 'other'.repeat(10)));
    const ask = { targetEnvironment: 'production', promotionType: 'FULL' };
    const { id } = (await dev('POST', '/api/v1/config/promotions', ask)).body;
    await dev('DELETE', `/api/v1/config/promotions/${id}`);
    day(150);
    for (let n = 0; n < 105; n += 1) {
      await put(STAGING, entries(0, 400, `new ${n}`));
      const edit = { put: entries(0, 400, `p ${n}`), reason: 'x' };
      expect((await world.as('admin')('POST', `${PRODUCTION}/batch`, edit)).status).toBe(200);
    }
    day(300);
    expect((await collect()).removed).toBeGreaterThan(5);
    const { items } = (await dev('GET', `/api/v1/config/promotions/${id}/changes?limit=1000`)).body;
    expect(items).toHaveLength(400);
    expect(items[7]).toMatchObject({ change: 'modified', from: 'other'.repeat(10), to: 'old'.repeat(20) });
  });

  it('leaves alone what was put within a day before it began, whoever refers to it', async () => {
    const { nodes } = world.deps;
    const { built, numbered } = await import('../../domain/config-tree/trees.ts');
    const orphans = built(numbered(3000)).nodes;
    await put(STAGING, entries(0, 10, 1));
    await nodes.put(ACME, orphans);
    world.at(new Date(START + DAY).toISOString());
    expect(await collect()).toMatchObject({ removed: 0 });
    world.at(new Date(START + DAY + 1).toISOString());
    expect(await collect()).toMatchObject({ removed: orphans.length });
    await everythingReads();
  });

  it('takes nothing from writers who run meanwhile, even of what it has seen as garbage', async () => {
    const old = entries(0, 400, 'first'.repeat(10));
    await put(STAGING, old);
    day(150);
    for (let n = 0; n < 102; n += 1) await put(STAGING, entries(0, 400, `n${n}`));
    day(300);
    let running = true;
    const writer = async () => {
      // Writes again the very entries whose nodes are garbage now.
      for (let n = 0; running; n += 1) {
        await put(STAGING, n % 2 === 0 ? old : entries(0, 400, `m${n}`));
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    const writing = writer();
    const { list, remove } = world.deps.nodeSweep;
    const slow = {
      list,
      async remove(...args: Parameters<typeof remove>) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        return remove(...args);
      },
    };
    const collected = await collectGarbage({ ...world.deps, nodeSweep: slow }, ACME);
    running = false;
    await writing;
    expect(collected.removed).toBeGreaterThan(0);
    await everythingReads();
  });

  it('of one tenant stops at a node that is missing, and of the others goes on', async () => {
    await put(STAGING, entries(0, 400, 1));
    const [node] = (await world.deps.nodeSweep.list(ACME, 7, { limit: 1 })).items;
    const deps = { ...world.deps, cursors: memoryCursors() };
    for (let list = 0; list < NODE_LISTS; list += 1)
      for (const each of (await world.deps.nodeSweep.list(ACME, list, { limit: 1000 })).items)
        if (each.id !== node?.id) await world.deps.nodeSweep.remove(ACME, each);
    const { tenants, faults, unfinished } = await scanGarbage(deps, { milliseconds: 60_000 });
    expect(faults).toMatchObject([{ tenant: ACME, error: { name: 'Corrupt' } }]);
    expect(tenants.map(({ tenant }) => tenant)).toContain('globex');
    expect(unfinished).toBe(false);
  });

  it('goes on in the next run where its time ran out', async () => {
    const cursors = memoryCursors();
    let calls = 0;
    const clock = { now: () => new Date(START + 1000 * calls++).toISOString() };
    const deps = { ...world.deps, clock, cursors };
    const first = await scanGarbage(deps, { milliseconds: 2500 });
    expect(first.unfinished).toBe(true);
    const second = await scanGarbage({ ...deps, clock: world.deps.clock }, { milliseconds: 60_000 });
    const names = [...first.tenants, ...second.tenants].map(({ tenant }) => tenant);
    expect(names).toEqual(['acme', 'globex', 'sluice-ops']);
  });
});
