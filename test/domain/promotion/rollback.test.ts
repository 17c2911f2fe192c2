import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  judgeRollback,
  type RollbackFacts,
  refuseRisk,
} from '../../../functions/domain/promotion/rollback.ts';
import { refuse } from '../../../functions/domain/refusal.ts';

const harmless: RollbackFacts = {
  keys: 3,
  breaking: [],
  consumers: [{ kind: 'agent', name: 'agent-1' }],
  later: [],
  edits: 0,
  durations: [0, 0],
};
const judged = (changes: Partial<RollbackFacts> = {}) => judgeRollback({ ...harmless, ...changes });
const removed = { key: 'a', change: 'removed' } as const;

describe('a rollback', () => {
  it('that takes nothing from anybody is safe', () => {
    expect(judged()).toEqual({
      recommendation: 'SAFE',
      reason_codes: [],
      affected_consumers: [{ kind: 'agent', name: 'agent-1' }],
      breaking_changes: [],
      later_promotions_undone: [],
      later_edits_undone: 0,
      keys: 3,
      estimated_downtime_seconds: 0,
    });
  });

  it.each<[string, Partial<RollbackFacts>]>([
    ['breaking_changes', { breaking: [removed] }],
    ['breaking_changes_unknown', { breaking: 'unknown' }],
    ['consumers_unknown', { consumers: 'unknown' }],
    ['downtime', { durations: [0, 2.1] }],
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

  it('takes as long as the longest execution before it', () => {
    expect(judged({ durations: [1, 2.1, 0] }).estimated_downtime_seconds).toBe(3);
    expect(judged({ durations: [] }).estimated_downtime_seconds).toBeNull();
  });

  it('is never safe while anything of it is unknown, and says null for that', () => {
    const maybe = <T>(known: fc.Arbitrary<T>) => fc.oneof(fc.constant('unknown' as const), known);
    fc.assert(
      fc.property(
        fc.record({
          keys: fc.nat(),
          breaking: maybe(fc.constant([])),
          consumers: maybe(fc.constant([])),
          later: fc.constant([]),
          edits: fc.constant(0),
          durations: fc.array(fc.constant(0), { maxLength: 1 }),
        }),
        (facts) => {
          const impact = judgeRollback(facts);
          const unknown = [
            impact.affected_consumers,
            impact.breaking_changes,
            impact.estimated_downtime_seconds,
          ];
          expect(impact.recommendation).toBe(unknown.includes(null) ? 'RISKY' : 'SAFE');
        },
      ),
    );
  });

  it('that is refused is blocked, by its most telling reason, whatever else it is', () => {
    const refusal = refuse('nothing_to_promote', 'gone', { reason: 'not_kept' });
    expect(judged({ refusal, breaking: [removed] })).toMatchObject({
      recommendation: 'BLOCKED',
      reason_codes: ['not_kept'],
    });
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
