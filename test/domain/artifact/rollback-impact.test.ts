import { describe, expect, it } from 'vitest';
import {
  type ArtifactRollbackFacts,
  judgeArtifactRollback,
} from '../../../functions/domain/artifact/rollback-impact.ts';
import type { GateResult } from '../../../functions/domain/gates/gate.ts';
import { refuse } from '../../../functions/domain/refusal.ts';

const gate = (status: GateResult['status'], mode: GateResult['mode'] = 'block'): GateResult => ({
  ...{ name: 'tests', required: mode === 'block', mode, status, reason_code: 'ok', evidence: [] },
});
const pin = (satisfied: boolean) => ({ id: 'c', name: 'billing', constraint: '^1.2.0', satisfied });
const facts: ArtifactRollbackFacts = {
  from: '1.3.0',
  to: '1.2.0',
  consumers: [pin(true)],
  gates: [gate('PASSED'), gate('SKIPPED'), gate('WARNING', 'warn')],
  undone: ['prom-1'],
  edits: 0,
  durations: [10.2, 20, 90],
};
const judged = (change: Partial<ArtifactRollbackFacts>) => {
  const { recommendation, reason_codes } = judgeArtifactRollback({ ...facts, ...change });
  return [recommendation, ...reason_codes];
};

describe('the impact of a rollback of an artifact', () => {
  it('is SAFE where everything is known and nothing speaks against it', () => {
    expect(judged({})).toEqual(['SAFE']);
    expect(judgeArtifactRollback(facts)).toMatchObject({
      estimated_downtime_seconds: { median: 20, p90: 90 },
      breaking_changes: [],
    });
  });

  it.each<[string, Partial<ArtifactRollbackFacts>]>([
    ['consumers_unsatisfied', { consumers: [pin(true), pin(false)] }],
    ['breaking_changes', { from: '2.0.0' }],
    ['policy_incompatible', { gates: [gate('FAILED')] }],
    ['policy_incompatible', { gates: [gate('ERROR')] }],
    ['policy_incompatible', { gates: [gate('PENDING')] }],
    ['policy_unknown', { gates: [] }],
    ['later_promotions_undone', { undone: ['prom-1', 'prom-2'] }],
    ['later_edits_undone', { edits: 1 }],
    ['downtime_unknown', { durations: [] }],
  ])('is RISKY for %s', (reason, change) => {
    expect(judged(change)).toEqual(['RISKY', reason]);
  });

  it('is BLOCKED where it is refused, with the refusal’s code alone', () => {
    expect(judged({ refusal: refuse('locked', 'a lock'), durations: [] })).toEqual(['BLOCKED', 'locked']);
  });
});
