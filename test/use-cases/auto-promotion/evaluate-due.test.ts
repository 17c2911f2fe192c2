import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../functions/domain/conditions/condition.ts';
import { evaluateRules } from '../../../functions/use-cases/auto-promotion/evaluate.ts';
import { memoryCursors } from '../../support/memory/cursors.ts';
import { evaluateAll, type Step, sourceOf, theatre } from './theatre.ts';

const small = fc.nat(2);
const conditions: fc.Arbitrary<Condition | null> = fc.oneof(
  fc.constant(null),
  fc
    .array(
      fc.constantFrom<Condition>(
        { field: 'deployment.duration_hours', op: 'gte', value: 1 },
        { field: 'deployment.duration_hours', op: 'lt', value: 0.5 },
        { not: { field: 'deployment.duration_hours', op: 'lte', value: 2 } },
        { field: 'tests.pass_rate', op: 'gte', value: 90 },
        { field: 'evidence.tests.passed', op: 'eq', value: true },
        { field: 'evidence.tests.age_hours', op: 'gt', value: 0.5 },
      ),
      { minLength: 1, maxLength: 3 },
    )
    .chain((all) => fc.constantFrom<Condition>({ all }, { any: all })),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ step: fc.constant('record' as const), agent: small, content: small, staging: fc.boolean() }),
  fc.record({ step: fc.constant('measure' as const), nth: fc.nat(9), pass_rate: fc.constantFrom(80, 90) }),
  fc.record({
    step: fc.constant('end' as const),
    nth: fc.nat(9),
    status: fc.constantFrom('FAILED' as const, 'ROLLED_BACK' as const),
  }),
  fc.record({ step: fc.constant('rule' as const), n: fc.nat(1), conditions, active: fc.boolean() }),
  fc.record({ step: fc.constant('gateway' as const), n: fc.nat(1), active: fc.boolean() }),
  fc.record({ step: fc.constant('hold' as const), agent: small, held: fc.boolean() }),
  fc.record({ step: fc.constant('report' as const), content: small, passed: fc.boolean() }),
  fc.record({
    step: fc.constant('close' as const),
    nth: fc.nat(9),
    how: fc.constantFrom('cancel' as const, 'reject' as const),
  }),
  fc.record({ step: fc.constant('count' as const) }),
  fc.record({ step: fc.constant('wait' as const), minutes: fc.constantFrom(5, 29, 31, 60, 120) }),
);

/** Takes the steps in two worlds, evaluates everything in one and what is due in the other, and compares what they promoted after each step. */
async function compared(steps: readonly Step[]): Promise<readonly number[]> {
  const [everything, due] = [await theatre(), await theatre()];
  const cursors = memoryCursors();
  const promoted: number[] = [];
  for (const each of steps) {
    for (const { take, world } of [everything, due]) {
      await take(each);
      world.advance('PT5M');
    }
    await evaluateAll(everything.world);
    expect((await evaluateRules({ ...due.world.deps, cursors }, { most: 1_000 })).faults).toEqual([]);
    const [expected, found] = [await everything.promotions(), await due.promotions()];
    expect(found.map(sourceOf)).toEqual(expected.map(sourceOf));
    promoted.push(found.length);
  }
  return promoted;
}

const RULE: Step = { step: 'rule', n: 0, conditions: null, active: true };
const LIVE: Step = { step: 'record', agent: 0, content: 0, staging: false };
/** Counted, and evaluated since: nothing of what happened before stands in a list any more. */
const SETTLED: readonly Step[] = [
  { step: 'count' },
  { step: 'wait', minutes: 5 },
  { step: 'wait', minutes: 5 },
];
const CASES: readonly (readonly [what: string, before: readonly Step[], then: Step])[] = [
  ['a rule is added', [LIVE], RULE],
  ['a rule is changed', [LIVE, { ...RULE, active: false }], RULE],
  [
    'a hold ends',
    [{ step: 'hold', agent: 0, held: true }, RULE, LIVE],
    { step: 'hold', agent: 0, held: false },
  ],
  [
    'a gateway is there',
    [{ step: 'gateway', n: 0, active: false }, RULE, LIVE],
    { step: 'gateway', n: 0, active: true },
  ],
  [
    'a second gateway is no more',
    [{ step: 'gateway', n: 1, active: true }, RULE, LIVE],
    { step: 'gateway', n: 1, active: false },
  ],
  [
    'the agent runs in the target, which settles where it goes',
    [{ step: 'gateway', n: 1, active: true }, RULE, LIVE],
    { step: 'record', agent: 0, content: 1, staging: true },
  ],
  [
    'the target runs something else',
    [{ step: 'record', agent: 0, content: 0, staging: true }, RULE, LIVE],
    { step: 'record', agent: 0, content: 1, staging: true },
  ],
  [
    'what replaced it is taken back',
    [
      { ...RULE, conditions: { field: 'tests.pass_rate', op: 'eq', value: 90 } },
      LIVE,
      { step: 'record', agent: 0, content: 1, staging: false },
      { step: 'measure', nth: 0, pass_rate: 90 },
    ],
    { step: 'end', nth: 1, status: 'ROLLED_BACK' },
  ],
  [
    'its tests pass',
    [{ ...RULE, conditions: { field: 'tests.pass_rate', op: 'gte', value: 90 } }, LIVE],
    { step: 'measure', nth: 0, pass_rate: 90 },
  ],
  [
    'a report arrives',
    [{ ...RULE, conditions: { field: 'evidence.tests.passed', op: 'eq', value: true } }, LIVE],
    { step: 'report', content: 0, passed: true },
  ],
  [
    'it is live for long enough',
    [{ ...RULE, conditions: { field: 'deployment.duration_hours', op: 'gte', value: 2 } }, LIVE],
    { step: 'wait', minutes: 120 },
  ],
];

describe('what falls due', () => {
  it.each(CASES)('is promoted once %s', async (_, before, then) => {
    const promoted = await compared([...before, ...SETTLED, then]);
    const [last = 0, previous = 0] = [...promoted].reverse();
    expect([previous, last]).toEqual([0, 1]);
  });

  it('is promoted exactly when an evaluation of everything would promote it, with every hint lost', async () => {
    let promoted = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        promoted += Math.max(...(await compared([RULE, ...steps])));
      }),
    );
    expect(promoted).toBeGreaterThan(0);
  });
});
