import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../functions/domain/gates/evidence.ts';
import type { GateSetting } from '../../../functions/domain/gates/gate.ts';
import { evidenceDigest, type GateFacts, judgeGate } from '../../../functions/domain/gates/judge-gate.ts';
import { contentOf, NOON, PROMOTED, testReport } from '../../support/promotion-facts.ts';

const tests: GateSetting = { name: 'tests', mode: 'block', applies_to: ['agent'] };
const facts = (changes: Partial<GateFacts> = {}): GateFacts => ({
  kind: 'agent',
  type: 'promotion',
  protected: false,
  target: 'staging',
  subject_digest: PROMOTED,
  asked_about: { promotion_id: 'prom-1', manifest_digest: contentOf('manifest') },
  evidence: [],
  conditions: {},
  as_of: NOON,
  ...changes,
});
const judged = (
  gate: Partial<GateSetting>,
  evidence: readonly Evidence[],
  changes: Partial<GateFacts> = {},
) => {
  const { status, reason_code } = judgeGate({ ...tests, ...gate }, facts({ evidence, ...changes }));
  return `${status} ${reason_code}`;
};

describe('a gate that judges evidence', () => {
  it('passes on a report that says so, and names it', () => {
    const report = testReport();
    expect(judgeGate(tests, facts({ evidence: [report] }))).toEqual({
      name: 'tests',
      required: true,
      mode: 'block',
      status: 'PASSED',
      reason_code: 'ok',
      evidence: [evidenceDigest(report)],
    });
  });

  it.each<[string, string, Partial<GateSetting>, readonly Evidence[], Partial<GateFacts>]>([
    ['no report', 'FAILED evidence_missing', {}, [], {}],
    ['a report of another gate', 'FAILED evidence_missing', {}, [testReport({ gate: 'signature' })], {}],
    [
      'a report that says no',
      'FAILED thresholds_not_met',
      {},
      [testReport({ result: { passed: false } })],
      {},
    ],
    ['a report that says nothing', 'FAILED thresholds_not_met', {}, [testReport({ result: {} })], {}],
    [
      'a report that says yes in words',
      'FAILED thresholds_not_met',
      {},
      [testReport({ result: { passed: 'true' } })],
      {},
    ],
    [
      'a report nobody could read',
      'ERROR evidence_unusable',
      {},
      [testReport({ result: { passed: true, error: 'no tests' } })],
      {},
    ],
    [
      'another digest',
      'FAILED evidence_about_another_digest',
      {},
      [testReport({ subject_digest: contentOf('other') })],
      {},
    ],
    ['another format', 'FAILED evidence_of_another_format', { format: 'k6' }, [testReport()], {}],
    ['a producer not named', 'FAILED evidence_untrusted', { producers: ['release-bot'] }, [testReport()], {}],
    [
      'no producer named, at a protected target',
      'FAILED evidence_untrusted',
      {},
      [testReport()],
      { protected: true },
    ],
    [
      'a future production',
      'FAILED evidence_from_the_future',
      {},
      [testReport({ produced_at: '2026-11-21T12:00:00.001Z' })],
      {},
    ],
    [
      'a future receipt',
      'FAILED evidence_from_the_future',
      {},
      [testReport({ received_at: '2026-11-21T12:00:00.001Z' })],
      {},
    ],
    ['too old a report', 'FAILED evidence_too_old', { max_age: 'PT1H' }, [testReport()], {}],
    ['an age nobody can read', 'ERROR max_age_unreadable', { max_age: 'one hour' }, [testReport()], {}],
    [
      'thresholds that fail',
      'FAILED thresholds_not_met',
      { thresholds: { field: 'total', op: 'gte', value: 11 } },
      [testReport()],
      {},
    ],
    [
      'thresholds on what is not there',
      'FAILED thresholds_not_met',
      { thresholds: { field: 'rate', op: 'gte', value: 0 } },
      [testReport()],
      {},
    ],
  ])('fails closed on %s', (_, expected, gate, evidence, changes) => {
    expect(judged(gate, evidence, changes)).toBe(expected);
    expect(judged({ ...gate, mode: 'warn' }, evidence, changes)).toBe(expected.replace(/^\w+/, 'WARNING'));
  });

  it('passes where thresholds hold, where the producer is named, at any age up to the greatest', () => {
    expect(judged({ thresholds: { field: 'total', op: 'eq', value: 10 } }, [testReport()])).toBe('PASSED ok');
    expect(judged({ producers: ['ci'] }, [testReport()], { protected: true })).toBe('PASSED ok');
    expect(judged({ max_age: 'PT2H' }, [testReport()])).toBe('PASSED ok');
    expect(judged({ max_age: 'PT1H59M59.999S' }, [testReport()])).toBe('FAILED evidence_too_old');
  });

  it('counts age from the earlier instant: a producer cannot make its report younger', () => {
    const backdated = testReport({
      produced_at: '2026-11-21T11:59:00.000Z',
      received_at: '2026-11-21T09:00:00.000Z',
    });
    expect(judged({ max_age: 'PT1H' }, [backdated])).toBe('FAILED evidence_too_old');
  });

  it('relies on the latest trusted report, not on the best or the last that came', () => {
    const passed = testReport();
    const failed = testReport({
      produced_at: '2026-11-21T11:00:00.000Z',
      received_at: '2026-11-21T11:00:00.000Z',
      result: { passed: false },
    });
    const untrusted = {
      ...passed,
      produced_at: '2026-11-21T11:30:00.000Z',
      received_at: '2026-11-21T11:30:00.000Z',
      producer: { ...passed.producer, subject: 'mallory' },
    };
    const gate = { producers: ['ci'] };
    expect(judged(gate, [failed, passed])).toBe('FAILED thresholds_not_met');
    expect(judged(gate, [passed, untrusted])).toBe('PASSED ok');
    const resent = { ...passed, received_at: '2026-11-21T11:59:00.000Z' };
    expect(judged(gate, [resent, failed])).toBe('FAILED thresholds_not_met');
  });

  it('among equally old ones relies on the one that came last', () => {
    const passed = testReport({ received_at: '2026-11-21T11:00:00.000Z' });
    for (const minute of [1, 2, 3, 4, 5]) {
      const later = `2026-11-21T11:0${minute}:00.000Z`;
      const failed = testReport({ received_at: later, result: { passed: false } });
      expect(judged({}, [passed, failed])).toBe('FAILED thresholds_not_met');
    }
  });

  it('gives the same answer in any order, and again on the one report it names', () => {
    const reports = fc.array(
      fc.record({
        subject_digest: fc.constantFrom(PROMOTED, PROMOTED, contentOf('other')),
        produced_at: fc.constantFrom(
          '2026-11-21T10:00:00.000Z',
          '2026-11-21T11:00:00.000Z',
          '2026-11-21T13:00:00.000Z',
        ),
        received_at: fc.constantFrom('2026-11-21T10:30:00.000Z', '2026-11-21T11:30:00.000Z'),
        result: fc.constantFrom({ passed: true }, { passed: false }),
        format: fc.constantFrom('junit', 'k6'),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(reports, fc.nat(), (list, turn) => {
        const gate = { ...tests, format: 'junit', max_age: 'PT90M' };
        const evidence = list.map((changes) => testReport(changes));
        const answer = judgeGate(gate, facts({ evidence }));
        const at = evidence.length === 0 ? 0 : turn % evidence.length;
        const turned = [...evidence.slice(at), ...evidence.slice(0, at)].reverse();
        expect(judgeGate(gate, facts({ evidence: turned }))).toEqual(answer);
        const named = evidence.filter((report) => answer.evidence.includes(evidenceDigest(report)));
        expect(judgeGate(gate, facts({ evidence: named }))).toEqual(answer);
      }),
      { numRuns: 500 },
    );
  });
});

describe('policy compliance', () => {
  const policy: GateSetting = { name: 'policy_compliance', mode: 'block', applies_to: [] };
  const noRecords: GateSetting = {
    ...policy,
    thresholds: { field: 'source.recorded', op: 'eq', value: false },
  };

  it('passes by itself, for every kind', () => {
    expect(judgeGate(policy, facts()).status).toBe('PASSED');
  });

  it('refuses what its thresholds do not tolerate, and what it knows nothing of', () => {
    expect(judgeGate(noRecords, facts({ conditions: { source: { recorded: false } } })).status).toBe(
      'PASSED',
    );
    expect(judgeGate(noRecords, facts({ conditions: { source: { recorded: true } } }))).toMatchObject({
      status: 'FAILED',
      reason_code: 'policy_not_met',
    });
    expect(judgeGate(noRecords, facts()).status).toBe('FAILED');
  });
});

describe('soak', () => {
  const soak: GateSetting = {
    name: 'soak',
    mode: 'block',
    applies_to: ['agent'],
    thresholds: { field: 'deployment.duration_hours', op: 'gte', value: 24 },
  };
  const soakedFor = (hours: number) => facts({ conditions: { deployment: { duration_hours: hours } } });

  it('passes at exactly the time, is pending before, an error where the time is unknown', () => {
    expect(judgeGate(soak, soakedFor(24)).status).toBe('PASSED');
    expect(judgeGate(soak, soakedFor(23.999))).toMatchObject({ status: 'PENDING', reason_code: 'soaking' });
    expect(judgeGate(soak, facts())).toMatchObject({ status: 'ERROR', reason_code: 'soak_unknown' });
  });

  it('is an error without a time to soak', () => {
    const { thresholds: _, ...endless } = soak;
    expect(judgeGate(endless, soakedFor(1_000))).toMatchObject({
      status: 'ERROR',
      reason_code: 'no_thresholds',
    });
  });
});

describe('a gate that does not judge', () => {
  it('is skipped for other kinds, and for rollbacks but for policy and signature', () => {
    const skipped = { status: 'SKIPPED', required: false };
    expect(judgeGate(tests, facts({ kind: 'config' }))).toMatchObject({
      ...skipped,
      reason_code: 'not_applicable',
    });
    expect(judgeGate(tests, facts({ type: 'rollback' }))).toMatchObject({
      ...skipped,
      reason_code: 'not_for_rollbacks',
    });
    expect(judgeGate({ ...tests, name: 'signature' }, facts({ type: 'rollback' })).status).toBe('FAILED');
  });
});
