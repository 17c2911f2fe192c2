import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../functions/domain/conditions/condition.ts';
import { judgeGate } from '../../../functions/domain/gates/judge-gate.ts';
import { contentOf, NOON, PROMOTED, testReport } from '../../support/promotion-facts.ts';

const judged = (result: Parameters<typeof testReport>[0] & object, thresholds?: Condition) => {
  const gate = { name: 'tests', mode: 'block', applies_to: ['agent'] } as const;
  const { status, reason_code } = judgeGate(thresholds === undefined ? gate : { ...gate, thresholds }, {
    kind: 'agent',
    type: 'promotion',
    protected: false,
    target: 'staging',
    subject_digest: PROMOTED,
    asked_about: { promotion_id: 'prom-1', manifest_digest: contentOf('manifest') },
    evidence: [testReport(result)],
    conditions: {},
    as_of: NOON,
  });
  return `${status} ${reason_code}`;
};

const noCritical: Condition = { field: 'critical', op: 'eq', value: 0 };
const fewUnknown: Condition = { field: 'unknown', op: 'lte', value: 5 };
const OPEN = 'FAILED evidence_leaves_unknown';

describe('a report that leaves something unknown', () => {
  const report = { result: { passed: true, critical: 0, unknown: 3 } };

  it.each<[string, string, Condition | undefined]>([
    ['without thresholds', OPEN, undefined],
    ['where thresholds do not name unknown', OPEN, noCritical],
    [
      'where they name it in a part that does not hold',
      OPEN,
      { any: [noCritical, { field: 'unknown', op: 'eq', value: 0 }] },
    ],
    [
      'where they name it in a branch that does not hold',
      OPEN,
      { any: [noCritical, { all: [fewUnknown, { field: 'critical', op: 'gt', value: 0 }] }] },
    ],
    ['where they allow it', 'PASSED ok', { all: [noCritical, fewUnknown] }],
    [
      'where they allow it by a negation',
      'PASSED ok',
      { all: [noCritical, { not: { field: 'unknown', op: 'gt', value: 5 } }] },
    ],
    ['where they allow less of it', 'FAILED thresholds_not_met', { field: 'unknown', op: 'lte', value: 2 }],
  ])('%s is judged %s', (_, expected, thresholds) => expect(judged(report, thresholds)).toBe(expected));

  it('passes without a word where nothing is unknown', () => {
    for (const unknown of [0, false]) {
      expect(judged({ result: { passed: true, critical: 0, unknown } }, noCritical)).toBe('PASSED ok');
    }
  });

  it('does not pass where unknown is no count', () => {
    for (const unknown of [null, '0', true, [], -1]) {
      expect(judged({ result: { passed: true, critical: 0, unknown } }, noCritical)).toBe(OPEN);
    }
  });

  it('is about an operating system past its support too, which a word on unknown does not allow', () => {
    const old = { result: { passed: false, critical: 0, unknown: 0, eosl: true } };
    expect(judged(old, { all: [noCritical, fewUnknown] })).toBe(OPEN);
    expect(judged(old, { all: [noCritical, { field: 'eosl', op: 'exists', value: true }] })).toBe(
      'PASSED ok',
    );
  });
});
