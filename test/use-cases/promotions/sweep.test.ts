import { describe, expect, it } from 'vitest';
import { Fault } from '../../../functions/domain/faults.ts';
import { addDuration } from '../../../functions/domain/instant.ts';
import type { Deps } from '../../../functions/use-cases/deps.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { rejectPromotion } from '../../../functions/use-cases/promotions/reject.ts';
import { schedulePromotion } from '../../../functions/use-cases/promotions/schedule.ts';
import { awaitWake } from '../../../functions/use-cases/workflow/await-wake.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { sweep } from '../../../functions/use-cases/workflow/sweep.ts';
import { STORES, T0, TENANT } from '../deployments/world.ts';
import { ALICE, DEV } from './people.ts';
import {
  asked,
  BOUNDS,
  OVER_HTTP,
  recorded,
  requested,
  type Stage,
  staged,
  started,
  sure,
  TO_PRODUCTION,
  TO_STAGING,
} from './stage.ts';

/** Deps whose workflow and bus are watched, and can be away. */
function driven(stage: Stage) {
  const calls: string[] = [];
  const cloud = { away: false, over: false, gone: false, calls };
  const served = async <T>(call: string, answer: T): Promise<T> => {
    if (cloud.away) throw new Fault('Unavailable', 'away');
    calls.push(call);
    return answer;
  };
  const deps: Deps = {
    ...stage.deps,
    workflow: {
      start: (_, attempt) => served(`start ${attempt}`, cloud.over ? 'over' : 'started'),
      wake: (token, _, next) => served(`wake ${token} ${next}`, cloud.gone ? 'gone' : 'woken'),
    },
    bus: { publish: (events) => served(`publish ${events.length}`, undefined) },
  };
  return Object.assign(cloud, { deps });
}

describe.each(STORES)('the sweep, on $name', ({ open }) => {
  const stage = staged(open);
  const read = (id: string) => stage().deps.promotions.read(TENANT, id);
  const token = (attempt: number, name = 'token') => ({
    token: name,
    attempt,
    entered_time: stage().now,
    retry_count: 0,
    state: 'await' as const,
  });

  it('does what was left while everything else was away', async () => {
    const cloud = driven(stage());
    cloud.away = true;
    const { state } = sure(await createPromotion(cloud.deps, asked()));
    expect(await read(state.id)).toMatchObject({
      workflowRecord: { work: ['start', 'publish'], published: 0 },
    });
    const swept = await sweep(cloud.deps, BOUNDS);
    expect(swept).toMatchObject({ attended: 1, faults: [{ ref: stage().ref(state.id) }] });
    cloud.away = false;
    expect(await sweep(cloud.deps, BOUNDS)).toEqual({
      attended: 1,
      faults: [],
      unheard: [],
      unfinished: false,
    });
    expect(cloud.calls).toEqual(['start 1', 'publish 2']);
    expect(await read(state.id)).toMatchObject({ workflowRecord: { work: [], published: 2 } });
    expect(await sweep(cloud.deps, BOUNDS)).toMatchObject({ attended: 0 });
  });

  it('lets the intent to execute stand until the head is claimed, and replaces a lost execution', async () => {
    const cloud = driven(stage());
    const { state } = sure(await createPromotion(cloud.deps, asked(TO_STAGING)));
    expect(await read(state.id)).toMatchObject({ workflowRecord: { work: ['start', 'publish'] } });
    cloud.over = true;
    await sweep(cloud.deps, BOUNDS);
    expect(cloud.calls).toEqual(['start 1', 'start 1', 'start 2']);
    expect(await read(state.id)).toMatchObject({
      workflowRecord: { attempt: 2, work: ['start', 'publish'] },
    });
    cloud.over = false;
    expect(await execute(cloud.deps, stage().ref(state.id))).toMatchObject({ status: 'completed' });
    expect(await read(state.id)).toMatchObject({ workflowRecord: { work: [], published: 6 } });
    expect(cloud.calls.at(-1)).toBe('publish 7');
  });

  it('wakes the waiting execution; one that is gone is asked for, and one that is over replaced', async () => {
    const cloud = driven(stage());
    const { id } = await requested(stage());
    await awaitWake(cloud.deps, stage().ref(id), token(1));
    sure(await approvePromotion(cloud.deps, { principal: ALICE, id }));
    expect(cloud.calls.filter((call) => !call.startsWith('publish'))).toEqual([]);
    cloud.gone = true;
    cloud.over = true;
    sure(await executePromotion(cloud.deps, { principal: DEV, id }));
    expect(cloud.calls.filter((call) => !call.startsWith('publish'))).toEqual([
      'wake token execute',
      'start 1',
      'start 2',
    ]);
    cloud.calls.length = 0;
    // The token of attempt 1 is nobody's now: attempt 2 has yet to wait.
    cloud.over = false;
    await sweep(cloud.deps, BOUNDS);
    expect(cloud.calls).toEqual(['start 2']);
  });

  it('ends the waiting of what a person closed', async () => {
    const cloud = driven(stage());
    const { id } = await requested(stage());
    await awaitWake(cloud.deps, stage().ref(id), token(1));
    sure(await rejectPromotion(cloud.deps, { principal: ALICE, id, reason: 'no' }));
    expect(cloud.calls.toSorted()).toEqual(['publish 1', 'wake token done']);
  });

  it('closes what expired', async () => {
    const cloud = driven(stage());
    const { id } = await requested(stage());
    stage().advance('P7D');
    await sweep(cloud.deps, BOUNDS);
    expect(await read(id)).toMatchObject({ state: { status: 'rejected', closed_by: 'expiry' } });
    expect(await stage().deps.workflowRecords.due('2099-01-01T00:00:00.000Z', { limit: 10 })).toEqual({
      items: [],
    });
  });

  it.each(['P7D', 'P200D'])(
    'closes no sooner than it expires, nobody having looked for %s',
    async (outage) => {
      const cloud = driven(stage());
      const { id, ...requestedState } = await requested(stage());
      if (!('expires_at' in requestedState)) throw new Error('never expires');
      const { expires_at } = requestedState;
      expect(await stage().deps.workflowRecords.due('2099-01-01T00:00:00.000Z', { limit: 10 })).toMatchObject(
        {
          items: [{ id }],
        },
      );
      if (outage === 'P7D') {
        stage().now = addDuration(expires_at, '-PT0.001S');
        await sweep(cloud.deps, BOUNDS);
        expect(await read(id)).toMatchObject({ state: { status: 'pending' } });
        stage().now = expires_at;
      } else stage().advance(outage);
      await sweep(cloud.deps, BOUNDS);
      expect(await read(id)).toMatchObject({
        state: { status: 'rejected', closed_by: 'expiry', completed_at: stage().now },
      });
      // What came too late closes it too, whoever comes first.
      const late = await approvePromotion(cloud.deps, { principal: ALICE, id });
      expect(late).toMatchObject({ refused: 'already_decided' });
    },
  );

  it('executes at the time that was set, not before, and waits out a lock', async () => {
    const cloud = driven(stage());
    const { id } = await requested(stage());
    const at = '2026-03-02T09:00:00.000Z';
    sure(await schedulePromotion(cloud.deps, { principal: DEV, id, at }));
    sure(await approvePromotion(cloud.deps, { principal: ALICE, id }));
    stage().now = '2026-03-02T08:59:59.999Z';
    await sweep(cloud.deps, BOUNDS);
    expect(await read(id)).toMatchObject({ state: { status: 'scheduled' } });

    const production = await stage().deps.catalog.item(TENANT, 'environment', 'production');
    if (production === undefined) throw new Error('no production');
    const { lock: _, ...free } = production;
    const write = (item: typeof production, expected: number) =>
      stage().commit({ write: 'catalog', entry: { type: 'environment', item }, expected });
    await write({ ...free, version: 2, lock: { reason: 'incident', by: 'admin', at: T0 } }, 1);
    stage().now = at;
    await sweep(cloud.deps, BOUNDS);
    expect(await read(id)).toMatchObject({
      state: { status: 'scheduled' },
      workflowRecord: { due_at: '2026-03-02T10:00:00.000Z' },
    });
    await write({ ...free, version: 3 }, 2);
    stage().advance('PT1H');
    await sweep(cloud.deps, BOUNDS);
    expect(await read(id)).toMatchObject({
      state: { status: 'approved', execution_requested: { kind: 'system' } },
      workflowRecord: { work: ['wake', 'publish'] },
    });
  });

  it('asks a gateway that was silent for an hour once more, then says that nobody knows', async () => {
    const cloud = driven(stage());
    stage().outcome = { outcome: 'accepted' };
    const id = await started(stage(), OVER_HTTP);
    expect(await execute(cloud.deps, stage().ref(id))).toMatchObject({ status: 'executing' });
    stage().advance('PT59M');
    await sweep(cloud.deps, BOUNDS);
    expect(await read(id)).toMatchObject({ state: { status: 'executing' } });
    stage().advance('PT1M');
    await sweep(cloud.deps, BOUNDS);
    expect(stage().deployed.map(({ idempotency_key }) => idempotency_key)).toHaveLength(2);
    expect(await read(id)).toMatchObject({
      state: { status: 'failed', failure: { code: 'outcome_unknown', target_state: 'unknown' } },
    });
  });

  it('goes on past a promotion that fails, and leaves the rest for the next run', async () => {
    const cloud = driven(stage());
    cloud.away = true;
    const ids: string[] = [];
    for (const n of [1, 2, 3]) {
      stage().advance('PT1S');
      await recorded(stage(), `dep-${n}`, 'agent-123', 'staging');
      const request = { ...TO_PRODUCTION, source_deployment_id: `dep-${n}` };
      ids.push(sure(await createPromotion(cloud.deps, asked(request))).state.id);
    }
    cloud.away = false;
    const poisoned: Deps = {
      ...cloud.deps,
      promotions: {
        ...cloud.deps.promotions,
        read: async (tenant, id) => {
          if (id === ids[0]) throw new Fault('Corrupt', 'unreadable');
          return await cloud.deps.promotions.read(tenant, id);
        },
      },
    };
    expect(await sweep(poisoned, { ...BOUNDS, most: 2 })).toMatchObject({
      attended: 2,
      faults: [{ ref: { id: ids[0] } }],
      unfinished: true,
    });
    // First what had no turn yet, then again what failed.
    expect(await sweep(cloud.deps, BOUNDS)).toMatchObject({ attended: 1, faults: [] });
    expect(await sweep(cloud.deps, BOUNDS)).toMatchObject({ attended: 1, faults: [] });
    for (const id of ids) expect(await read(id)).toMatchObject({ workflowRecord: { work: [] } });
  });

  describe('a waiting execution', () => {
    it('answers itself when there is something to do already', async () => {
      const cloud = driven(stage());
      const id = await started(stage());
      await awaitWake(cloud.deps, stage().ref(id), token(1));
      expect(cloud.calls).toEqual(['wake token execute']);
    });

    it('ends when a newer one waits', async () => {
      const cloud = driven(stage());
      const { id } = await requested(stage());
      await stage().deps.workflowRecords.raiseAttempt(stage().ref(id), 1);
      await awaitWake(cloud.deps, stage().ref(id), token(2, 'newer'));
      await awaitWake(cloud.deps, stage().ref(id), token(1, 'zombie'));
      expect(cloud.calls).toEqual(['wake zombie done']);
      expect(await stage().deps.tokens.get(stage().ref(id))).toMatchObject({ token: 'newer' });
    });

    it('gives way to the next attempt before it is too old', async () => {
      const cloud = driven(stage());
      const { id } = await requested(stage());
      // Approvals that hold for long: only then does anything wait for so long.
      const stored = await read(id);
      if (stored === undefined) throw new Error('no promotion');
      const { state, workflowRecord } = stored;
      stage().advance('P6DT23H');
      const young = { ...stage().deps, promotions: { ...stage().deps.promotions, read: async () => stored } };
      await awaitWake({ ...young, workflow: cloud.deps.workflow }, stage().ref(id), token(1));
      expect(cloud.calls).toEqual([]);
      const old = { ...stored, state: { ...state, requested_at: '2025-12-01T00:00:00.000Z' } };
      const aged = { ...stage().deps, promotions: { ...stage().deps.promotions, read: async () => old } };
      await awaitWake({ ...aged, workflow: cloud.deps.workflow }, stage().ref(id), token(1));
      expect(cloud.calls).toEqual(['wake token done']);
      cloud.over = true;
      await sweep(cloud.deps, BOUNDS);
      expect(cloud.calls.slice(1)).toEqual(['start 1', 'start 2']);
      expect(await read(id)).toMatchObject({ workflowRecord: { attempt: 2, due_at: workflowRecord.due_at } });
    });
  });
});
