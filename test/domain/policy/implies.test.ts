import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition, Operator } from '../../../functions/domain/conditions/condition.ts';
import { evaluate } from '../../../functions/domain/conditions/evaluate.ts';
import type { Json } from '../../../functions/domain/jcs.ts';
import { implies } from '../../../functions/domain/policy/weakening/implies.ts';

const leaf = (op: Operator, value: Json, field = 'n'): Condition => ({ field, op, value });
const [low, high] = [leaf('gte', 5), leaf('gte', 8)];
const other = leaf('eq', true, 'ok');

describe('a condition that is stricter than another', () => {
  it.each<[string, Condition, Condition]>([
    ['is the same, in another order of members', { op: 'ne', value: 3, field: 'n' }, leaf('ne', 3)],
    ['is a negation of the same', { not: low }, { not: leaf('gte', 5) }],
    ['asks for more', high, low],
    ['asks for more than', leaf('gt', 5), low],
    ['asks for as much', leaf('gt', 5), leaf('gt', 5)],
    ['asks for less where less is wanted', leaf('lt', 3), leaf('lte', 3)],
    ['asks for at most less', leaf('lte', 3), leaf('lt', 4)],
    ['asks for at most as much', leaf('lte', 3), leaf('lte', 3)],
    ['names one value that fits', leaf('eq', 9), high],
    ['names values that all fit', leaf('in', [8, 9]), high],
    ['asks for a value of what only has to be there', low, leaf('exists', true)],
    ['has the other among its parts', { all: [other, low] }, low],
    ['has stricter parts', { all: [other, high] }, { all: [low, other] }],
    ['is one of what is enough', low, { any: [other, low] }],
    ['leaves fewer ways', { any: [low, high] }, { any: [other, low] }],
  ])('%s', (_, stricter, looser) => {
    expect(implies(stricter, looser)).toBe(true);
  });

  it.each<[string, Condition, Condition]>([
    ['asks for less', low, high],
    ['asks for as much, where more is wanted', low, leaf('gt', 5)],
    ['asks for more, where less is wanted', high, leaf('lte', 5)],
    ['asks for less than what is wanted at least', leaf('lt', 3), leaf('gte', 5)],
    ['asks for at most what is wanted at least', leaf('lte', 3), leaf('gte', 5)],
    ['asks for more than what is wanted at most', leaf('gt', 5), leaf('lte', 3)],
    ['asks for at least what is wanted at most', leaf('gte', 5), leaf('lte', 3)],
    ['asks for at most more', leaf('lte', 4), leaf('lt', 4)],
    ['asks of another fact', leaf('gte', 5, 'm'), low],
    ['names a value that does not fit', leaf('in', [4, 9]), low],
    ['asks that something is absent', leaf('exists', false), leaf('exists', true)],
    ['asks for a value of what must be absent', low, leaf('exists', false)],
    ['lacks a part', low, { all: [low, other] }],
    ['has one part more of what is enough', { any: [low, other] }, low],
    ['is met by nothing that meets an empty list', low, { all: [] }],
    ['is not among what is enough', low, { any: [] }],
    ['compares texts', leaf('lt', 'a'), leaf('lt', 'b')],
  ])('is not one that %s', (_, stricter, looser) => {
    expect(implies(stricter, looser)).toBe(false);
  });

  const value = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.boolean(), fc.constantFrom('a', 'b'));
  const field = fc.constantFrom('n', 'm.k');
  const leaves: fc.Arbitrary<Condition> = fc.oneof(
    fc.record({ field, op: fc.constantFrom('eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'contains'), value }),
    fc.record({ field, op: fc.constantFrom('in', 'not_in'), value: fc.array(value, { maxLength: 3 }) }),
    fc.record({ field, op: fc.constant('exists'), value: fc.boolean() }),
  );
  const conditionsOf = (minLength: number) =>
    fc.letrec<{ condition: Condition }>((tie) => ({
      condition: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaves,
        fc.record({ all: fc.array(tie('condition'), { minLength, maxLength: 3 }) }),
        fc.record({ any: fc.array(tie('condition'), { minLength, maxLength: 3 }) }),
        fc.record({ not: tie('condition') }),
      ),
    })).condition;
  const condition = conditionsOf(0);
  // Nothing meets an empty list: what follows from it is not looked for.
  const full = conditionsOf(1);
  const facts = fc.record(
    { n: value, m: fc.record({ k: value }, { requiredKeys: [] }) },
    { requiredKeys: [] },
  );

  it('is never met by facts that the other is not met by', () => {
    fc.assert(
      fc.property(
        condition,
        condition,
        fc.array(facts, { minLength: 20, maxLength: 20 }),
        (a, b, samples) => {
          fc.pre(implies(a, b));
          for (const sample of samples) {
            if (evaluate(a, sample).met) expect(evaluate(b, sample).met).toBe(true);
          }
        },
      ),
    );
  });

  it('follows from itself, from itself beside others, and is one of several ways', () => {
    fc.assert(
      fc.property(full, full, (a, b) => {
        expect(implies(a, a)).toBe(true);
        expect(implies({ all: [b, a] }, a)).toBe(true);
        expect(implies(a, { any: [b, a] })).toBe(true);
      }),
    );
  });
});
