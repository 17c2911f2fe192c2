import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rule } from '../../../functions/domain/catalog/rule.ts';
import { canHold } from '../../../functions/domain/conditions/can-hold.ts';
import type { Condition } from '../../../functions/domain/conditions/condition.ts';
import { evaluate } from '../../../functions/domain/conditions/evaluate.ts';
import type { Deployment } from '../../../functions/domain/deployment/deployment.ts';
import { addDuration } from '../../../functions/domain/instant.ts';
import { judgeAutoPromotion } from '../../../functions/domain/policy/auto-promotion.ts';
import { turnsAt } from '../../../functions/domain/policy/turns-at.ts';
import { contentOf } from '../../support/promotion-facts.ts';

const T0 = '2026-03-01T09:00:00.000Z';
const DEPLOYMENT: Deployment = {
  id: 'dep-1',
  subject: { kind: 'agent', name: 'agent-1' },
  digest: contentOf('1'),
  environment: 'development',
  status: 'DEPLOYED',
  deployed_at: T0,
  live_at: T0,
  recorded: true,
  recorded_by: { subject: 'ci', email: '', kind: 'machine' },
  metrics: { tests: { pass_rate: 90 } },
  details: {},
  created_at: T0,
  version: 1,
};
const ruleOf = (conditions: Condition | null): Rule => ({
  id: 'rule-1',
  name: 'rule-1',
  source_environment: 'development',
  target_environment: 'staging',
  requires_approval: false,
  auto_promote: true,
  required_approvers: 0,
  conditions,
  status: 'active',
  version: 1,
  created_at: T0,
  updated_at: T0,
});
const live = (op: 'gt' | 'gte' | 'lt' | 'eq', value: number): Condition => ({
  field: 'deployment.duration_hours',
  op,
  value,
});
const tests = (value: number): Condition => ({ field: 'tests.pass_rate', op: 'gte', value });
const turns = (conditions: Condition | null, now = T0, deployment = DEPLOYMENT) =>
  turnsAt(ruleOf(conditions), deployment, now);

describe('when conditions may turn true', () => {
  it('is now where they are met, and where there are none', () => {
    expect(turns(null)).toBe(T0);
    expect(turns(tests(90))).toBe(T0);
  });

  it('is never where time has no part in it', () => {
    expect(turns(tests(91))).toBeUndefined();
    expect(turns({ all: [tests(91), live('gte', 24)] })).toBeUndefined();
    expect(turns(live('lt', 24), addDuration(T0, 'P1D'))).toBeUndefined();
    expect(turns(live('gte', 1e300))).toBeUndefined();
    expect(turns(live('gte', 24), T0, { ...DEPLOYMENT, status: 'FAILED' })).toBeUndefined();
  });

  it('is the millisecond at which the time live reaches a number, or passes it', () => {
    expect(turns(live('gte', 24))).toBe(addDuration(T0, 'PT24H'));
    expect(turns(live('gt', 24))).toBe(addDuration(T0, 'PT24H0.001S'));
    expect(turns(live('eq', 24))).toBe(addDuration(T0, 'PT24H'));
    expect(turns({ not: live('lt', 1.5) })).toBe(addDuration(T0, 'PT1H30M'));
    expect(turns({ all: [live('gte', 2), live('lt', 1)] })).toBeUndefined();
  });

  it('counts from when it was resumed', () => {
    const resumed_at = addDuration(T0, 'PT5H');
    expect(turns(live('gte', 1), resumed_at, { ...DEPLOYMENT, resumed_at })).toBe(addDuration(T0, 'PT6H'));
  });

  it('is now where evidence decides, whatever it says today, and later where time decides first', () => {
    const evidence: Condition = { field: 'evidence.tests.status', op: 'eq', value: 'PASSED' };
    expect(turns(evidence)).toBe(T0);
    expect(turns({ not: evidence })).toBe(T0);
    expect(turns({ all: [evidence, tests(91)] })).toBeUndefined();
    expect(turns({ all: [evidence, live('gte', 24)] })).toBe(addDuration(T0, 'PT24H'));
  });

  it('stops looking after a hundred instants, and is asked again at the last of them', () => {
    const never = Array.from({ length: 100 }, (_, n) => live('eq', n + 1));
    const conditions: Condition = { all: [{ any: never }, tests(91)] };
    expect(turns(conditions)).toBe(addDuration(T0, 'PT25H'));
  });
});

const leaf = fc.record({
  field: fc.constantFrom(
    'deployment.duration_hours',
    'deployment.duration_hours',
    'tests.pass_rate',
    'evidence.tests.age_hours',
    'evidence',
    'nothing',
  ),
  op: fc.constantFrom('eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'not_in', 'contains', 'exists'),
  value: fc.oneof(
    fc.constantFrom(0, 1, 2, 24, 90),
    fc.double({ min: -1, max: 30, noNaN: true }),
    fc.boolean(),
    fc.array(fc.constantFrom(1, 2, 24), { minLength: 1, maxLength: 3 }),
  ),
}) satisfies fc.Arbitrary<Condition>;
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    leaf,
    fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
}));
const facts = fc.record(
  { tests: fc.record({ age_hours: fc.constantFrom(0, 1, 2, 24, 90) }) },
  { requiredKeys: [] },
);

describe('for any conditions', () => {
  it('nothing is met before the instant that is given, whatever evidence says', () => {
    fc.assert(
      fc.property(
        condition,
        facts,
        fc.array(fc.integer({ min: 0, max: 31 * 3_600_000 }), { maxLength: 10 }),
        (conditions, evidence, offsets) => {
          const rule = ruleOf(conditions);
          const due = turnsAt(rule, DEPLOYMENT, T0);
          for (const offset of [...offsets, 3_600_000, 7_200_000, 24 * 3_600_000 - 1, 24 * 3_600_000]) {
            const at = addDuration(T0, `PT${(offset / 1_000).toFixed(3)}S`);
            if (!judgeAutoPromotion(rule, DEPLOYMENT, at, evidence).explanation.met) continue;
            expect(due !== undefined && due <= at).toBe(true);
          }
        },
      ),
    );
  });

  it('what may hold is what holds where nothing is unknown, and includes it where something is', () => {
    fc.assert(
      fc.property(condition, facts, (conditions, evidence) => {
        const all = { tests: { pass_rate: 90 }, deployment: { duration_hours: 2 }, evidence };
        const { met } = evaluate(conditions, all);
        expect(canHold(conditions, all)).toBe(met);
        if (met) expect(canHold(conditions, all, 'evidence')).toBe(true);
      }),
    );
  });

  it('numbers that other facts are compared with are no hours, however many', () => {
    const value = Array.from({ length: 120 }, (_, n) => 1_000 + n);
    expect(turns({ field: 'tests.pass_rate', op: 'in', value })).toBeUndefined();
    expect(turns({ any: [{ field: 'tests.pass_rate', op: 'in', value }, live('gte', 2)] })).toBe(
      addDuration(T0, 'PT2H'),
    );
  });
});
