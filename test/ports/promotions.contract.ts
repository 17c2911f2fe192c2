import { describe, expect, test } from 'vitest';
import { STATUSES } from '../../functions/domain/promotion/state.ts';
import { type Bench, everything } from './adapters.ts';
import { membership } from './catalog-samples.ts';
import { AGENT, DEV, IDLE, later, promotion, promotionWrite, seal, sha, stored } from './samples.ts';

const COMMITTED = { committed: true };
const lost = (...indices: number[]) => ({ committed: false, lost: indices });

/** Promotions: what a commit writes is what the store reads, and only the first of two writers wins. */
export function promotionsContract({ stores, tenant }: Bench): void {
  const commit = (t: string, ...writes: Parameters<ReturnType<typeof stores>['transactions']['commit']>[1]) =>
    stores().transactions.commit(t, writes);

  describe('a promotion', () => {
    test.each(STATUSES)('that is %s reads back as it was written', async (status) => {
      const t = tenant();
      const state = promotion(t, 'prom-1', 2, {}, status);
      const workflowRecord = {
        work: ['start', 'publish'],
        due_at: later(60),
        attempt: 1,
        published: 0,
      } as const;
      expect(await commit(t, promotionWrite(state, 0, workflowRecord))).toEqual(COMMITTED);
      expect(await stores().promotions.read(t, 'prom-1')).toEqual({ state, workflowRecord });
    });

    test('that nobody made is undefined, and so are its events empty', async () => {
      const t = tenant();
      expect(await stores().promotions.read(t, 'nobody')).toBeUndefined();
      expect(await stores().promotions.events(t, 'nobody')).toEqual([]);
    });

    test('is created once: the second run of the same commit loses', async () => {
      const t = tenant();
      const write = promotionWrite(promotion(t, 'prom-1', 2), 0);
      expect(await commit(t, write)).toEqual(COMMITTED);
      expect(await commit(t, write)).toEqual(lost(0));
      expect(await stores().promotions.events(t, 'prom-1')).toHaveLength(2);
    });

    test('moves on from the version its writer saw, and from no other', async () => {
      const t = tenant();
      await commit(t, promotionWrite(promotion(t, 'prom-1', 2), 0));
      expect(await commit(t, promotionWrite(promotion(t, 'prom-1', 5), 2))).toEqual(COMMITTED);
      expect(await commit(t, promotionWrite(promotion(t, 'prom-1', 4), 2))).toEqual(lost(0));
      expect(await commit(t, promotionWrite(promotion(t, 'prom-1', 9), 8))).toEqual(lost(0));
      const read = await stores().promotions.read(t, 'prom-1');
      expect(read?.state.seq).toBe(5);
    });

    test('keeps its history in order, from any event on', async () => {
      const t = tenant();
      for (const [from, to] of [
        [0, 4],
        [4, 5],
        [5, 12],
      ] as const) {
        expect(await commit(t, promotionWrite(promotion(t, 'prom-1', to), from))).toEqual(COMMITTED);
      }
      const all = Array.from({ length: 12 }, (_, index) => index + 1);
      for (const after of [0, 1, 3, 4, 5, 7, 11, 12, 40]) {
        const events = await stores().promotions.events(t, 'prom-1', after);
        expect(events.map((event) => event.seq)).toEqual(all.filter((seq) => seq > after));
        for (const most of [1, 3, 100]) {
          const some = await stores().promotions.events(t, 'prom-1', after, most);
          expect(some).toEqual(events.slice(0, most));
        }
      }
    });

    test('keeps every event as it was', async () => {
      const t = tenant();
      const state = promotion(t, 'prom-1', EVERY_EVENT.length);
      const events = EVERY_EVENT.map((event, index) => stored(index + 1, event));
      await commit(t, { write: 'promotion', state, workflowRecord: IDLE, events, expected: 0 });
      expect(await stores().promotions.events(t, 'prom-1')).toEqual(events);
    });

    test('may be written without an event when only what drives it changes', async () => {
      const t = tenant();
      const state = promotion(t, 'prom-1', 2);
      await commit(t, promotionWrite(state, 0));
      const workflowRecord = { ...IDLE, work: ['wake'], due_at: later(5) } as const;
      expect(await commit(t, promotionWrite(state, 2, workflowRecord))).toEqual(COMMITTED);
      expect((await stores().promotions.read(t, 'prom-1'))?.workflowRecord).toEqual(workflowRecord);
    });

    test.each([
      ['a hole before its events', { expected: 1, seq: 3, events: [3] }],
      ['a hole among its events', { expected: 0, seq: 3, events: [1, 3] }],
      ['a version beyond its events', { expected: 0, seq: 3, events: [1, 2] }],
      ['no version at all', { expected: 0, seq: 0, events: [] }],
    ])('cannot be written with %s', async (_, { expected, seq, events }) => {
      const t = tenant();
      const state = promotion(t, 'prom-1', seq);
      const write = { write: 'promotion', state, workflowRecord: IDLE, expected } as const;
      await expect(commit(t, { ...write, events: events.map((each) => stored(each)) })).rejects.toThrow(
        'prom-1',
      );
    });

    test('cannot be written in the name of another tenant', async () => {
      const state = promotion(tenant(), 'prom-1', 1);
      await expect(commit(tenant(), promotionWrite(state, 0))).rejects.toThrow('tenant');
    });
  });

  describe('the uniqueness record', () => {
    const content = { subject: AGENT, digest: sha('one'), target: 'staging' } as const;
    const place = { write: 'open', type: 'promotion', ...content } as const;
    const holder = (t: string) =>
      stores().promotions.holderOfPlace(t, AGENT, sha('one'), 'staging', 'promotion');

    test('has one holder per subject, digest and target', async () => {
      const t = tenant();
      expect(await commit(t, { ...place, promotion_id: 'prom-1' })).toEqual(COMMITTED);
      expect(await commit(t, { ...place, promotion_id: 'prom-2' })).toEqual(lost(0));
      expect(await commit(t, { ...place, target: 'production', promotion_id: 'prom-2' })).toEqual(COMMITTED);
      expect(await commit(t, { ...place, digest: sha('two'), promotion_id: 'prom-3' })).toEqual(COMMITTED);
      expect(await commit(t, { ...place, type: 'rollback', promotion_id: 'prom-4' })).toEqual(COMMITTED);
      expect(await commit(t, { ...place, type: 'rollback', promotion_id: 'prom-5' })).toEqual(lost(0));
      expect(await holder(t)).toBe('prom-1');
      expect(await holder(tenant())).toBeUndefined();
    });

    test('is taken over from the promotion that the writer knows to be closed, once', async () => {
      const t = tenant();
      await commit(t, { ...place, promotion_id: 'prom-1' });
      const takeover = { ...place, promotion_id: 'prom-2', replaces: 'prom-1' };
      expect(await commit(t, takeover)).toEqual(COMMITTED);
      expect(await commit(t, takeover)).toEqual(lost(0));
      expect(await commit(t, { ...takeover, promotion_id: 'prom-3' })).toEqual(lost(0));
      expect(await holder(t)).toBe('prom-2');
    });

    test('cannot be taken over when nobody held it', async () => {
      expect(await commit(tenant(), { ...place, promotion_id: 'prom-2', replaces: 'prom-1' })).toEqual(
        lost(0),
      );
    });
  });

  describe('a hold', () => {
    test('is set and freed, again and again', async () => {
      const t = tenant();
      const hold = { write: 'hold', subject: AGENT, target: 'staging' } as const;
      const onHold = () => stores().promotions.onHold(t, AGENT, 'staging');
      expect(await onHold()).toBeUndefined();
      // What the release before wrote names no reason.
      const steps = [
        [{ ...hold, held: true }, 'held'],
        [{ ...hold, held: true, rejected: true }, 'rejected'],
        [{ ...hold, held: true }, 'held'],
        [{ ...hold, held: false }, undefined],
        [{ ...hold, held: false }, undefined],
      ] as const;
      for (const [write, reason] of steps) {
        expect(await commit(t, write)).toEqual(COMMITTED);
        expect(await onHold()).toBe(reason);
      }
      expect(await stores().promotions.onHold(t, AGENT, 'production')).toBeUndefined();
    });
  });

  describe('the list', () => {
    test('is newest first, whole over its pages, and never moves', async () => {
      const t = tenant();
      const ids = ['c', 'a', 'b', 'e', 'd'];
      for (const [index, id] of ids.entries()) {
        await commit(t, promotionWrite(promotion(t, id, 1, { requested_at: later(index) }), 0));
      }
      await commit(t, promotionWrite(promotion(t, 'a', 3, { requested_at: later(1) }), 1));
      for (const limit of [1, 2, 3, 5, 100]) {
        const listed = await everything((page) => stores().promotions.list(t, {}, page), limit);
        expect(listed.map((state) => state.id)).toEqual(['d', 'e', 'b', 'a', 'c']);
      }
    });

    test('tells promotions of one instant apart', async () => {
      const t = tenant();
      for (const id of ['a', 'b', 'c']) await commit(t, promotionWrite(promotion(t, id, 1), 0));
      const listed = await everything((page) => stores().promotions.list(t, {}, page), 1);
      expect(listed.map((state) => state.id)).toEqual(['c', 'b', 'a']);
    });

    test('filters by each member and by all together', async () => {
      const t = tenant();
      const other = { kind: 'artifact', name: 'platform' } as const;
      await commit(t, { write: 'membership', membership: membership(t, DEV.subject), expected: 0 });
      await commit(t, promotionWrite(promotion(t, 'a', 1), 0));
      await commit(t, promotionWrite(promotion(t, 'b', 1, { subject: other }), 0));
      await commit(t, promotionWrite(promotion(t, 'c', 1, { target_environment: 'production' }), 0));
      await commit(t, promotionWrite(promotion(t, 'd', 1, {}, 'completed'), 0));
      const ids = async (filter: Parameters<ReturnType<typeof stores>['promotions']['list']>[1]) =>
        (await everything((page) => stores().promotions.list(t, filter, page), 2)).map(({ id }) => id);
      expect(await ids({ statuses: ['completed'] })).toEqual(['d']);
      expect(await ids({ kind: 'artifact' })).toEqual(['b']);
      expect(await ids({ subject_name: 'agent-123' })).toEqual(['d', 'c', 'a']);
      expect(await ids({ target_environment: 'staging' })).toEqual(['d', 'b', 'a']);
      expect(await ids({ target_environment: 'staging', kind: 'agent', statuses: ['pending'] })).toEqual([
        'a',
      ]);
      expect(await ids({ statuses: ['failed'] })).toEqual([]);
      expect(await ids({ statuses: ['pending', 'completed'] })).toEqual(['d', 'c', 'b', 'a']);
      expect(await ids({ statuses: ['pending', 'blocked'] })).toEqual(['c', 'b', 'a']);
      await commit(t, promotionWrite(promotion(t, 'b', 2, { subject: other }, 'completed'), 1));
      expect(await ids({ statuses: ['pending', 'blocked'] })).toEqual(['c', 'a']);
      expect(await ids({ source_environment: 'moon' })).toEqual([]);
      expect(await ids({ requester: DEV.email.toUpperCase() })).toHaveLength(4);
      expect(await ids({ requester: 'nobody' })).toEqual([]);
    });
  });
}

const judged = {
  facts: { tests: { pass_rate: 99.5 } },
  decision: {
    promotion_id: 'prom-1',
    manifest_digest: sha('m'),
    policy_digest: sha('p'),
    as_of: later(0),
    outcome: 'pending',
    reason_codes: ['approvals_missing'],
    gates: [],
    approvals: { required: 1, groups: [{ group: 'release', min: 1, granted: 0 }], granted: [DEV.subject] },
  },
  decision_digest: sha('d'),
} as const;

const failure = { code: 'x', message: 'y', technical: 'z', target_state: 'restored' } as const;
const approval = { actor: DEV, groups: [], manifest_digest: sha('m'), at: later(1) };

const EVERY_EVENT = [
  {
    type: 'PromotionRequested',
    id: 'prom-1',
    tenant: 't',
    promotion_type: 'rollback',
    subject: AGENT,
    source_environment: 'development',
    target_environment: 'staging',
    target_slot: 'staging',
    request: { kind: 'agent', agent_id: 'a', source_deployment_id: 'b', target_gateway_id: 'c' },
    execution: 'manual',
    rule_id: 'rule-1',
    supersedes: 'prom-0',
  },
  { type: 'PromotionAssessed', seal: seal(), ...judged, expires_at: later(9) },
  { type: 'PromotionBlocked', blocked_by: ['tests'], reason_code: 'missing' },
  { type: 'EvidenceAttached', gate: 'tests', evidence: sha('e') },
  { type: 'ApprovalGranted', approval },
  { type: 'ChangesRequested', reason: 'why' },
  { type: 'PromotionResubmitted' },
  { type: 'ApprovalsVoided', reason_code: 'target_moved', manifest_digest: sha('m') },
  { type: 'PromotionApproved', approved_by: DEV },
  { type: 'PromotionApproved' },
  { type: 'PromotionRejected', closed_by: 'expiry', reason: 'late' },
  { type: 'PromotionScheduled', at: later(1), on_missed: 'fail' },
  { type: 'PromotionUnscheduled' },
  { type: 'ExecutionRequested' },
  { type: 'ExecutionStarted', fence: 2, deployment_id: 'dep-1', base: null, ...judged },
  { type: 'PromotionCompleted', revision: 3 },
  { type: 'PromotionFailed', ...failure },
  { type: 'PromotionCancelled', reason: 'why' },
  { type: 'PromotionRolledBack', by: 'prom-2' },
  { type: 'OutcomeSettled', outcome: 'live' },
  { type: 'OutcomeReversed', outcome: 'rolled_back', message: 'errors rose' },
  { type: 'VerificationDecided', outcome: 'failed', reason_code: 'thresholds_not_met', evidence: sha('e') },
  { type: 'VerificationDecided', outcome: 'unknown', reason_code: 'no_report_in_time' },
  { type: 'RollbackBegun', promotion_id: 'prom-2' },
  { type: 'RollbackDeclined', reason_code: 'target_moved' },
] as const;
