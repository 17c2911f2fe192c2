import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GateResult } from '../../../functions/domain/gates/gate.ts';
import {
  breakingBetween,
  judgeRollback,
  type RollbackFacts,
  refusedImpact,
  refuseRisk,
} from '../../../functions/domain/promotion/rollback-impact.ts';
import { refuse } from '../../../functions/domain/refusal.ts';

const gate = (status: GateResult['status'], mode: GateResult['mode'] = 'block'): GateResult => ({
  ...{ name: 'tests', required: mode === 'block', mode, status, reason_code: 'ok', evidence: [] },
});
const pin = (satisfied: boolean) => ({ id: 'c', name: 'billing', constraint: '^1.2.0', satisfied });
const agent = { kind: 'agent', name: 'agent-1' } as const;
const harmless: RollbackFacts = {
  from: '1.3.0',
  to: '1.2.0',
  from_revision: 7,
  to_revision: 5,
  keys: 3,
  breaking: [],
  consumers: [agent, pin(true)],
  gates: [gate('PASSED'), gate('SKIPPED'), gate('WARNING', 'warn'), gate('FAILED', 'warn')],
  later: [],
  edits: 0,
  durations: [10.2, 20, 90],
  revisions: [{ number: 5, version: 'v1.2.0', at: '2026-11-21T09:00:00.000Z' }],
};
const judged = (changes: Partial<RollbackFacts> = {}) => judgeRollback({ ...harmless, ...changes });
const removed = { key: 'a', change: 'removed' } as const;
const major = { from: '2.0.0', to: '1.2.0', change: 'major_version' } as const;

describe('the impact of a rollback', () => {
  it('is safe where everything is known and nothing speaks against it', () => {
    expect(judged()).toEqual({
      recommendation: 'SAFE',
      reason_codes: [],
      from_version: '1.3.0',
      to_version: '1.2.0',
      from_revision: 7,
      to_revision: 5,
      keys: 3,
      affected_consumers: [agent, pin(true)],
      breaking_changes: [],
      policy_compatibility: harmless.gates.map(({ name, mode, status, reason_code }) => ({
        ...{ name, mode, status, reason_code },
      })),
      later_promotions_undone: [],
      later_edits_undone: 0,
      estimated_downtime_seconds: { median: 20, p90: 90 },
      revisions: harmless.revisions,
    });
  });

  it.each<[string, Partial<RollbackFacts>]>([
    ['breaking_changes', { breaking: [removed] }],
    ['breaking_changes', { breaking: [major], consumers: [] }],
    ['breaking_changes_unknown', { breaking: 'unknown' }],
    ['consumers_unknown', { consumers: 'unknown' }],
    ['consumers_unsatisfied', { consumers: [pin(true), pin(false)] }],
    ['policy_incompatible', { gates: [gate('FAILED')] }],
    ['policy_incompatible', { gates: [gate('ERROR')] }],
    ['policy_incompatible', { gates: [gate('PENDING')] }],
    ['policy_unknown', { gates: [] }],
    ['downtime_unknown', { durations: [] }],
    ['later_edits_undone', { edits: 1 }],
    ['later_promotions_undone', { later: ['prom-2'] }],
  ])('is risky for %s', (code, facts) => {
    expect(judged(facts)).toMatchObject({ recommendation: 'RISKY', reason_codes: [code] });
  });

  it('of an added key is safe where nothing reads the key, and of a changed one is not', () => {
    expect(judged({ breaking: [removed], consumers: [] })).toMatchObject({
      recommendation: 'SAFE',
      breaking_changes: [removed],
    });
    const changed = { key: 'a', change: 'type_changed' } as const;
    const risky = { reason_codes: ['breaking_changes'] };
    expect(judged({ breaking: [removed, changed], consumers: [] })).toMatchObject(risky);
    expect(judged({ breaking: [removed], consumers: 'unknown' })).toMatchObject({
      reason_codes: ['breaking_changes', 'consumers_unknown'],
    });
  });

  it('is never safe while anything of it is unknown, and says so', () => {
    const maybe = <T>(known: fc.Arbitrary<T>) => fc.oneof(fc.constant('unknown' as const), known);
    fc.assert(
      fc.property(
        fc.record({
          keys: fc.nat(),
          breaking: maybe(fc.constant([])),
          consumers: maybe(fc.constant([])),
          gates: fc.constantFrom([], [gate('PASSED')]),
          later: fc.constant([]),
          edits: fc.constant(0),
          durations: fc.array(fc.constant(0), { maxLength: 1 }),
          revisions: fc.constant([]),
        }),
        (facts) => {
          const impact = judgeRollback(facts);
          const { affected_consumers, breaking_changes, estimated_downtime_seconds } = impact;
          const unknown =
            [affected_consumers, breaking_changes, estimated_downtime_seconds].includes(null) ||
            impact.policy_compatibility.length === 0;
          expect(impact.recommendation).toBe(unknown ? 'RISKY' : 'SAFE');
        },
      ),
    );
  });

  it('of what is refused is blocked, by its most telling reason, whatever else it is', () => {
    const refusal = refuse('nothing_to_promote', 'gone', { reason: 'not_kept' });
    const blocked = { recommendation: 'BLOCKED', reason_codes: ['not_kept'] };
    expect(judged({ refusal, breaking: [removed] })).toMatchObject(blocked);
    expect(refusedImpact(refusal)).toMatchObject({ ...blocked, affected_consumers: null, to_version: null });
    const locked = refuse('locked', 'x', { reason: 'an incident' });
    expect(judged({ refusal: locked }).reason_codes).toEqual(['locked']);
  });

  it('needs an acknowledgement where it is risky, and only there', () => {
    expect(refuseRisk(judged(), false)).toBeUndefined();
    expect(refuseRisk(judged({ edits: 1 }), true)).toBeUndefined();
    expect(refuseRisk(judged({ edits: 1 }), false)).toMatchObject({
      refused: 'risk_not_acknowledged',
      data: { recommendation: 'RISKY', reason_codes: ['later_edits_undone'] },
    });
  });
});

describe('what breaks between two versions', () => {
  it.each([
    ['1.2.0', '1.3.0', []],
    ['v2.0.0-rc.1', '1.2.0', [{ from: 'v2.0.0-rc.1', to: '1.2.0', change: 'major_version' }]],
    [undefined, '1.2.0', []],
    ['1.2.0', 'sha256:ab', 'unknown'],
    ['green', '1.2.0', 'unknown'],
  ] as const)('from %s to %s is %j', (from, to, breaking) => {
    expect(breakingBetween(from, to)).toEqual(breaking);
  });
});
