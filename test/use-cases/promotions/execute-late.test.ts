import { describe, expect, it } from 'vitest';
import type { Deps } from '../../../functions/use-cases/deps.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { STORES, T0, TENANT } from '../deployments/world.ts';
import { ALICE, DEV } from './people.ts';
import { requested, type Stage, staged, sure } from './stage.ts';

type Late = NonNullable<Deps['late']>;

/** Reads that answer for ever what they answered first, as a replica does that is very late; and how many there were. */
function lagging({ deps }: Stage): { readonly late: Late; readonly reads: () => number } {
  const answers = new Map<string, unknown>();
  async function first<R>(read: () => Promise<R>, ...asked: readonly unknown[]): Promise<R> {
    const key = JSON.stringify(asked);
    const known = answers.get(key);
    if (isAnswer<R>(known)) return known.answer;
    const answer = await read();
    answers.set(key, { answer });
    return answer;
  }
  const { catalog, heads, directory, deployments, changes, tokens } = deps;
  const late: Late = {
    directory,
    catalog: {
      ...catalog,
      all: (t, noun) => first(() => catalog.all(t, noun), 'all', t, noun),
      item: (t, noun, id) => first(() => catalog.item(t, noun, id), 'item', t, noun, id),
      governing: (t, names) => first(() => catalog.governing(t, names), 'governing', t, names),
    },
    heads: {
      ...heads,
      read: (t, slot) => first(() => heads.read(t, slot), 'head', t, slot),
      ofSubjectIn: (...asked) => first(() => heads.ofSubjectIn(...asked), 'heads', asked),
    },
    deployments: { read: (t, id) => first(() => deployments.read(t, id), 'deployment', t, id) },
    changes: { weakened: (...asked) => first(() => changes.weakened(...asked), 'weakened', asked) },
    tokens: { get: (ref) => first(() => tokens.get(ref), 'token', ref) },
  };
  return { late, reads: () => answers.size };
}

const isAnswer = <R>(known: unknown): known is { readonly answer: R } => known !== undefined;

describe.each(STORES)('the verb execute over reads that are late, on $name', ({ open }) => {
  const stage = staged(open);

  async function approved(): Promise<string> {
    const { id } = await requested(stage());
    sure(await approvePromotion(stage().deps, { principal: ALICE, id }));
    return id;
  }

  it('asks a moment late where nothing is in the way', async () => {
    const id = await approved();
    const { late, reads } = lagging(stage());
    const strong: string[] = [];
    const { catalog, heads } = stage().deps;
    const counted: Deps = {
      ...stage().deps,
      late,
      catalog: {
        ...catalog,
        governing: async (...args) => {
          strong.push('governing');
          return await catalog.governing(...args);
        },
      },
      heads: {
        ...heads,
        read: async (...args) => {
          strong.push('head');
          return await heads.read(...args);
        },
      },
    };
    sure(await executePromotion(counted, { principal: DEV, id }));
    expect(strong).toEqual([]);
    expect(reads()).toBeGreaterThan(5);
  });

  it('refuses nothing for what is over', async () => {
    const id = await approved();
    const deps = { ...stage().deps, ...lagging(stage()) };
    await lock('incident');
    expect(await executePromotion(deps, { principal: DEV, id })).toMatchObject({ refused: 'locked' });
    await lock(undefined);
    expect(await executePromotion(deps, { principal: DEV, id })).toMatchObject({ execution_requested: {} });
    expect(await execute(stage().deps, stage().ref(id))).toMatchObject({ status: 'completed' });
  });

  it('leaves to the workflow what it does not know yet: that stops it', async () => {
    const id = await approved();
    const { late } = lagging(stage());
    const killed: Deps = {
      ...stage().deps,
      late,
      transactions: { commit: () => Promise.reject(new Error('killed')) },
    };
    await expect(executePromotion(killed, { principal: DEV, id })).rejects.toThrow('killed');
    await lock('incident');
    const asked = await executePromotion({ ...stage().deps, late }, { principal: DEV, id });
    expect(asked).toMatchObject({ status: 'approved', execution_requested: {} });
    await expect(execute(stage().deps, stage().ref(id))).rejects.toMatchObject({ name: 'SealBroken' });
    expect(await stage().deps.promotions.read(TENANT, id)).toMatchObject({
      state: { status: 'blocked', blocked_by: ['locked'] },
    });
  });

  async function lock(reason: string | undefined): Promise<void> {
    const item = await stage().deps.catalog.item(TENANT, 'environment', 'production');
    if (item === undefined) throw new Error('no production');
    const { lock: _, ...open } = item;
    const stands = reason === undefined ? {} : { lock: { reason, by: 'admin', at: T0 } };
    const entry = {
      type: 'environment',
      item: { ...open, ...stands, version: item.version + 1 },
    } as const;
    await stage().commit({ write: 'catalog', entry, expected: item.version });
  }
});
