import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { markRoots, markStep, startMark } from '../../../functions/domain/config-tree/mark.ts';
import { isRetained } from '../../../functions/domain/config-tree/retention.ts';
import type { Digest } from '../../../functions/domain/digest.ts';
import { collectGarbage } from '../../../functions/use-cases/config/collect-garbage.ts';
import { CONFIG, slotIn } from '../../../functions/use-cases/config/slot.ts';
import { nodesOf } from '../../../functions/use-cases/config/tree.ts';
import { ACME, type ConfigWorld, configWorld, PRODUCTION, STAGING } from '../../handlers/config/world.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../../support/engine.ts';
import { tableStores } from '../../support/replayed-table.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-11-21T09:00:00.000Z');
const PROMOTIONS = '/api/v1/config/promotions';

/** Values that one edit gives to all keys, so that every edit leaves a whole tree behind. */
const entries = (value: unknown) =>
  Array.from({ length: 300 }, (_, n) => ({
    kind: 'config',
    key: `key.${String(n).padStart(5, '0')}`,
    value: `${value} ${'x'.repeat(40)}`,
  }));

describe.skipIf(skipWithoutEngine())('garbage on the table', () => {
  let engine: Engine;
  let world: ConfigWorld;
  let today = 0;
  beforeAll(async () => {
    engine = await startEngine();
    world = await configWorld((now) => tableStores(engine.table, now));
  });
  afterAll(() => engine.stop());

  const day = (n: number) => {
    today = n;
    world.at(new Date(START + n * DAY).toISOString());
  };
  const edit = async (environment: string, value: unknown) => {
    const reason = environment === PRODUCTION ? { reason: 'test' } : {};
    const put = await world.as('admin')('POST', `${environment}/batch`, { put: entries(value), ...reason });
    expect(put.status, JSON.stringify(put.body)).toBe(200);
  };
  const dev: ReturnType<ConfigWorld['as']> = (...call) => world.as('dev')(...call);

  /** Approves and executes; whatever got in the way in between is no matter here. */
  const carryOut = async (id: string) => {
    await world.as('alice')('POST', `${PROMOTIONS}/${id}/approve`);
    const asked = await dev('POST', `${PROMOTIONS}/${id}/execute`);
    if (asked.status === 202) await world.run(id).catch(() => undefined);
    return (await dev('GET', `${PROMOTIONS}/${id}`)).body.status;
  };
  const promote = async () => {
    const ask = { targetEnvironment: 'production', promotionType: 'FULL', prune: true };
    const { body } = await dev('POST', PROMOTIONS, ask);
    return body.id === undefined ? undefined : { id: body.id, status: await carryOut(body.id) };
  };

  /** Edits, promotes and rolls back, and leaves a promotion open, while something else goes on. */
  async function busy(round: number, during: () => Promise<unknown>): Promise<string[]> {
    let running = true;
    const done: string[] = [];
    const editor = async () => {
      // Every other edit writes again what is garbage by now.
      for (let n = 0; running; n += 1)
        await edit(STAGING, n % 2 === 0 ? `old ${1 + (n % 6)}` : `new ${round} ${n}`);
    };
    const promoter = async () => {
      while (running) {
        const promoted = await promote();
        if (promoted?.status !== 'completed') continue;
        done.push(promoted.id);
        const back = await dev('POST', `${PROMOTIONS}/${promoted.id}/rollback`, { acknowledgeRisk: true });
        if (back.status === 201) await carryOut(back.body.id);
      }
    };
    const writing = [editor(), promoter()];
    await during();
    running = false;
    await Promise.all(writing);
    await edit(STAGING, `open ${round}`);
    await dev('POST', PROMOTIONS, { targetEnvironment: 'production', promotionType: 'FULL' });
    return done;
  }

  /** Reads all that must be kept through stores that have read nothing before: every node, checked against its id. */
  async function everythingIsThere(): Promise<number> {
    const stores = tableStores(engine.table);
    const roots = new Set<Digest>();
    for (const { slot, digest } of await stores.heads.ofSubject(ACME, CONFIG)) {
      if (digest !== null) roots.add(digest);
      let [newer, after]: [number, string | undefined] = [0, undefined];
      do {
        const page = await stores.heads.revisions(ACME, slot, { limit: 100, ...(after && { after }) });
        for (const { digest: root, at } of page.items) {
          const age = START + today * DAY - Date.parse(at);
          if (root !== null && isRetained({ newer, age })) roots.add(root);
          newer += 1;
        }
        after = page.next;
      } while (after !== undefined);
    }
    let after: string | undefined;
    let open = 0;
    do {
      const page = await stores.promotions.list(ACME, {}, { limit: 100, ...(after && { after }) });
      for (const { seal, status } of page.items) {
        if (status === 'pending') open += 1;
        roots.add(seal.plan.source.digest);
        if (seal.plan.tree !== undefined) roots.add(seal.plan.tree.origin);
      }
      after = page.next;
    } while (after !== undefined);
    const mark = startMark();
    markRoots(mark, roots);
    while (mark.pending.length > 0) await markStep(nodesOf(stores, ACME), mark, 500);
    return open;
  }

  it('never is a node of a head, a retained revision or a promotion, while people edit, promote and roll back', async () => {
    for (let n = 0; n < 7; n += 1) await edit(STAGING, `old ${n}`);
    await edit(PRODUCTION, 'production');
    const { items } = await world.deps.heads.revisions(ACME, slotIn('staging'), { limit: 10 });
    const oldest = items.at(-1)?.digest;
    day(100);
    for (let n = 0; n < 101; n += 1) await edit(STAGING, `later ${n}`);
    day(200);
    let removed = 0;
    const promoted: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      const run = async () => {
        const { list, remove } = world.deps.nodeSweep;
        const overtaken = {
          list,
          async remove(...args: Parameters<typeof remove>) {
            // Somebody writes again the very tree whose root is about to go.
            if (args[1].id === oldest) await edit(STAGING, 'old 0');
            return remove(...args);
          },
        };
        removed += (await collectGarbage({ ...world.deps, nodeSweep: overtaken }, ACME)).removed;
      };
      promoted.push(...(await busy(round, run)));
      expect(await everythingIsThere()).toBeGreaterThan(0);
      // What was written meanwhile is older than the grace of a day by then; the last round is beyond the retention too.
      day(200 + 3 * (round + 1) + (round === 2 ? 100 : 0));
    }
    expect(removed).toBeGreaterThan(20);
    expect(promoted.length).toBeGreaterThan(0);
    for (const id of promoted)
      expect((await dev('GET', `${PROMOTIONS}/${id}/changes`)).body.items).toHaveLength(100);
    expect((await world.deps.heads.read(ACME, slotIn('staging')))?.revision).toBeGreaterThan(110);
  });
});
