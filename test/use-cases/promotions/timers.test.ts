import { describe, expect, it } from 'vitest';
import { Fault } from '../../../functions/domain/faults.ts';
import type { Deps } from '../../../functions/use-cases/deps.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { cancelPromotion } from '../../../functions/use-cases/promotions/cancel.ts';
import { schedulePromotion } from '../../../functions/use-cases/promotions/schedule.ts';
import { unschedulePromotion } from '../../../functions/use-cases/promotions/unschedule.ts';
import { fire } from '../../../functions/use-cases/workflow/fire.ts';
import { sweep } from '../../../functions/use-cases/workflow/sweep.ts';
import { STORES, TENANT } from '../deployments/world.ts';
import { ALICE, DEV } from './people.ts';
import { BOUNDS, requested, type Stage, staged, sure, typesOf } from './stage.ts';

const NINE = '2026-03-02T09:00:00.000Z';
const TEN = '2026-03-02T10:00:00.000Z';

/** Deps whose alarms are watched, and can be away. */
function alarmed(stage: Stage) {
  const set = new Map<string, string>();
  const clock = { set, calls: 0, away: false };
  const served = async (act: () => void) => {
    if (clock.away) throw new Fault('Unavailable', 'away');
    clock.calls += 1;
    act();
  };
  const deps: Deps = {
    ...stage.deps,
    scheduler: {
      put: (ref, at) => served(() => set.set(ref.id, at)),
      remove: (ref) => served(() => set.delete(ref.id)),
    },
  };
  return Object.assign(clock, { deps });
}

describe.each(STORES)('the alarm of a promotion, on $name', ({ open }) => {
  const stage = staged(open);
  const read = (id: string) => stage().deps.promotions.read(TENANT, id);
  const schedule = async (deps: Deps, id: string, at: string) =>
    sure(await schedulePromotion(deps, { principal: DEV, id, at }));
  const approve = async (deps: Deps, id: string) =>
    sure(await approvePromotion(deps, { principal: ALICE, id }));

  it('is set when an approval schedules it, moved with its time, and taken back', async () => {
    const clock = alarmed(stage());
    const { id } = await requested(stage());
    await schedule(clock.deps, id, NINE);
    expect(clock.calls).toBe(0);
    await approve(clock.deps, id);
    expect([...clock.set]).toEqual([[id, NINE]]);
    await schedule(clock.deps, id, TEN);
    expect([...clock.set]).toEqual([[id, TEN]]);
    sure(await unschedulePromotion(clock.deps, { principal: DEV, id }));
    expect(clock.set.size).toBe(0);
    await schedule(clock.deps, id, NINE);
    sure(await cancelPromotion(clock.deps, { principal: DEV, id }));
    expect(clock.set.size).toBe(0);
    expect(await read(id)).toMatchObject({ workflowRecord: { work: [] } });
  });

  it('that could not be set is set by the sweep', async () => {
    const clock = alarmed(stage());
    const { id } = await requested(stage());
    await approve(clock.deps, id);
    clock.away = true;
    await schedule(clock.deps, id, NINE);
    expect(await read(id)).toMatchObject({ workflowRecord: { work: ['publish', 'schedule'] } });
    clock.away = false;
    await sweep(clock.deps, BOUNDS);
    expect([...clock.set]).toEqual([[id, NINE]]);
    expect(await read(id)).toMatchObject({ workflowRecord: { work: [] } });
  });

  it('executes at its time, whoever else calls too, and takes nothing back afterwards', async () => {
    const clock = alarmed(stage());
    const { id } = await requested(stage());
    await schedule(clock.deps, id, NINE);
    await approve(clock.deps, id);
    const calls = clock.calls;
    stage().now = NINE;
    await Promise.all([
      fire(clock.deps, stage().ref(id)),
      fire(clock.deps, stage().ref(id)),
      sweep(clock.deps, BOUNDS),
    ]);
    expect(await fire(clock.deps, stage().ref(id))).toBe('idle');
    const types = await typesOf(stage(), id);
    expect(types.filter((type) => type === 'ExecutionRequested')).toHaveLength(1);
    expect(clock.calls).toBe(calls);
  });

  it('of an older time does nothing but set itself anew', async () => {
    const clock = alarmed(stage());
    const { id } = await requested(stage());
    await approve(clock.deps, id);
    await schedule(clock.deps, id, TEN);
    clock.set.set(id, NINE);
    stage().now = NINE;
    expect(await fire(clock.deps, stage().ref(id))).toBe('early');
    expect(await read(id)).toMatchObject({ state: { status: 'scheduled' } });
    expect([...clock.set]).toEqual([[id, TEN]]);
    expect(await fire(clock.deps, stage().ref('prom-none'))).toBe('unknown');
  });

  it('stands for the newer of two times that two people set at once', async () => {
    const clock = alarmed(stage());
    const { id } = await requested(stage());
    await approve(clock.deps, id);
    const slow: Deps = {
      ...clock.deps,
      scheduler: {
        ...clock.deps.scheduler,
        put: async (ref, at) => {
          if (at === NINE) await schedule(clock.deps, id, TEN);
          await clock.deps.scheduler.put(ref, at);
        },
      },
    };
    await schedule(slow, id, NINE);
    expect(await read(id)).toMatchObject({ state: { schedule: { at: TEN } }, workflowRecord: { work: [] } });
    expect([...clock.set]).toEqual([[id, TEN]]);
  });

  it('is set for the end of the freeze that it came in', async () => {
    const clock = alarmed(stage());
    const { id } = await requested(stage());
    await schedule(clock.deps, id, NINE);
    await approve(clock.deps, id);
    const common = { environment: 'production', created_by: 'admin', version: 1 } as const;
    const times = { starts_at: '2026-03-02T08:00:00.000Z', ends_at: TEN };
    const stamps = { created_at: NINE, updated_at: NINE };
    const item = {
      id: 'frz-1',
      reason: 'fair',
      mode: 'deny',
      on_due: 'wait',
      ...common,
      ...times,
      ...stamps,
    } as const;
    await stage().commit({ write: 'catalog', entry: { type: 'freeze', item }, expected: 0 });
    clock.set.clear();
    stage().now = NINE;
    expect(await fire(clock.deps, stage().ref(id))).toBe('executed');
    expect(await read(id)).toMatchObject({ state: { status: 'scheduled' } });
    expect([...clock.set]).toEqual([[id, TEN]]);
    stage().now = TEN;
    await fire(clock.deps, stage().ref(id));
    expect(await read(id)).toMatchObject({
      state: { status: 'approved', execution_requested: { kind: 'system' } },
    });
  });
});

describe('a sweep of more than it can do', () => {
  const stage = staged(STORES[0]?.open ?? (() => Promise.reject(new Error('no store'))));

  it('attends to several at once, and begins none when its time is up', async () => {
    const { id } = await requested(stage());
    const refs = Array.from({ length: 250 }, (_, n) => stage().ref(`${id}-${n}`));
    let [running, highest, attended] = [0, 0, 0];
    const deps: Deps = {
      ...stage().deps,
      workflowRecords: {
        ...stage().deps.workflowRecords,
        withWork: async ({ after = '0', limit }) => {
          const from = Number(after);
          const next = from + limit < refs.length ? { next: String(from + limit) } : {};
          return { items: refs.slice(from, from + limit), ...next };
        },
      },
      promotions: {
        ...stage().deps.promotions,
        read: async () => {
          running += 1;
          highest = Math.max(highest, running);
          await new Promise((resolve) => setImmediate(resolve));
          attended += 1;
          if (attended === 200) stage().advance('PT10S');
          running -= 1;
          return undefined;
        },
      },
    };
    const bounds = { most: 1_000, atOnce: 8, milliseconds: 18_000 };
    expect(await sweep(deps, bounds)).toMatchObject({ unfinished: true });
    expect(highest).toBe(8);
    expect(attended).toBeGreaterThanOrEqual(200);
    expect(attended).toBeLessThan(210);
    const before = attended;
    expect(await sweep(deps, bounds)).toMatchObject({ attended: 250 - before, unfinished: false });
    expect(await sweep(deps, bounds)).toMatchObject({ attended: 250, unfinished: false });
  });
});
