import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PromotionStore } from '../../functions/ports/promotion-store.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { times } from '../support/length.ts';
import { copyOf, templateOf } from '../support/promotion-copies.ts';
import { replayWritten } from '../support/replay-written.ts';
import { tableStores } from '../support/replayed-table.ts';
import { Rounds } from '../support/rounds.ts';
import { ACME, START } from './api-world.ts';
import {
  admin,
  alice,
  dev,
  path,
  recorded,
  requested,
  stagedWorld,
  stagedWorldOn,
  world,
} from './promotions-world.ts';

const OTHERS = times(150, 10_000);
const DONE = '2026-11-21T09:10:00.000Z';
const LATER = '2026-11-21T09:30:00.000Z';

describe.skipIf(skipWithoutEngine())('beside many newer promotions that alice approved and bob may', () => {
  let engine: Engine;
  let rounds: Rounds;
  let mine = '';
  beforeEach(async () => {
    engine = await startEngine();
    const table = engine.open();
    await stagedWorldOn((now) => tableStores(table, now));
    await recorded('dep-old', 'staging', 'agent-old');
    const old = { agent_id: 'agent-old', source_deployment_id: 'dep-old' };
    mine = await requested({ ...old, execution: 'manual' });
    world.at(DONE);
    const done = await requested();
    await alice('POST', `${path}/${done}/reject`, { reason: 'no' });
    world.at(LATER);
    const policy = { name: 'two', environments: ['production'], required_approvers: 2, groups: [] };
    expect(await admin('POST', '/api/v1/approval-policies', policy)).toMatchObject({ status: 201 });
    const id = await requested();
    expect(await alice('POST', `${path}/${id}/approve`, {})).toMatchObject({ body: { status: 'pending' } });
    const template = await templateOf(world.deps, ACME, id);
    for (let from = 0; from < OTHERS; from += 30) {
      const some = Array.from({ length: Math.min(30, OTHERS - from) }, (_, n) => `other-${from + n}`);
      await world.commit(ACME, ...some.map((other) => copyOf(template, other, true)));
    }
    // The tenant's secret, which cursors are authenticated with, is read once by each instance.
    await world.deps.chunkingKeys.of(ACME);
    rounds = new Rounds(table);
  }, 600_000);
  afterEach(async () => {
    await replayWritten();
    await engine.stop();
  });

  it('names the old one that waits for her, in the overview and in the list, whole', async () => {
    const { status, body } = await alice('GET', '/api/v1/overview');
    expect(status).toBe(200);
    expect(body).toMatchObject({ waiting: [mine], complete: true });
    // The newest that are open, and it.
    expect(body.promotions).toHaveLength(101);
    expect(body.promotions.at(-1).id).toBe(mine);
    rounds.reset();
    const listed = (await alice('GET', `${path}?waiting_for=me&limit=50`)).body;
    expect(listed.items.map(({ id }: { id: string }) => id)).toEqual([mine]);
    expect(listed).toMatchObject({ complete: true, next_cursor: null });
    // A key costs 1/25 of a unit, a promotion half of one beyond the first hundred.
    expect(rounds.meter.readUnits).toBeLessThanOrEqual(200 + OTHERS * 0.6);
  });

  it('finds what ended before them, in at most five rounds a page', async () => {
    let cursor = '';
    for (let pages = 1; ; pages += 1) {
      rounds.reset();
      const { body } = await dev('GET', `${path}?status=completed,rejected&limit=50${cursor}`);
      expect(rounds.rounds.length, rounds.rounds.join('\n')).toBeLessThanOrEqual(1 + 5);
      expect(pages).toBeLessThanOrEqual(1 + OTHERS / 500);
      cursor = `&cursor=${body.next_cursor}`;
      if (body.items.length === 0 && body.next_cursor !== null) continue;
      expect(body.items).toMatchObject([{ created_at: DONE, status: 'rejected' }]);
      return;
    }
  });
});

describe('a walk that is cut', () => {
  beforeEach(stagedWorld);

  it('says so, and goes on from its cursor: nothing is said to wait for nobody', async () => {
    const id = await requested();
    const { walkOpen } = world.deps.promotions;
    let asked = 0;
    const endless: PromotionStore['walkOpen'] = async (tenant, filter, page) => {
      asked += 1;
      return asked > 40 ? walkOpen(tenant, filter, { ...page, after: '~' }) : { items: [], next: START };
    };
    world.deps.promotions.walkOpen = endless;
    const { body } = await alice('GET', '/api/v1/overview');
    expect(body).toMatchObject({ waiting: [], complete: false });
    const first = (await alice('GET', `${path}?waiting_for=me`)).body;
    expect(first).toMatchObject({ items: [], complete: false, next_cursor: expect.any(String) });
    asked = 40;
    const on = (await alice('GET', `${path}?waiting_for=me&cursor=${first.next_cursor}`)).body;
    expect(on).toMatchObject({ items: [{ id }], complete: true, next_cursor: null });
  });

  it('gives each once, page by page', async () => {
    const ids: string[] = [];
    for (const n of [1, 2, 3, 4]) {
      world.at(`2026-11-21T09:0${n}:00.000Z`);
      await recorded(`dep-${n}`, 'staging', `agent-${n}`);
      ids.unshift(await requested({ agent_id: `agent-${n}`, source_deployment_id: `dep-${n}` }));
    }
    const found: string[] = [];
    let cursor = '';
    for (const length of [2, 2]) {
      const { body } = await alice('GET', `${path}?waiting_for=me&limit=2${cursor}`);
      expect(body.items).toHaveLength(length);
      found.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(found).toEqual(ids);
    expect(cursor).toBe('&cursor=null');
  });
});
