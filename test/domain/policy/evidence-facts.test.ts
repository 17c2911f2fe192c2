import { describe, expect, it } from 'vitest';
import { type Condition, mentions } from '../../../functions/domain/conditions/condition.ts';
import type { Evidence } from '../../../functions/domain/gates/evidence.ts';
import type { GateSetting } from '../../../functions/domain/gates/gate.ts';
import { evidenceFacts } from '../../../functions/domain/policy/evidence-facts.ts';
import { bob, dev, NOON, testReport } from '../../support/promotion-facts.ts';

const ELEVEN = '2026-11-21T11:00:00.000Z';
const report = (over: Partial<Evidence> = {}) =>
  testReport({
    format: 'json',
    produced_at: ELEVEN,
    received_at: ELEVEN,
    result: { passed: true, failed: 0 },
    ...over,
  });
const ASKING: Condition = { field: 'evidence.tests.passed', op: 'eq', value: true };
const factsOf = (reports: readonly Evidence[], gates: readonly GateSetting[] = [], guarded = false) =>
  evidenceFacts(reports, {
    target: { name: 'staging', gates, protected: guarded },
    conditions: ASKING,
    as_of: NOON,
  });
const tests: GateSetting = { name: 'tests', mode: 'block', applies_to: ['agent'] };

describe('what conditions may ask of reports', () => {
  it('is what the newest says, how old it is, and how the gate would take it', () => {
    const older = report({ produced_at: '2026-11-21T10:00:00.000Z', result: { passed: false, failed: 3 } });
    const { facts, brought_by } = factsOf([older, report({ producer: bob })]);
    expect(facts).toEqual({
      tests: { passed: true, failed: 0, format: 'json', age_hours: 1, status: 'PASSED', reason_code: 'ok' },
    });
    expect(brought_by).toEqual(bob);
  });

  it('is brought by whoever reported what the conditions ask for, not by a later report of another gate', () => {
    const other = report({ gate: 'security_scan', producer: dev, received_at: NOON, produced_at: NOON });
    expect(factsOf([report({ producer: bob }), other]).brought_by).toEqual(bob);
    expect(factsOf([other]).brought_by).toBeUndefined();
  });

  it('is by gate, each by the setting of the target', () => {
    const strict: GateSetting = { ...tests, thresholds: { field: 'failed', op: 'lt', value: 0 } };
    const { facts } = factsOf([report(), report({ gate: 'smoke' })], [strict]);
    expect(facts).toMatchObject({
      tests: { status: 'FAILED', reason_code: 'thresholds_not_met', failed: 0 },
      smoke: { status: 'PASSED' },
    });
  });

  it.each<[string, Partial<Evidence>, Partial<GateSetting>, boolean, string]>([
    ['untrusted', { producer: dev }, { producers: ['ci'] }, false, 'evidence_untrusted'],
    ['brought to a protected target that names nobody', {}, {}, true, 'evidence_untrusted'],
    ['too old', {}, { max_age: 'PT30M' }, false, 'evidence_too_old'],
    ['of the future', { received_at: '2026-11-21T13:00:00.000Z' }, {}, false, 'evidence_from_the_future'],
    ['of another format', {}, { format: 'junit' }, false, 'evidence_of_another_format'],
    ['unusable', { result: { error: 'broken', passed: true } }, {}, false, 'evidence_unusable'],
  ])('says nothing but why of a report that is %s', (_, over, setting, guarded, reason_code) => {
    const { facts, brought_by } = factsOf([report(over)], [{ ...tests, ...setting }], guarded);
    expect(facts).toEqual({ tests: { status: expect.stringMatching(/FAILED|ERROR/), reason_code } });
    expect(brought_by).toBeUndefined();
  });

  it('lets no report say how it was taken', () => {
    const lying = report({ result: { passed: false, status: 'PASSED', reason_code: 'ok', age_hours: -1 } });
    expect(factsOf([lying]).facts).toMatchObject({ tests: { status: 'FAILED', age_hours: 1 } });
  });

  it('is nothing where a provider is asked', () => {
    const provider = {
      type: 'http',
      url: 'https://gate.example',
      secret_ref: 'sluice/acme/gate/one',
    } as const;
    expect(factsOf([report()], [{ ...tests, provider }]).facts).toEqual({});
  });
});

describe('whether a condition mentions a group', () => {
  const leaf = (field: string) => ({ field, op: 'eq', value: true }) as const;
  it.each([
    [leaf('evidence.tests.passed'), true],
    [leaf('evidence'), true],
    [leaf('evidences.tests'), false],
    [{ all: [leaf('tests.x'), { not: leaf('evidence.smoke.status') }] }, true],
    [{ any: [leaf('tests.evidence')] }, false],
  ] as const)('%j: %s', (condition, expected) => expect(mentions(condition, 'evidence')).toBe(expected));
});
