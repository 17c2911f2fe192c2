import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../../../functions/domain/identity/principal.ts';
import { addDuration } from '../../../functions/domain/instant.ts';
import type { Command, ExecutionFacts } from '../../../functions/domain/promotion/commands.ts';
import { decide } from '../../../functions/domain/promotion/decider.ts';
import type { PromotionEvent, StoredEvent } from '../../../functions/domain/promotion/events.ts';
import { append, replay, verifyChain } from '../../../functions/domain/promotion/history.ts';
import { countApprovals } from '../../../functions/domain/promotion/quorum.ts';
import type { PromotionState } from '../../../functions/domain/promotion/state.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import { by, type Step } from '../../support/decider-specification.ts';
import { times } from '../../support/length.ts';
import {
  alice,
  asks,
  assessmentFacts,
  bob,
  contentOf,
  dev,
  NO_APPROVAL,
  NOBODY,
  NOON,
  planOn,
  requirementsOf,
  testReport,
} from '../../support/promotion-facts.ts';
import { TESTED, TESTED_AND_APPROVED } from '../../support/promotions.ts';

/** Few worlds, so that random commands often agree on one. */
const worlds = fc.record(
  {
    plan: fc.constantFrom(planOn(), planOn(), planOn(contentOf('another'), 3)),
    requirements: fc.constantFrom(
      requirementsOf(),
      requirementsOf({}, NO_APPROVAL),
      requirementsOf({}, { required_approvers: 2, groups: [{ group: 'security', min: 1 }] }),
      TESTED,
      TESTED_AND_APPROVED,
    ),
    evidence: fc.constantFrom([], [testReport()], [testReport({ result: { passed: false } })]),
    lock: fc.constantFrom({ reason: 'incident', by: 'admin', at: NOON, scope: 'environment' as const }),
    freeze: fc.constantFrom({ reason: 'Christmas', ends_at: '2026-12-27T00:00:00.000Z' }),
    separation: fc.constantFrom<ExecutionFacts['separation'][]>(
      NOBODY,
      NOBODY,
      { ...NOBODY, authors: [bob] },
      'unreadable',
    ),
  },
  { requiredKeys: ['plan', 'requirements', 'evidence'] },
);

type World = Partial<ExecutionFacts>;

/** What may be asked in a world. What leads on is asked more often than what ends it all. */
const ASKED: readonly { readonly weight: number; readonly ask: (world: World) => Command }[] = [
  { weight: 1, ask: (world) => asks.request({ facts: assessmentFacts(world) }) },
  { weight: 4, ask: (world) => asks.assess(world) },
  { weight: 2, ask: (world) => asks.attachEvidence(world) },
  { weight: 8, ask: () => asks.approve() },
  { weight: 8, ask: () => asks.approve({ groups: ['security'] }) },
  { weight: 1, ask: () => asks.reject() },
  { weight: 1, ask: () => asks.requestChanges() },
  { weight: 3, ask: (world) => asks.resubmit(world) },
  { weight: 1, ask: () => asks.schedule('2026-11-22T00:00:00.000Z') },
  { weight: 1, ask: () => asks.schedule('2026-11-22T00:00:00.000Z', 'fail') },
  { weight: 1, ask: () => asks.unschedule() },
  { weight: 8, ask: (world) => asks.requestExecution(world) },
  { weight: 8, ask: (world) => asks.startExecution(world) },
  { weight: 8, ask: () => asks.complete() },
  { weight: 1, ask: () => asks.fail() },
  { weight: 1, ask: () => asks.cancel() },
  { weight: 1, ask: () => asks.expire() },
  { weight: 1, ask: () => asks.rollBack() },
];

const asked = fc.oneof(...ASKED.map(({ weight, ask }) => ({ weight, arbitrary: fc.constant(ask) })));
const pauses = fc.oneof(
  { weight: 6, arbitrary: fc.constant('PT0S') },
  { weight: 3, arbitrary: fc.constantFrom('PT1M', 'PT6H') },
  { weight: 1, arbitrary: fc.constant('P2D') },
);
/** The world stays what it was four times out of five, so that sequences get somewhere. */
const elsewhere = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: worlds },
);

const steps: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    worlds,
    fc.constantFrom('manual' as const, 'automatic' as const),
    fc.array(fc.tuple(asked, elsewhere, fc.constantFrom(dev, alice, bob, SYSTEM), pauses), {
      minLength: 5,
      maxLength: 25,
    }),
  )
  .map(([{ lock: _, freeze: __, separation: ___, ...home }, execution, list]) => {
    let now = NOON;
    const first = by(dev, asks.request({ facts: assessmentFacts(home), execution }));
    return [
      first,
      ...list.map(([ask, world, actor, pause]) => {
        now = addDuration(now, pause);
        return by(actor, ask(world ?? home), now);
      }),
    ];
  });

type Applied = {
  readonly before: PromotionState | undefined;
  readonly step: Step;
  readonly events: readonly PromotionEvent[];
  readonly after: PromotionState;
};

function run(list: readonly Step[]) {
  const stored: StoredEvent[] = [];
  const applied: Applied[] = [];
  let state: PromotionState | undefined;
  for (const step of list) {
    const { command, actor, now } = step;
    const answer = decide(state, command, { actor, now });
    if (isRefusal(answer) || answer.length === 0) continue;
    const next = append(state, answer, { actor, now });
    applied.push({ before: state, step, events: answer, after: next.state });
    stored.push(...next.events);
    state = next.state;
  }
  if (state === undefined) throw new Error('the first step requests');
  return { state, stored, applied };
}

describe('whatever commands come, in whatever order', () => {
  it('replaying the events gives the stored state, and the chain holds', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { state, stored } = run(list);
        expect(replay(stored)).toEqual(state);
        expect(verifyChain(stored, state.chain)).toBeUndefined();
      }),
      { numRuns: times(75, 1_200) },
    );
  });

  it('execution starts only approved, sealed as the facts are, unexpired and asked for, by people who may', () => {
    let started = 0;
    fc.assert(
      fc.property(steps, (list) => {
        for (const { before, step, events } of run(list).applied) {
          if (!events.some(({ type }) => type === 'ExecutionStarted')) continue;
          started += 1;
          if (before === undefined || step.command.type !== 'start_execution')
            throw new Error('from nowhere');
          const { facts } = step.command;
          expect(['approved', 'scheduled']).toContain(before.status);
          expect(step.now < before.expires_at).toBe(true);
          expect(facts.plan.change_set_digest).toBe(before.seal.manifest.change_set_digest);
          expect(facts.requirements.policy_digest).toBe(before.seal.manifest.policy_digest);
          expect(facts.lock).toBeUndefined();
          expect(facts.freeze).toBeUndefined();
          const { requirements, manifest_digest } = before.seal;
          expect(countApprovals(requirements, before.approvals, manifest_digest).complete).toBe(true);
          expect(before.approvals.map(({ actor }) => actor.subject)).not.toContain(before.requester.subject);
          if (before.status === 'scheduled') expect(step.now >= before.schedule.at).toBe(true);
        }
      }),
      { numRuns: times(250, 4_000) },
    );
    expect(started).toBeGreaterThan(times(25, 400));
  });

  it('it completes only after it started, and nothing lies between', () => {
    let completed = 0;
    fc.assert(
      fc.property(steps, (list) => {
        const types = run(list).stored.map(({ event }) => event.type);
        const at = types.indexOf('PromotionCompleted');
        if (at === -1) return;
        completed += 1;
        expect(types[at - 1]).toBe('ExecutionStarted');
        expect(types.filter((type) => type === 'ExecutionStarted')).toHaveLength(1);
        expect(types.slice(at + 1).filter((type) => type !== 'PromotionRolledBack')).toEqual([]);
      }),
      { numRuns: times(250, 4_000) },
    );
    expect(completed).toBeGreaterThan(20);
  });

  it('no person counts twice, and every approval kept is of the present manifest', () => {
    fc.assert(
      fc.property(steps, (list) => {
        for (const { after } of run(list).applied) {
          const people = after.approvals.map(({ actor }) => actor.email);
          expect(new Set(people).size).toBe(people.length);
          for (const { manifest_digest } of after.approvals) {
            expect(manifest_digest).toBe(after.seal.manifest_digest);
          }
        }
      }),
      { numRuns: times(125, 2_000) },
    );
  });

  it('the same command at the same moment again changes nothing more than a second record of evidence', () => {
    fc.assert(
      fc.property(steps, (list) => {
        for (const { step, after } of run(list).applied) {
          const { command, actor, now } = step;
          if (command.type === 'attach_evidence') continue;
          const again = decide(after, command, { actor, now });
          if (isRefusal(again)) continue;
          if (command.type === 'assess' || command.type === 'approve') expect(again).toEqual([]);
          if (command.type === 'schedule' || command.type === 'unschedule') expect(again).toEqual([]);
          if (command.type === 'start_execution') expect(again).toEqual([]);
        }
      }),
      { numRuns: times(250, 4_000) },
    );
  });

  it('an approved promotion that nobody disturbs completes', () => {
    fc.assert(
      fc.property(worlds, fc.constantFrom('manual' as const, 'automatic' as const), (world, execution) => {
        const { plan, requirements } = world;
        const facts = { plan, requirements, evidence: [testReport()] };
        const list = [
          by(dev, asks.request({ facts: assessmentFacts(facts), execution })),
          by(alice, asks.approve({ groups: ['security'] })),
          by(bob, asks.approve({ groups: ['security'] })),
          by(dev, asks.requestExecution(facts)),
          by(SYSTEM, asks.startExecution(facts)),
          by(SYSTEM, asks.complete()),
        ];
        expect(run(list).state.status).toBe('completed');
      }),
    );
  });
});
