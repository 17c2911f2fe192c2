import { describe, expect, it } from 'vitest';
import { closureOf } from '../support/imports.ts';
import { mutantsOf, mutated } from './mutations.ts';
import { sample } from './sample.ts';
import { testsOf } from './tests-of.ts';

const changesOf = (text: string) => mutantsOf('a.ts', text).map((mutant) => mutated(text, mutant));

describe('the mutants of a text', () => {
  it.each([
    ['an equality', 'x = a === b', ['x = a !== b']],
    ['a boundary', 'x = a <= b', ['x = a < b']],
    ['a conjunction', 'x = a && b', ['x = a || b']],
    ['a negation', 'x = !a', ['x = (a)']],
    ['a constant', 'x = true', ['x = false']],
    ['all and some', 'x = a.some(f)', ['x = a.every(f)']],
    ['a filter', 'x = a.filter(f)', ['x = a']],
    ['a condition', 'if (a) {}', ['if (true) {}', 'if (false) {}']],
    ['a choice', 'x = a ? b : c', ['x = true ? b : c', 'x = false ? b : c']],
    ['a returned text', "const f = () => 'a'", ["const f = () => ''"]],
    ['a returned list', 'function f() { return [1]; }', ['function f() { return []; }']],
  ])('change %s', (_, text, changed) => {
    const all = changesOf(text);
    for (const one of changed) expect(all).toContain(one);
  });

  it('remove a statement', () => {
    expect(changesOf('list.push(1);')).toEqual([';']);
  });

  it('leave a method that every object has as it is', () => {
    expect(changesOf('x = digits.toString(8)')).toEqual([';']);
  });

  it('leave types as they are', () => {
    expect(changesOf('type A = true; interface B { c: false } let d: true;')).toEqual([]);
  });
});

describe('the sample', () => {
  const mutants = Array.from({ length: 50 }, (_, at) =>
    mutantsOf(`functions/domain/${at % 2 ? 'policy' : 'slack'}/${at}.ts`, 'x = a && b || !c'),
  ).flat();

  it('is the same for the same seed, and another for another', () => {
    expect(sample(mutants, 40, 7)).toEqual(sample(mutants, 40, 7));
    expect(sample(mutants, 40, 7)).not.toEqual(sample(mutants, 40, 8));
    expect(new Set(sample(mutants, 40, 7)).size).toBe(40);
  });

  it('does not change where another file does', () => {
    const more = [...mutants, ...mutantsOf('functions/domain/other.ts', 'x = a === b')];
    const kept = sample(more, 41, 7).filter(({ file }) => file !== 'functions/domain/other.ts');
    const drawn = new Set(sample(mutants, 41, 7));
    expect(kept.every((mutant) => drawn.has(mutant))).toBe(true);
  });

  it('draws more of the rules that decide who may do what', () => {
    const heavy = sample(mutants, 60, 7).filter(({ file }) => file.includes('/policy/'));
    expect(heavy.length).toBeGreaterThan(35);
  });
});

describe('the tests of a file', () => {
  it('are those that load it, nearest first', () => {
    const [nearest = []] = testsOf('functions/domain/policy/weakening/weakening.ts');
    expect(nearest).toContain('test/domain/policy/weakening.test.ts');
    for (const test of nearest)
      expect(closureOf(test).get('functions/domain/policy/weakening/weakening.ts')).toBe(1);
  });
});
