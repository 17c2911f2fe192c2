import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Condition, OPERATORS } from '../../../functions/domain/conditions/condition.ts';
import { evaluate } from '../../../functions/domain/conditions/evaluate.ts';
import { parseCondition } from '../../../functions/domain/conditions/parse-condition.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import { times } from '../../support/length.ts';

const facts = {
  tests: { pass_rate: 100, suite: 'smoke', tags: ['fast', 'nightly'], flaky: false },
  metrics: { error_rate: 0.01, note: null },
};
const met = (condition: unknown) => evaluate(JSON.parse(JSON.stringify(condition)), facts).met;
const leaf = (field: string, op: string, value: unknown) => ({ field, op, value });

describe('a leaf', () => {
  it.each([
    ['tests.pass_rate', 'eq', 100, true],
    ['tests.pass_rate', 'eq', 99, false],
    ['tests.pass_rate', 'ne', 99, true],
    ['tests.pass_rate', 'gt', 100, false],
    ['tests.pass_rate', 'gte', 100, true],
    ['metrics.error_rate', 'lt', 0.01, false],
    ['metrics.error_rate', 'lte', 0.01, true],
    ['tests.suite', 'in', ['smoke', 'full'], true],
    ['tests.suite', 'in', ['full'], false],
    ['tests.suite', 'not_in', ['full'], true],
    ['tests.suite', 'not_in', ['smoke'], false],
    ['tests.suite', 'contains', 'mok', true],
    ['tests.tags', 'contains', 'fast', true],
    ['tests.tags', 'contains', 'slow', false],
    ['tests.flaky', 'eq', false, true],
    ['tests.pass_rate', 'exists', true, true],
    ['tests.coverage', 'exists', false, true],
    ['tests.coverage', 'exists', true, false],
    ['metrics.note', 'exists', true, true],
    ['metrics.note', 'eq', null, true],
  ])('%s %s %j is %s', (field, op, value, expected) => {
    expect(met(leaf(field, op, value))).toBe(expected);
  });

  it.each([
    ['a missing field', leaf('tests.coverage', 'ne', 5), 'missing'],
    ['a missing field among many', leaf('tests.coverage', 'not_in', [5]), 'missing'],
    ['a number compared with a text', leaf('tests.suite', 'gt', 5), 'type_mismatch'],
    ['a text that looks like the number', leaf('tests.pass_rate', 'eq', '100'), 'type_mismatch'],
    ['another type that is not equal', leaf('tests.pass_rate', 'ne', '99'), 'type_mismatch'],
    ['another type among many', leaf('tests.suite', 'not_in', [5]), 'type_mismatch'],
    ['null compared', leaf('metrics.note', 'gte', 0), 'type_mismatch'],
    ['a path through a text', leaf('tests.suite.length', 'gte', 0), 'missing'],
    ['a path to a prototype', leaf('tests.constructor', 'exists', true), undefined],
    ['a prototype itself', leaf('__proto__.toString', 'exists', true), undefined],
    ['an operator nobody knows', leaf('tests.pass_rate', 'matches', '.*'), 'unknown_operator'],
    ['no operator', { field: 'tests.pass_rate', value: 1 }, 'malformed'],
    ['no value', { field: 'tests.pass_rate', op: 'ne' }, 'malformed'],
    ['nothing', null, 'malformed'],
  ])('%s is not met, and neither is its negation', (_, condition, problem) => {
    const explanation = evaluate(JSON.parse(JSON.stringify(condition)), facts);
    expect(explanation.met).toBe(false);
    expect(explanation.problem).toBe(problem);
    if (problem !== undefined) expect(met({ not: condition })).toBe(false);
  });
});

describe('a tree', () => {
  const yes = leaf('tests.pass_rate', 'gte', 100);
  const no = leaf('tests.pass_rate', 'gte', 101);
  const unknown = leaf('tests.coverage', 'gte', 80);

  it.each([
    [{ all: [yes, yes] }, true],
    [{ all: [yes, no] }, false],
    [{ all: [yes, unknown] }, false],
    [{ any: [no, yes] }, true],
    [{ any: [unknown, yes] }, true],
    [{ any: [unknown, no] }, false],
    [{ not: no }, true],
    [{ not: yes }, false],
    [{ not: { all: [no, unknown] } }, true],
    [{ not: { all: [yes, unknown] } }, false],
    [{ not: { any: [no, unknown] } }, false],
    [{ not: { any: [yes, unknown] } }, false],
    [{ not: { not: yes } }, true],
    [{ not: { not: unknown } }, false],
    [{ all: [] }, false],
    [{ any: [] }, false],
    [{ not: { any: [] } }, false],
    [{ not: { all: [] } }, false],
  ])('%j is %s', (condition, expected) => {
    expect(met(condition)).toBe(expected);
  });

  it('explains itself leaf by leaf', () => {
    const condition: Condition = {
      all: [
        { field: 'tests.pass_rate', op: 'gte', value: 101 },
        { not: { field: 'tests.coverage', op: 'lt', value: 80 } },
      ],
    };
    expect(evaluate(condition, facts)).toEqual({
      met: false,
      op: 'all',
      children: [
        { met: false, op: 'gte', field: 'tests.pass_rate', expected: 101, actual: 100 },
        {
          met: false,
          op: 'not',
          problem: 'missing',
          children: [{ met: false, op: 'lt', field: 'tests.coverage', expected: 80, problem: 'missing' }],
        },
      ],
    });
  });

  it('never throws, whatever it is given', () => {
    const hostile = fc.letrec((tie) => ({
      condition: fc.oneof(
        { maxDepth: 6 },
        fc.record({
          field: fc.constantFrom('a', 'a.b', '__proto__', 'constructor.name', ''),
          op: fc.oneof(fc.constantFrom(...OPERATORS), fc.string()),
          value: fc.anything(),
        }),
        fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
        fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
        fc.record({ not: tie('condition') }),
        fc.anything(),
      ),
    })).condition;
    const given = fc.oneof(
      fc.record({ a: fc.anything() }),
      fc.record({ a: fc.record({ b: fc.anything() }) }),
    );
    fc.assert(
      fc.property(hostile, given, (condition, values) => {
        // What types forbid is what this is about.
        const explanation = Reflect.apply(evaluate, undefined, [condition, values]);
        expect(typeof explanation.met).toBe('boolean');
      }),
      { numRuns: times(750, 12_000) },
    );
  });

  it('is not met where it has no answer, under any number of negations', () => {
    fc.assert(
      fc.property(fc.nat(8), (times) => {
        let condition: unknown = unknown;
        for (let index = 0; index < times; index += 1) condition = { not: condition };
        expect(met(condition)).toBe(false);
      }),
    );
  });
});

describe('parsing a condition', () => {
  const document = {
    all: [
      { field: 'tests.pass_rate', op: 'eq', value: 100 },
      { field: 'deployment.duration_hours', op: 'gte', value: 24 },
    ],
  };

  it('takes an object, or the same as a text', () => {
    expect(parseCondition(document)).toEqual(document);
    expect(parseCondition(JSON.stringify(document))).toEqual(document);
    expect(parseCondition({ field: 'a', op: 'exists' })).toEqual({ field: 'a', op: 'exists', value: true });
    expect(parseCondition({ field: 'a', op: 'eq', value: null })).toEqual({
      field: 'a',
      op: 'eq',
      value: null,
    });
  });

  it.each<[string, unknown, string]>([
    ['no JSON', '{', 'conditions'],
    ['a text in a text', '"\\"x\\""', 'conditions'],
    ['nothing', null, 'conditions'],
    ['a list', [document], 'conditions'],
    ['an unknown key', { ...document, extra: 1 }, 'conditions'],
    ['two forms at once', { all: document.all, any: document.all }, 'conditions'],
    ['an empty list', { any: [] }, 'conditions.any'],
    ['an unknown operator', { not: { field: 'a', op: 'like', value: 1 } }, 'conditions.not.op'],
    ['a bad field', { all: [{ field: 'a..b', op: 'eq', value: 1 }] }, 'conditions.all[0].field'],
    ['no value', { field: 'a', op: 'eq' }, 'conditions.value'],
    ['a text to compare by size', { field: 'a', op: 'gt', value: '1' }, 'conditions.value'],
    ['an object to compare with', { field: 'a', op: 'eq', value: {} }, 'conditions.value'],
    ['no list to be in', { field: 'a', op: 'in', value: 'x' }, 'conditions.value'],
    ['an empty list to be in', { field: 'a', op: 'not_in', value: [] }, 'conditions.value'],
    ['a number beyond 2^53', '{"field": "a", "op": "eq", "value": 9007199254740993}', 'conditions.value'],
    ['a lone surrogate', { field: 'a', op: 'eq', value: '\ud800' }, 'conditions.value'],
    ['too deep a tree', deep(11), 'conditions.not.not.not.not.not.not.not.not.not.not'],
    ['too long a text', ' '.repeat(10_001), 'conditions'],
  ])('refuses %s, and names the place', (_, input, field) => {
    expect(parseCondition(input)).toMatchObject({ refused: 'invalid_request', data: { field } });
  });

  it('refuses more than a hundred leaves', () => {
    const leaves = (count: number) => ({ any: Array.from({ length: count }, () => leaf('a', 'eq', 1)) });
    expect(isRefusal(parseCondition(leaves(100)))).toBe(false);
    expect(isRefusal(parseCondition(leaves(101)))).toBe(true);
  });

  it('refuses a list of more than a hundred values', () => {
    const among = (count: number) => leaf('a', 'in', Array.from({ length: count }, String));
    expect(parseCondition(among(100))).toEqual(among(100));
    expect(isRefusal(parseCondition(among(101)))).toBe(true);
  });

  it('accepts only what can be evaluated without a malformed part', () => {
    expect(isRefusal(parseCondition(deep(10)))).toBe(false);
    fc.assert(
      fc.property(fc.anything(), (input) => {
        const parsed = parseCondition(input);
        if (!isRefusal(parsed)) expect(evaluate(parsed, {}).problem).not.toBe('malformed');
      }),
    );
  });
});

function deep(levels: number): unknown {
  return levels === 1 ? leaf('a', 'eq', 1) : { not: deep(levels - 1) };
}

it('a text of 10,000 characters is read, and none that is longer', () => {
  const text = JSON.stringify(leaf('tests.pass_rate', 'eq', 100));
  expect(isRefusal(parseCondition(text.padEnd(10_000)))).toBe(false);
  expect(parseCondition(text.padEnd(10_001))).toMatchObject({ refused: 'invalid_request' });
});
