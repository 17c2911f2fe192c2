import { describe, expect, it } from 'vitest';
import { Fault } from '../../../functions/domain/faults.ts';
import { addDuration } from '../../../functions/domain/instant.ts';
import type { Deps } from '../../../functions/use-cases/deps.ts';
import { announcements } from '../../../functions/use-cases/engine/announce.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { cancelPromotion } from '../../../functions/use-cases/promotions/cancel.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { rejectPromotion } from '../../../functions/use-cases/promotions/reject.ts';
import { requestChanges } from '../../../functions/use-cases/promotions/request-changes.ts';
import { resubmitPromotion } from '../../../functions/use-cases/promotions/resubmit.ts';
import { schedulePromotion } from '../../../functions/use-cases/promotions/schedule.ts';
import { unschedulePromotion } from '../../../functions/use-cases/promotions/unschedule.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { sweep } from '../../../functions/use-cases/workflow/sweep.ts';
import { STORES, TENANT } from '../deployments/world.ts';
import { ALICE, BOB, DEV } from './people.ts';
import { asked, BOUNDS, type Stage, staged, sure, TO_STAGING } from './stage.ts';

const [MEMORY] = STORES;

/** Calls of the bus in these lives. */
const CALLS = 11;

/** The lives of some promotions: each event that a person or an execution can make of one without an effect outside. */
async function lives(stage: Stage, deps: Deps): Promise<readonly string[]> {
  const { id } = sure(await createPromotion(deps, asked())).state;
  sure(await requestChanges(deps, { principal: BOB, id, reason: 'explain' }));
  sure(await resubmitPromotion(deps, { principal: DEV, id }));
  sure(await approvePromotion(deps, { principal: ALICE, id }));
  const at = addDuration(stage.now, 'PT24H');
  sure(await schedulePromotion(deps, { principal: DEV, id, at }));
  sure(await unschedulePromotion(deps, { principal: DEV, id }));
  sure(await executePromotion(deps, { principal: DEV, id }));
  await execute(deps, stage.ref(id));
  const rejected = sure(await createPromotion(deps, asked())).state.id;
  sure(await approvePromotion(deps, { principal: ALICE, id: rejected }));
  sure(await rejectPromotion(deps, { principal: BOB, id: rejected, reason: 'no' }));
  const free = sure(await createPromotion(deps, asked(TO_STAGING))).state.id;
  sure(await cancelPromotion(deps, { principal: DEV, id: free, reason: 'no more' }));
  return [id, rejected, free];
}

describe('what happens to promotions, in memory', () => {
  const stage = staged(MEMORY?.open ?? (() => Promise.reject(new Error('no store'))));
  const heard = new Set<string>();

  /** Lives in which the n-th call of the bus fails; says whether there was one. */
  async function livedWithout(n: number) {
    let calls = 0;
    heard.clear();
    const bus: Deps['bus'] = {
      async publish(events) {
        calls += 1;
        if (calls === n) throw new Fault('Unavailable', 'the bus is away');
        for (const { id } of events) heard.add(id);
      },
    };
    const deps = { ...stage().deps, bus };
    const ids = await lives(stage(), deps);
    for (let minute = 0; minute < 2; minute += 1) {
      stage().advance('PT1M');
      expect((await sweep(deps, BOUNDS)).faults).toEqual([]);
    }
    return { failed: calls >= n, ids };
  }

  async function expectAnnounced(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const types = new Set<string>();
    for (const id of ids) {
      const stored = await stage().deps.promotions.read(TENANT, id);
      if (stored === undefined) throw new Error(`${id} is gone`);
      const events = await stage().deps.promotions.events(TENANT, id);
      for (const { event } of events) types.add(event.type);
      const missing = announcements(stored.state, events).filter((each) => !heard.has(each.id));
      expect(missing.map(({ type }) => type)).toEqual([]);
      expect(stored.workflowRecord).toMatchObject({ work: [], published: stored.state.seq });
    }
    return types;
  }

  it.each(Array.from({ length: CALLS + 1 }, (_, n) => n + 1))(
    'reaches the bus, whatever it wakes, where call %i of the bus fails',
    async (n) => {
      const { failed, ids } = await livedWithout(n);
      const types = await expectAnnounced(ids);
      if (n === 1)
        expect([...types].sort()).toEqual(
          [
            ...['ApprovalGranted', 'ChangesRequested', 'ExecutionRequested', 'ExecutionStarted'],
            ...['PromotionApproved', 'PromotionAssessed', 'PromotionCancelled', 'PromotionCompleted'],
            ...['PromotionRejected', 'PromotionRequested', 'PromotionResubmitted', 'PromotionScheduled'],
            'PromotionUnscheduled',
          ].sort(),
        );
      // The last of these has no such call any more: each was one that failed.
      expect(failed).toBe(n <= CALLS);
    },
  );
});
