import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Condition } from '../../../functions/domain/conditions/condition.ts';
import type { Evidence } from '../../../functions/domain/gates/evidence.ts';
import type { GateSetting } from '../../../functions/domain/gates/gate.ts';
import type { Requirements } from '../../../functions/domain/policy/requirements.ts';
import { weakerRequirements } from '../../../functions/domain/policy/weakening/requirements.ts';
import { decide } from '../../../functions/domain/promotion/decider.ts';
import { append } from '../../../functions/domain/promotion/history.ts';
import type { PromotionState } from '../../../functions/domain/promotion/state.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import { by, type Step } from '../../support/decider-specification.ts';
import { times } from '../../support/length.ts';
import {
  approver,
  asks,
  assessmentFacts,
  executionFacts,
  person,
  requirementsOf,
  testReport,
} from '../../support/promotion-facts.ts';

const GROUPS = ['security', 'bots'];
const PEOPLE = ['dev', 'alice', 'bob', 'erin'].map(person);
const BOT = { subject: 'sub-bot', email: '', kind: 'machine' as const };

const leaf = fc.record({
  field: fc.constantFrom('failed', 'unknown', 'passed'),
  op: fc.constantFrom(
    'eq' as const,
    'lt' as const,
    'lte' as const,
    'gte' as const,
    'in' as const,
    'exists' as const,
  ),
  value: fc.constantFrom<unknown[]>(0, 1, 2, true, false, [0, 1], [1, 2]) as fc.Arbitrary<never>,
});
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
}));
const gate: fc.Arbitrary<GateSetting> = fc.record(
  {
    name: fc.constantFrom('tests', 'policy_compliance', 'soak', 'custom'),
    mode: fc.constantFrom('block' as const, 'warn' as const),
    applies_to: fc.constant(['agent' as const]),
    format: fc.constantFrom('junit', 'json'),
    max_age: fc.constantFrom('PT1H', 'P1D', 'P7D', 'P30D'),
    thresholds: condition,
    producers: fc.subarray(['ci', 'laptop']),
  },
  { requiredKeys: ['name', 'mode', 'applies_to'] },
);
const duties = fc.record({
  requester: fc.boolean(),
  author: fc.boolean(),
  previous_promoter: fc.boolean(),
  evidence_producer: fc.boolean(),
});
const requirements: fc.Arbitrary<Requirements> = fc
  .record({
    required_approvers: fc.nat(2),
    groups: fc.subarray(GROUPS.map((group) => ({ group, min: 1 }))),
    separation_of_duties: duties,
    expires_after: fc.constantFrom('PT2H', 'P1D', 'P3D'),
    require_comment: fc.boolean(),
    gates: fc.uniqueArray(gate, { maxLength: 3, selector: ({ name }) => name }),
    protected: fc.boolean(),
  })
  .map((asked) => requirementsOf({}, { ...asked, requires_approval: asked.required_approvers > 0 }));

/** A change of some of it, or of nothing, so that most of what is compared is nearly the same. */
const change = fc
  .tuple(
    requirements,
    requirements,
    fc.subarray([
      'required_approvers',
      'groups',
      'separation_of_duties',
      'expires_after',
      'require_comment',
      'gates',
      'protected',
    ] as const),
  )
  .map(([before, other, changed]) => ({
    before,
    after: requirementsOf(
      {},
      { ...before, ...Object.fromEntries(changed.map((name) => [name, other[name]])) },
    ),
  }));

const report: fc.Arbitrary<Evidence> = fc
  .record({
    gate: fc.constantFrom('tests', 'custom'),
    format: fc.constantFrom('junit', 'json'),
    hours: fc.constantFrom(0.5, 5, 50, 500),
    producer: fc.constantFrom('ci', 'laptop'),
    result: fc.record({ passed: fc.boolean(), failed: fc.nat(2), unknown: fc.nat(2) }, { requiredKeys: [] }),
  })
  .map(({ hours, producer, ...rest }) => {
    const at = new Date(Date.parse('2026-11-21T12:00:00Z') - hours * 3_600_000).toISOString();
    const by = { subject: producer, email: '', kind: 'machine' as const };
    return testReport({ ...rest, produced_at: at, received_at: at, producer: by });
  });
const yes = fc.record({
  actor: fc.constantFrom(...PEOPLE, BOT),
  groups: fc.subarray(GROUPS),
  comment: fc.constantFrom('', 'looks right'),
});
const situation = fc.record({
  evidence: fc.array(report, { maxLength: 3 }),
  facts: fc.record({ failed: fc.nat(2), passed: fc.boolean() }, { requiredKeys: [] }),
  // Each once: whose first approval is refused only for want of a comment may come back from other groups.
  approvals: fc.uniqueArray(yes, { maxLength: 4, selector: ({ actor }) => actor.subject }),
  people: fc.record({
    authors: fc.subarray(PEOPLE),
    previous_promoters: fc.subarray(PEOPLE),
    evidence_producers: fc.subarray(PEOPLE),
  }),
  at: fc.constantFrom('2026-11-21T13:00:00.000Z', '2026-11-21T23:00:00.000Z', '2026-11-23T12:00:00.000Z'),
});

type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;

/** Whether the promotion executes in the end: requested, approved by whoever is let, executed, all by the real decider. */
function executes(required: Requirements, { evidence, facts, approvals, people, at }: Situation): boolean {
  const known = assessmentFacts({ requirements: required, evidence, conditions: facts });
  const execution = executionFacts({ ...known, separation: people });
  const everyone = [...PEOPLE, BOT].map((one) =>
    approver(one, { kind: one === BOT ? 'machine' : 'person', groups: GROUPS }),
  );
  const steps: readonly Step[] = [
    by(person('dev'), asks.request({ facts: known, execution: 'manual' })),
    ...approvals.map(({ actor, groups, comment }) =>
      by(actor, asks.approve({ groups, comment, separation: people })),
    ),
    by(person('erin'), asks.assess(known), at),
    by(person('erin'), asks.requestExecution(execution), at),
    by(person('erin'), asks.startExecution(execution, everyone), at),
  ];
  let state: PromotionState | undefined;
  for (const { command, actor, now } of steps) {
    const events = decide(state, command, { actor, now });
    if (!isRefusal(events) && events.length > 0) state = append(state, events, { actor, now }).state;
  }
  return state?.status === 'executing';
}

it('is named wherever a situation is allowed after a change that was refused before', () => {
  let [allowed, refused] = [0, 0];
  fc.assert(
    fc.property(
      change,
      fc.array(situation, { minLength: 1, maxLength: 8 }),
      ({ before, after }, situations) => {
        const weaker = weakerRequirements(before, after, { type: 'promotion', machines: GROUPS });
        const named = weaker.map(({ what }) => what);
        for (const one of situations) {
          const [then, now] = [executes(before, one), executes(after, one)];
          if (now) allowed += 1;
          else refused += 1;
          if (named.length === 0 && now && !then)
            throw new Error('allowed now, refused before, and not named');
        }
      },
    ),
    { numRuns: times(100, 400) },
  );
  // What never executes, or always does, would prove nothing.
  expect(allowed).toBeGreaterThan(50);
  expect(refused).toBeGreaterThan(50);
});
