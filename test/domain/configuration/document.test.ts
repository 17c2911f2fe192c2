import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  completed,
  differences,
  gateMapOf,
  gatesAsSaid,
} from '../../../functions/domain/configuration/document.ts';
import { defaultGate } from '../../../functions/domain/gates/default-gate.ts';
import type { GateSetting } from '../../../functions/domain/gates/gate.ts';
import { KINDS } from '../../../functions/domain/subject.ts';

const policy = defaultGate('policy_compliance');
const DOCUMENTED = [
  'policy_compliance',
  'tests',
  'security_scan',
  'signature',
  'cost_analysis',
  'performance_baseline',
];

describe('the gates of the artifact document', () => {
  it('are off where they are absent, but the signature comes with the scan', () => {
    expect(completed({ tests: true, security_scan: true })).toEqual({
      policy_compliance: true,
      tests: true,
      security_scan: true,
      signature: true,
      cost_analysis: false,
      performance_baseline: false,
    });
    expect(completed({ security_scan: true, signature: false })).toMatchObject({ signature: false });
    expect(completed({})).toMatchObject({ signature: false, security_scan: false });
  });

  it('of the operator stay where they are on, in the order of their names behind the documented ones', () => {
    const said = completed({ zeal: true, licenses: true, off: false, tests: true });
    expect(Object.keys(said).slice(-2)).toEqual(['licenses', 'zeal']);
    expect(said).toMatchObject({ zeal: true, licenses: true, tests: true, policy_compliance: true });
    expect(said).not.toHaveProperty('off');
  });

  it('concern artifacts alone, and keep what they were set to', () => {
    const tests: GateSetting = { ...defaultGate('tests'), max_age: 'P1D', producers: ['ci'] };
    const gates = gatesAsSaid([policy, tests], completed({ tests: true, cost_analysis: true }));
    expect(gates).toEqual([policy, tests, { name: 'cost_analysis', mode: 'warn', applies_to: ['artifact'] }]);
  });

  it('that are turned off go on judging other kinds', () => {
    const both: GateSetting = { name: 'tests', mode: 'block', applies_to: ['agent', 'artifact'] };
    expect(gatesAsSaid([policy, both], completed({}))).toEqual([policy, { ...both, applies_to: ['agent'] }]);
    expect(gatesAsSaid([policy, defaultGate('tests')], completed({}))).toEqual([policy]);
    const agents: GateSetting = { ...both, applies_to: ['agent'] };
    expect(gatesAsSaid([policy, agents], completed({ tests: true }))).toEqual([policy, both]);
  });

  it('are exported as they were said, whatever the environment had', () => {
    const name = fc.constantFrom(...DOCUMENTED.slice(1), 'soak', 'change-board');
    const gate = fc.record({
      name,
      mode: fc.constantFrom('block' as const, 'warn' as const),
      applies_to: fc.uniqueArray(fc.constantFrom(...KINDS), { minLength: 1 }),
    });
    const gates = fc.uniqueArray(gate, { selector: (one) => one.name });
    fc.assert(
      fc.property(gates, fc.dictionary(name, fc.boolean()), (had, map) => {
        const said = completed(map);
        const is = gatesAsSaid([policy, ...had], said);
        expect(gateMapOf({ gates: is })).toEqual(said);
        expect(gatesAsSaid(is, said)).toEqual(is);
      }),
    );
  });
});

describe('differences', () => {
  it('are members by their path, and lists as a whole', () => {
    const before = { a: { b: 1, c: [1, 2] }, gone: true };
    const after = { a: { b: 2, c: [2, 1] }, come: { x: null } };
    expect(differences(before, after)).toEqual([
      { path: 'a.b', before: 1, after: 2 },
      { path: 'a.c', before: [1, 2], after: [2, 1] },
      { path: 'come', before: null, after: { x: null } },
      { path: 'gone', before: true, after: null },
    ]);
  });

  it('are none between equal documents, in whatever order their members stand', () => {
    expect(differences({ a: 1, b: { c: [] } }, { b: { c: [] }, a: 1 })).toEqual([]);
  });
});
