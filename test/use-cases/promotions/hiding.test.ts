import { beforeEach, describe, expect, it } from 'vitest';
import { digestOfBytes } from '../../../functions/domain/digest.ts';
import { Fault } from '../../../functions/domain/faults.ts';
import type { PageRequest } from '../../../functions/ports/page.ts';
import type { Deps } from '../../../functions/use-cases/deps.ts';
import { sweepWatchLists } from '../../../functions/use-cases/evidence/sweep.ts';
import { sweep } from '../../../functions/use-cases/workflow/sweep.ts';
import { tellStopped } from '../../../functions/use-cases/workflow/tell-stopped.ts';
import { STORES, TENANT } from '../deployments/world.ts';
import { BOUNDS, requested, staged } from './stage.ts';

const MANY = 250;
const broken = new Fault('Corrupt', 'unreadable');

/** A list of items by number, in pages. */
const numbered =
  <T>(of: (n: number) => T, total = MANY + 1) =>
  async ({ after = '0', limit }: PageRequest) => {
    const from = Number(after);
    const until = Math.min(total, from + limit);
    const items = Array.from({ length: until - from }, (_, n) => of(from + n));
    return until < total ? { items, next: String(until) } : { items };
  };

describe('behind pages of what always fails', () => {
  const stage = staged(STORES[0]?.open ?? (() => Promise.reject(new Error('no store'))));
  let deps: Deps;
  beforeEach(() => {
    deps = stage().deps;
  });

  it('the openings of locks are attended to', async () => {
    const heard: string[] = [];
    const unblockRecords: Deps['unblockRecords'] = {
      ...deps.unblockRecords,
      withWork: numbered((n) => ({ tenant: TENANT, environment: `env-${n}`, version: 1 })),
      stopped: async (_, environment) => {
        if (environment !== `env-${MANY}`) throw broken;
        heard.push(environment);
        return { items: [] };
      },
    };
    const { unheard, unfinished } = await sweep({ ...deps, unblockRecords }, BOUNDS);
    expect(heard).toEqual([`env-${MANY}`]);
    expect(unheard).toHaveLength(MANY);
    expect(unfinished).toBe(false);
  });

  it('what is due is attended to, where the run before had time for nothing but those', async () => {
    const asked: string[] = [];
    const own: Deps = {
      ...deps,
      workflowRecords: {
        ...deps.workflowRecords,
        withWork: async () => ({ items: [] }),
        due: (_, page) => numbered((n) => ({ tenant: TENANT, id: `prom-${n}` }))(page),
      },
      promotions: {
        ...deps.promotions,
        read: async (_, id) => {
          asked.push(id);
          stage().advance('PT1S');
          throw broken;
        },
      },
    };
    for (let runs = 0; runs < 8; runs += 1)
      await sweep(own, { most: 1_000, atOnce: 1, milliseconds: 35_000 });
    expect(asked).toContain(`prom-${MANY}`);
    expect(asked.length).toBeGreaterThan(MANY);
  });

  it('watch lists are told', async () => {
    const asked: string[] = [];
    const refs = numbered((n) => ({ tenant: TENANT, subject: digestOfBytes(`${n}`) }));
    const evidence: Deps['evidence'] = {
      ...deps.evidence,
      withWork: refs,
      watchList: async (_, subject) => {
        asked.push(subject);
        throw broken;
      },
    };
    for (let runs = 0; runs < 6; runs += 1) {
      const { faults } = await sweepWatchLists({ ...deps, evidence }, { most: 50 });
      expect(faults).toHaveLength(runs < 5 ? 50 : 1);
    }
    expect(new Set(asked).size).toBe(MANY + 1);
  });

  it('one promotion hears of what was lifted although another cannot be read', async () => {
    const { id } = await requested(stage());
    const left: string[] = [];
    const own: Deps = {
      ...deps,
      promotions: {
        ...deps.promotions,
        read: (tenant, one) => (one === id ? deps.promotions.read(tenant, id) : Promise.reject(broken)),
      },
      unblockRecords: {
        ...deps.unblockRecords,
        stopped: async () => ({ items: ['prom-broken', id].map((one) => ({ id: one, version: 1 })) }),
        leave: async (_, __, { id: one }) => left.push(one) > 0,
        clearWork: () => expect.unreachable('one was not told'),
      },
    };
    const opening = { tenant: TENANT, environment: 'production', version: 1 };
    await expect(tellStopped(own, opening, '2099-01-01T00:00:00.000Z')).rejects.toBe(broken);
    expect(left).toEqual([id]);
  });
});
