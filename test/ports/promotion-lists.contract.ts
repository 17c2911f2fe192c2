import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Actor } from '../../functions/domain/identity/principal.ts';
import type { PromotionEvent, StoredEvent } from '../../functions/domain/promotion/events.ts';
import { matchesFilter, type PromotionFilter } from '../../functions/domain/promotion/filter.ts';
import { OPEN_STATUSES } from '../../functions/domain/promotion/lifetime.ts';
import type { PromotionState, Status } from '../../functions/domain/promotion/state.ts';
import { tookPart } from '../../functions/domain/promotion/taking-part.ts';
import type { Write } from '../../functions/ports/transaction.ts';
import { times } from '../support/length.ts';
import { type Bench, everything } from './adapters.ts';
import { machine, membership } from './catalog-samples.ts';
import { IDLE, later, promotion, sha, stored } from './samples.ts';

const person = (subject: string): Actor => ({ subject, email: `${subject}@Acme.com`, kind: 'person' });
const [ANA, BEN, EVA] = [person('ana'), person('ben'), person('eva')];
const ROBOT: Actor = { subject: 'mach-1', email: '', kind: 'machine', owner: 'eva@acme.com' };
const SLUICE: Actor = { subject: 'sluice', email: '', kind: 'system' };
const ACTORS = [ANA, BEN, EVA, ROBOT, SLUICE];

type Life = {
  readonly requesters: readonly Actor[];
  readonly joins?: Actor | undefined;
  readonly approvers: readonly Actor[];
  /** Who asks for changes after that, by which the approvals are void. */
  readonly asks?: Actor | undefined;
  readonly actor: Actor;
  readonly status: Status;
  readonly name: string;
  readonly source: string;
  readonly target: string;
};

const actor = fc.constantFrom(...ACTORS);
const life: fc.Arbitrary<Life> = fc.record({
  requesters: fc.uniqueArray(actor, { minLength: 1, maxLength: 3, selector: ({ subject }) => subject }),
  joins: fc.option(actor, { nil: undefined }),
  approvers: fc.array(actor, { maxLength: 2 }),
  asks: fc.option(actor, { nil: undefined }),
  actor,
  status: fc.constantFrom(
    'pending',
    'executing',
    'completed',
    'rejected',
    'cancelled',
    'failed',
    'rolled_back',
  ),
  name: fc.constantFrom('agent-123', 'agent-2'),
  source: fc.constantFrom('development', 'staging'),
  target: fc.constantFrom('staging', 'production'),
});

const called = fc.constantFrom('ana', 'ANA@acme.com', 'eva@acme.com', 'mach-1', 'sluice', 'nobody', 'x@y.z');
const statuses = fc.oneof(
  fc.constant(OPEN_STATUSES),
  fc.uniqueArray(fc.constantFrom<Status>('pending', 'completed', 'failed', 'cancelled', 'rolled_back'), {
    minLength: 1,
  }),
);
/** Of people and statuses alone, which mean many, or of anything together, which mean few. */
const filter: fc.Arbitrary<PromotionFilter> = fc.oneof(
  fc.record({ person: called }),
  fc.record({ requester: called }),
  fc.record({ statuses }),
  fc.record({ statuses, person: called }),
  fc.record(
    {
      statuses,
      kind: fc.constantFrom('agent', 'config'),
      subject_name: fc.constantFrom('agent-123', 'agent-2', 'other'),
      source_environment: fc.constantFrom('development', 'moon'),
      target_environment: fc.constantFrom('staging', 'production'),
      target_environments: fc.constantFrom(['staging'], ['moon', 'production'], []),
      environment: fc.constantFrom('staging', 'moon'),
      requester: called,
      person: called,
      requested_from: fc.constant(later(5)),
      requested_before: fc.constant(later(12)),
    },
    { requiredKeys: [] },
  ),
);

/** The lists of promotions: whatever is asked, exactly what the filter means, newest first, each once. */
export function promotionListsContract({ stores, tenant }: Bench): void {
  describe('a filtered list', () => {
    test('has all that a filter means and nothing else, whoever had whatever part', async () => {
      const one = fc.tuple(
        fc.array(life, { minLength: 1, maxLength: 20 }),
        fc.array(filter, { minLength: 12, maxLength: 12 }),
      );
      await fc.assert(
        fc.asyncProperty(one, fc.constantFrom(1, 3, 100), async ([lives, filters], limit) => {
          const t = tenant();
          await join(t);
          const states: PromotionState[] = [];
          for (const [n, each] of lives.entries()) states.unshift(await lived(t, n, each));
          for (const asked of filters) {
            const listed = await everything((page) => stores().promotions.list(t, asked, page), limit);
            const meant = [];
            for (const state of states) if (await isMeant(state, asked)) meant.push(state);
            expect(
              listed.map(({ id }) => id),
              JSON.stringify(asked),
            ).toEqual(meant.map(({ id }) => id));
          }
        }),
        { numRuns: times(12, 100) },
      );
    });

    test('is walked, of what is open, to the same end', async () => {
      const one = fc.tuple(
        fc.array(life, { minLength: 1, maxLength: 12 }),
        fc.array(filter, { maxLength: 6 }),
      );
      await fc.assert(
        fc.asyncProperty(one, fc.constantFrom(1, 4, 100), async ([lives, filters], limit) => {
          const t = tenant();
          await join(t);
          const states: PromotionState[] = [];
          for (const [n, each] of lives.entries()) states.unshift(await lived(t, n, each));
          const open = states.filter(({ status }) => OPEN_STATUSES.includes(status));
          for (const asked of [{}, ...filters]) {
            const walked = await everything(
              (page) => stores().promotions.walkOpen(t, asked, { ...page, late: limit === 4 }),
              limit,
            );
            const meant = open.filter((state) => matchesFilter(state, asked));
            expect(
              walked.map(({ state: { id } }) => id),
              JSON.stringify(asked),
            ).toEqual(meant.map(({ id }) => id));
            const [first] = walked;
            if (first === undefined) continue;
            const behind = await stores().promotions.walkOpen(t, asked, {
              limit: 100,
              late: false,
              after: first.at,
            });
            expect(behind.items.map(({ state: { id } }) => id)).toEqual(meant.slice(1).map(({ id }) => id));
          }
        }),
        { numRuns: times(5, 50) },
      );
    });

    test('finds who asked for changes and whose approval was voided, by subject and by address', async () => {
      const t = tenant();
      await join(t);
      await lived(t, 1, { ...QUIET, approvers: [ANA], asks: EVA });
      await lived(t, 2, QUIET);
      for (const person of ['ana', 'ANA@acme.com', 'eva', 'eva@Acme.com'])
        for (const statuses of [undefined, OPEN_STATUSES]) {
          const asked = statuses === undefined ? { person } : { person, statuses };
          const listed = await everything((page) => stores().promotions.list(t, asked, page), 1);
          expect(listed.map(({ id }) => id)).toEqual(['prom-01']);
        }
    });

    test('finds who has left, and whose address is another now', async () => {
      const t = tenant();
      await join(t);
      await lived(t, 1, { ...QUIET, requesters: [ANA] });
      const moved = { ...membership(t, 'ana', 2), email: 'ana@example.org' };
      await commit(t, { write: 'membership', membership: moved, expected: 1 });
      const renamed = { ...ANA, email: 'ana@example.org' };
      await lived(t, 2, { ...QUIET, approvers: [renamed] });
      await commit(t, { write: 'membership_delete', subject: 'ana', expected: 2 });
      const found = async (asked: PromotionFilter) =>
        (await everything((page) => stores().promotions.list(t, asked, page), 10)).map(({ id }) => id);
      expect(await found({ person: 'ana' })).toEqual(['prom-02', 'prom-01']);
      expect(await found({ person: 'ana@acme.com' })).toEqual(['prom-01']);
      expect(await found({ person: 'ana@example.org' })).toEqual(['prom-02']);
    });
  });

  /** By its state, or by a part in its history. */
  async function isMeant(state: PromotionState, { person, ...others }: PromotionFilter): Promise<boolean> {
    if (person === undefined || !matchesFilter(state, others)) return matchesFilter(state, others);
    const history = await stores().promotions.events(state.tenant, state.id);
    return matchesFilter(state, { person }) || tookPart(state, history, person);
  }

  async function join(t: string): Promise<void> {
    for (const { subject, email } of [ANA, BEN, EVA])
      await commit(t, { write: 'membership', membership: { ...membership(t, subject), email }, expected: 0 });
    const robot = machine(t, 'mach-1', 1, { owner: 'eva@acme.com', unique_id: `AROA-${t}` });
    await commit(t, { write: 'machine', machine: robot, expected: 0 });
  }

  async function commit(t: string, write: Write): Promise<void> {
    expect(await stores().transactions.commit(t, [write])).toEqual({ committed: true });
  }

  /** A promotion, commit by commit, as its events would have it. */
  async function lived(t: string, n: number, of: Life): Promise<PromotionState> {
    const id = `prom-${String(n).padStart(2, '0')}`;
    const [requester = ANA, ...others] = of.requesters;
    const common = {
      requester,
      requested_at: later(n),
      subject: { kind: 'agent', name: of.name } as const,
      source_environment: of.source,
      target_environment: of.target,
      approvals: [] as PromotionState['approvals'],
      also_requested_by: others,
    };
    let seq = 0;
    let state = promotion(t, id, 0, common);
    const step = async (by: Actor, change: object, ...events: PromotionEvent[]) => {
      const expected = seq;
      const written: StoredEvent[] = events.map((event) => {
        seq += 1;
        return { ...stored(seq, event), actor: by };
      });
      state = Object.assign({}, state, change, { seq });
      await commit(t, { write: 'promotion', state, workflowRecord: IDLE, events: written, expected });
    };
    await step(requester, {}, { type: 'EvidenceAttached', gate: 'tests', evidence: sha('e') });
    const { joins } = of;
    if (joins !== undefined && !of.requesters.some(({ subject }) => subject === joins.subject))
      await step(joins, { also_requested_by: [...others, joins] }, { type: 'PromotionResubmitted' });
    for (const [nth, approver] of of.approvers.entries()) {
      const approval = { actor: approver, groups: [], manifest_digest: sha('m'), at: later(100 + nth) };
      await step(
        approver,
        { approvals: [...state.approvals, approval] },
        { type: 'ApprovalGranted', approval },
      );
    }
    if (of.asks !== undefined) {
      await step(of.asks, {}, { type: 'ChangesRequested', reason: 'not so' });
      await step(
        SLUICE,
        { approvals: [] },
        { type: 'ApprovalsVoided', reason_code: 'changes_requested', manifest_digest: sha('m') },
      );
    }
    if (of.status === 'pending') return state;
    const { approvals, also_requested_by = [] } = state;
    const ended = promotion(t, id, seq, { ...common, approvals, also_requested_by }, of.status);
    const parts = 'executor' in ended ? { ...ended, executor: of.actor } : ended;
    const closed = { rejected_by: of.actor, cancelled_by: of.actor };
    if (of.status === 'rejected')
      await step(
        of.actor,
        { ...parts, rejected_by: closed.rejected_by },
        { type: 'PromotionRejected', closed_by: 'person', reason: 'no' },
      );
    else if (of.status === 'cancelled')
      await step(of.actor, { ...parts, cancelled_by: closed.cancelled_by }, { type: 'PromotionCancelled' });
    else await step(SLUICE, parts, STARTED, ...(of.status === 'executing' ? [] : [COMPLETED]));
    return state;
  }
}

const QUIET: Life = {
  requesters: [BEN],
  approvers: [],
  actor: BEN,
  status: 'pending',
  name: 'agent-123',
  source: 'development',
  target: 'staging',
};
const STARTED: PromotionEvent = {
  type: 'ExecutionStarted',
  fence: 2,
  deployment_id: 'dep-1',
  base: null,
  facts: {},
  decision: {
    promotion_id: 'prom-1',
    manifest_digest: sha('m'),
    policy_digest: sha('p'),
    as_of: later(0),
    outcome: 'allow',
    reason_codes: [],
    gates: [],
    approvals: { required: 0, groups: [], granted: [] },
  },
  decision_digest: sha('d'),
};
const COMPLETED: PromotionEvent = { type: 'PromotionCompleted', revision: 3 };
