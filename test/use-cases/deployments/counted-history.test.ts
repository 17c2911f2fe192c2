import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import type { Write } from '../../../functions/ports/transaction.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import { reportDeployment } from '../../../functions/use-cases/deployments/report.ts';
import type { DeploymentReport } from '../../../functions/use-cases/deployments/request.ts';
import { rollUpDeployments } from '../../../functions/use-cases/deployments/roll-up.ts';
import { CI, createWorld, STORES, T0, TENANT, type World } from './world.ts';

const PLATFORM = { kind: 'artifact', name: 'platform' } as const;
const BOUNDS = { most: 1_000, milliseconds: 60_000 };

/** The morning before the world begins. */
const at = (minute: number) =>
  `2026-03-01T0${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}:00.000Z`;
const DAY_BEFORE = '2026-02-28T10:00:00.000Z';
const times = (instant: string) => ({ deployed_at: instant, completed_at: instant });
const commit = (sha: string, minute: number) => ({ sha, committed_at: at(minute) });

describe.each(STORES)('what the history of a subject says, on $name', ({ open }) => {
  let opened: Awaited<ReturnType<typeof open>>;
  let world: World;
  beforeEach(async () => {
    opened = await open();
    world = await createWorld(opened.stores);
  });
  afterEach(() => opened.stop());

  async function record(id: string, minute: number, more: Partial<DeploymentReport> = {}) {
    const { status = 'DEPLOYED' } = more;
    const when = { deployed_at: at(minute), completed_at: at(minute) };
    const times = { ...when, ...(status === 'FAILED' ? {} : { live_at: at(minute) }) };
    const report = { id, subject: PLATFORM, environment: 'staging', status, ...times, details: {}, ...more };
    const recorded = await recordDeployment(world.deps, { principal: CI, report });
    if (isRefusal(recorded)) throw new Error(recorded.detail);
  }
  async function count(deps: World['deps'] = world.deps) {
    world.advance('PT1M');
    return await rollUpDeployments(deps, BOUNDS);
  }
  const counted = async (id: string) => (await world.deps.deployments.read(TENANT, id))?.counted;

  /** Counts as code did before there were timelines: it puts nothing on them, and says so nowhere. */
  const asBefore = (): World['deps'] => ({
    ...world.deps,
    transactions: {
      async commit(tenant, writes) {
        const known = writes.flatMap((write): readonly Write[] => {
          if (write.write === 'moment' || write.write === 'timeline') return [];
          if (write.write !== 'roll_up') return [write];
          const { placed, ...roll_up } = write.roll_up;
          // It keeps a member that it does not know as it was.
          const kept = placed === undefined || write.expected === 0 ? {} : { placed: write.expected };
          return [{ ...write, roll_up: { ...roll_up, ...kept } }];
        });
        return await world.deps.transactions.commit(tenant, known);
      },
    },
  });

  it('has any number of deployments to other environments between', async () => {
    await record('dep-a', 10, { details: { commits: [commit('a', 0)] } });
    await record('dep-b', 11, { status: 'FAILED' });
    for (let each = 0; each < 30; each += 1)
      await record(`dev-${each}`, 12 + each, { environment: 'development' });
    await record('dep-c', 70, { details: { commits: [commit('a', 0), commit('c', 60)] } });
    await count();
    expect(await counted('dep-c')).toMatchObject({ lead: 600, recoveries: [59 * 60] });
  });

  it.each([true, false])(
    'has who served then, whether that was counted before it was taken back (%s) or not',
    async (early) => {
      await record('one', 10, { details: { commits: [commit('a', 1)] } });
      await record('two', 20, { details: { commits: [commit('a', 1), commit('b', 15)] } });
      if (early) await count();
      await reportDeployment(world.deps, { principal: CI, id: 'one', report: { status: 'ROLLED_BACK' } });
      await count();
      expect([(await counted('one'))?.lead, (await counted('two'))?.lead]).toEqual([540, 300]);
    },
  );

  it('changes for all that ship what is recorded later, and for nothing else', async () => {
    const shas = Array.from({ length: 25 }, (_, each) => commit(`c${each}`, each));
    for (const [each, one] of shas.entries())
      await record(`dep-${each}`, 100 + each, { details: { commits: [one, commit(`own-${each}`, 90)] } });
    await count();
    expect((await counted('dep-24'))?.lead).toBe(100 * 60);
    await record('late', 95, { details: { commits: shas } });
    await count();
    expect((await counted('late'))?.lead).toBe(95 * 60);
    for (const [each] of shas.entries()) expect((await counted(`dep-${each}`))?.lead).toBe((10 + each) * 60);
  });

  it('has what code from before timelines counted, whether that was of old or by an upgrade taken back', async () => {
    for (const day of [1, 2])
      await record(`old-${day}`, day, { details: { commits: [commit(`o${day}`, 0)] } });
    await record('failed', 10, { status: 'FAILED' });
    await count(asBefore());
    await record('dep-1', 40, { details: { commits: [commit('o1', 0), commit('o2', 0), commit('n', 39)] } });
    await count();
    expect(await counted('dep-1')).toMatchObject({ lead: 60, recoveries: [1_800] });
    await record('failed-2', 50, { status: 'FAILED' });
    await count(asBefore());
    await record('dep-2', 70);
    await count();
    expect(await counted('dep-2')).toMatchObject({ recoveries: [1_200] });
  });

  it('knows neither how long it took nor its lead time of one that is recorded nine days late with its beginning alone', async () => {
    await record('failed', 10, { status: 'FAILED', deployed_at: '2026-02-19T08:00:00.000Z' });
    const report = { id: 'late', subject: PLATFORM, environment: 'staging', status: 'DEPLOYED' } as const;
    const began = { deployed_at: '2026-02-20T08:00:00.000Z', details: { commits: [commit('a', 0)] } };
    const recorded = await recordDeployment(world.deps, { principal: CI, report: { ...report, ...began } });
    expect(recorded).toMatchObject({ deployment: { live_at: T0 } });
    expect(recorded).not.toHaveProperty('deployment.completed_at');
    await count();
    expect(await counted('late')).toEqual({ status: 'DEPLOYED', live: true, recoveries: [] });
    await record('next', 541);
    await count();
    expect(await counted('next')).toMatchObject({ live: true, recoveries: [] });
  });

  it('is whole when a count ends at any commit, and is gone on with', async () => {
    await record('failed', 10, { status: 'FAILED' });
    await count();
    for (let fails = 1; ; fails += 1) {
      await record(`dep-${fails}`, 100 - fails, { details: { commits: [commit('a', 0)] } });
      let commits = 0;
      const cut: World['deps'] = {
        ...world.deps,
        transactions: {
          commit: async (tenant, writes) => {
            commits += 1;
            if (commits === fails) return { committed: false, lost: [] };
            return await world.deps.transactions.commit(tenant, writes);
          },
        },
      };
      await count(cut);
      await count();
      const all = await Promise.all(Array.from({ length: fails }, (_, each) => counted(`dep-${each + 1}`)));
      expect(all.map((one) => one?.recoveries)).toEqual(
        all.map((_, each) => (each + 1 === fails ? [(90 - fails) * 60] : [])),
      );
      expect(all.filter((one) => one?.lead !== undefined)).toHaveLength(1);
      if (commits < fails) break;
    }
  });

  it('is counted by one writer at a time: who read before another counted counts next time', async () => {
    await record('failed', 10, { status: 'FAILED', ...times('2026-02-27T10:00:00.000Z') });
    await count();
    await record('dep-1', 40);
    world.advance('PT1M');
    let raced = false;
    const racing: World['deps'] = {
      ...world.deps,
      transactions: {
        commit: async (tenant, writes) => {
          if (!raced && writes.some(({ write }) => write === 'timeline')) {
            raced = true;
            // Of another day, so that no sum is the same.
            await record('dep-2', 30, { ...times(DAY_BEFORE), live_at: DAY_BEFORE });
            world.advance('PT1M');
            await rollUpDeployments(world.deps, BOUNDS);
          }
          return await world.deps.transactions.commit(tenant, writes);
        },
      },
    };
    expect(await rollUpDeployments(racing, BOUNDS)).toMatchObject({ counted: 0 });
    await count();
    expect(await counted('dep-1')).toMatchObject({ recoveries: [] });
    expect(await counted('dep-2')).toMatchObject({ recoveries: [86_400] });
  });
});
