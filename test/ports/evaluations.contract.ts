import { expect, test } from 'vitest';
import { type Bench, everything } from './adapters.ts';
import { deployment, later } from './samples.ts';

/** Deployments that rules are to be asked about. */
export function evaluationsContract({ stores, tenant }: Bench): void {
  const commit = (t: string, ...writes: Parameters<ReturnType<typeof stores>['transactions']['commit']>[1]) =>
    stores().transactions.commit(t, writes);

  test('a deployment is to be evaluated once it is counted, until somebody who read it as it is says when again', async () => {
    const t = tenant();
    const { evaluations } = stores();
    const due = async (until: string, limit = 10) =>
      (await everything((page) => evaluations.due(until, page), limit)).flatMap(({ tenant: of, id }) =>
        of === t ? [id] : [],
      );
    const counted = { status: 'DEPLOYED', live: true, recoveries: [] } as const;
    const write = (each: ReturnType<typeof deployment>, expected: number) =>
      commit(t, { write: 'deployment', deployment: each, expected });
    const first = deployment('dep-1', 1, { status: 'DEPLOYED' });
    await write(first, 0);
    expect(await due(later(1_000))).toEqual([]);
    expect(await evaluations.decide(t, first, later(1))).toBe(false);
    const second = { ...first, counted, version: 2 };
    await write(second, 1);
    expect(await due(later(1_000))).toEqual(['dep-1']);
    expect(await evaluations.decide(t, first, undefined)).toBe(false);
    expect(await evaluations.decide(tenant(), second, undefined)).toBe(false);
    expect(await evaluations.decide(t, second, later(5_000))).toBe(true);
    expect(await due(later(4_999))).toEqual([]);
    expect(await due(later(5_000))).toEqual(['dep-1']);
    expect(await evaluations.decide(t, second, undefined)).toBe(true);
    expect(await evaluations.decide(t, second, undefined)).toBe(true);
    expect(await due(later(9_000))).toEqual([]);
    await write({ ...second, metrics: { tests: { pass_rate: 1 } }, version: 3 }, 2);
    const other = { kind: 'artifact', name: 'platform' } as const;
    await write(deployment('dep-2', 1, { status: 'DEPLOYED', counted, subject: other }), 0);
    await write(deployment('dep-3', 1, { status: 'PENDING' }), 0);
    for (const n of [4, 5, 6]) await write(deployment(`dep-${n}`, 1, { status: 'DEPLOYED', counted }), 0);
    for (const limit of [1, 2, 10])
      expect((await due(later(1_000), limit)).sort()).toEqual(['dep-1', 'dep-4', 'dep-5', 'dep-6']);
  });
}
