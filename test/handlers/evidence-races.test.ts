import { beforeEach, describe, expect, it } from 'vitest';
import type { Write } from '../../functions/ports/transaction.ts';
import { sweepWatchLists } from '../../functions/use-cases/evidence/sweep.ts';
import {
  as,
  asking,
  BROKEN,
  EVIDENCE,
  freshWorld,
  JUNIT,
  junit,
  requested,
  stateOf,
  world,
} from './evidence-world.ts';

beforeEach(freshWorld);

describe('a report that arrives while its promotion is being assessed', () => {
  /** Runs something right before the first commit that has such a write, once. */
  function beforeCommit(has: (write: Write) => boolean, act: () => Promise<unknown>): void {
    const { transactions } = world.deps;
    const commit = transactions.commit.bind(transactions);
    let done = false;
    Object.assign(transactions, {
      commit: async (...args: Parameters<typeof commit>) => {
        if (!done && args[1].some(has)) {
          done = true;
          await act();
        }
        return await commit(...args);
      },
    });
  }

  it('is seen by the request that had read before it', async () => {
    await asking();
    const { subject, path: first } = await requested();
    await as('dev')('DELETE', first);
    // The place is held by the closed one: only the second commit can succeed.
    const taking = (write: Write) => write.write === 'open' && write.replaces !== undefined;
    beforeCommit(taking, () => as('dev')('POST', EVIDENCE, junit(JUNIT, { subject_digest: subject })));
    const { path } = await requested();
    expect(await stateOf(path)).toMatchObject({ status: 'approved' });
  });

  it('is seen by the execution that had read before it', async () => {
    await asking();
    const { id, path, subject } = await requested();
    await as('dev')('POST', `${path}/evidence`, junit());
    world.at('2026-11-21T09:00:01.000Z');
    beforeCommit(
      ({ write }) => write === 'revision',
      () => as('dev')('POST', EVIDENCE, junit(BROKEN, { subject_digest: subject })),
    );
    await world.run(id).catch(() => undefined);
    expect(await stateOf(path)).toMatchObject({ status: 'blocked', reason_code: 'thresholds_not_met' });
    expect(world.deployed).toEqual([]);
  });

  it('is told by the next sweep when its taker died after storing it', async () => {
    await asking();
    const { path, subject } = await requested();
    const { watchList } = world.deps.evidence;
    Object.assign(world.deps.evidence, { watchList: async () => Promise.reject(new Error('power cut')) });
    expect((await as('dev')('POST', EVIDENCE, junit(JUNIT, { subject_digest: subject }))).status).toBe(500);
    Object.assign(world.deps.evidence, { watchList });
    expect(await stateOf(path)).toMatchObject({ status: 'blocked' });
    expect(await sweepWatchLists(world.deps, { most: 10 })).toEqual({ attended: 1, faults: [] });
    expect(await stateOf(path)).toMatchObject({ status: 'approved' });
    expect(await sweepWatchLists(world.deps, { most: 10 })).toEqual({ attended: 0, faults: [] });
  });
});
