import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GateSetting } from '../../../functions/domain/gates/gate.ts';
import {
  decisionDigest,
  failingGates,
  type JudgeInputs,
  judge,
} from '../../../functions/domain/promotion/judge.ts';
import { seal } from '../../../functions/domain/promotion/seal.ts';
import type { Approval } from '../../../functions/domain/promotion/state.ts';
import {
  alice,
  assessmentFacts,
  bob,
  contentOf,
  environmentNamed,
  NOON,
  person,
  planOn,
  requirementsOf,
  testReport,
} from '../../support/promotion-facts.ts';

const gate = (name: string, mode: GateSetting['mode'] = 'block'): GateSetting => ({
  name,
  mode,
  applies_to: ['agent'],
  producers: ['ci'],
});

const sealed = (gates: readonly GateSetting[], changes: Parameters<typeof requirementsOf>[1] = {}) =>
  seal(
    {
      type: 'promotion',
      subject: { kind: 'agent', name: 'agent-123' },
      target_environment: 'production',
      target_slot: 'production#gw-789',
      execution: 'manual',
    },
    assessmentFacts({
      requirements: requirementsOf({ environment: environmentNamed('production', { gates }) }, changes),
    }),
  );

const inputs = (gates: readonly GateSetting[], changes: Partial<JudgeInputs> = {}): JudgeInputs => ({
  promotion_id: 'prom-1',
  seal: sealed(gates),
  evidence: [],
  conditions: {},
  approvals: [],
  as_of: NOON,
  ...changes,
});

const approvalOf = (name: string, inputsOf: JudgeInputs, groups: readonly string[] = []): Approval => ({
  actor: person(name),
  groups,
  manifest_digest: inputsOf.seal.manifest_digest,
  at: NOON,
});

describe('a decision', () => {
  it('names every gate, policy first and the others in the environment’s order', () => {
    const { gates } = judge(inputs([gate('zeal'), gate('tests'), gate('policy_compliance'), gate('apples')]));
    expect(gates.map(({ name }) => name)).toEqual(['policy_compliance', 'zeal', 'tests', 'apples']);
  });

  it('names them so of a seal that has them in any order, and one name twice together', () => {
    const given = sealed([gate('zeal'), gate('policy_compliance')]);
    const gates = [gate('zeal'), gate('tests'), gate('zeal', 'warn'), gate('policy_compliance')];
    const decision = judge(
      inputs([], { seal: { ...given, requirements: { ...given.requirements, gates } } }),
    );
    expect(decision.gates.map(({ name }) => name)).toEqual(['policy_compliance', 'zeal', 'zeal', 'tests']);
  });

  it('denies while a blocking gate has not passed, whoever approved', () => {
    const given = inputs([gate('tests')]);
    const decision = judge({ ...given, approvals: [approvalOf('alice', given)] });
    expect(decision).toMatchObject({ outcome: 'deny', reason_codes: ['evidence_missing'] });
    expect(failingGates(decision).map(({ name }) => name)).toEqual(['tests']);
  });

  it('denies for a gate that is in error or only pending, as for one that failed', () => {
    const soak = { ...gate('soak'), thresholds: { field: 'hours', op: 'gte', value: 24 } } as const;
    for (const conditions of [{}, { hours: 1 }]) {
      const decision = judge(inputs([soak], { conditions }));
      expect(decision.outcome).toBe('deny');
      expect(failingGates(decision).map(({ name }) => name)).toEqual(['soak']);
    }
  });

  it('counts a person once, by the first of their approvals, in whatever order they are given', () => {
    const given = inputs([], {
      seal: sealed([], { required_approvers: 2, groups: [{ group: 'security', min: 1 }] }),
    });
    const first = approvalOf('alice', given, ['security']);
    const second = { ...approvalOf('Alice', given), actor: person('ALICE'), at: '2026-11-21T13:00:00.000Z' };
    for (const approvals of [
      [first, second],
      [second, first],
    ]) {
      expect(judge({ ...given, approvals })).toMatchObject({
        outcome: 'pending',
        approvals: { granted: [alice.subject], groups: [{ group: 'security', min: 1, granted: 1 }] },
      });
    }
  });

  it('a gate that only warns lets it on, and says why it warned', () => {
    const given = inputs([gate('tests', 'warn')]);
    const decision = judge({ ...given, approvals: [approvalOf('alice', given)] });
    expect(decision).toMatchObject({ outcome: 'allow', reason_codes: ['evidence_missing'] });
  });

  it('waits while approvals are missing, and says how many of which group there are', () => {
    const waiting = inputs([], {
      seal: sealed([], { required_approvers: 2, groups: [{ group: 'security', min: 1 }] }),
    });
    const decision = judge({
      ...waiting,
      approvals: [approvalOf('alice', waiting), approvalOf('bob', waiting)],
    });
    expect(decision).toMatchObject({
      outcome: 'pending',
      reason_codes: ['approval_required'],
      approvals: {
        required: 2,
        groups: [{ group: 'security', min: 1, granted: 0 }],
        granted: [alice.subject, bob.subject],
      },
    });
    const secured = {
      ...waiting,
      approvals: [approvalOf('alice', waiting), approvalOf('bob', waiting, ['security'])],
    };
    expect(judge(secured).outcome).toBe('allow');
  });

  it('does not count an approval of another manifest', () => {
    const given = inputs([]);
    const foreign = { ...approvalOf('alice', given), manifest_digest: contentOf('another manifest') };
    expect(judge({ ...given, approvals: [foreign] })).toMatchObject({
      outcome: 'pending',
      approvals: { granted: [] },
    });
  });

  it('does not let what was reported say where the source comes from', () => {
    const plan = planOn();
    const policy: GateSetting = {
      ...gate('policy_compliance'),
      thresholds: { field: 'source.recorded', op: 'eq', value: false },
    };
    const given = inputs([policy]);
    const recorded = { ...given.seal, plan: { ...plan, source: { ...plan.source, recorded: true } } };
    const decision = judge({ ...given, seal: recorded, conditions: { source: { recorded: false } } });
    expect(decision).toMatchObject({
      outcome: 'deny',
      reason_codes: ['approval_required', 'policy_not_met', 'recorded_source'],
    });
  });

  it('has the same digest however its inputs are ordered', () => {
    const seals = sealed([gate('tests'), gate('load')], { required_approvers: 3 });
    const given = inputs([], { seal: seals });
    const approvals = ['alice', 'bob', 'carol', 'dave'].map((name, index) => ({
      ...approvalOf(name, given),
      at: `2026-11-21T1${index % 2}:00:00.000Z`,
    }));
    const evidence = [
      testReport(),
      testReport({ gate: 'load', result: { passed: false } }),
      testReport({ gate: 'load' }),
      testReport({ received_at: '2026-11-21T11:00:00.000Z' }),
    ];
    const conditions = { a: 1, b: { c: [1, 2], d: null }, e: 'x' };
    const expected = decisionDigest(judge({ ...given, approvals, evidence, conditions }));
    fc.assert(
      fc.property(
        fc.shuffledSubarray(approvals, { minLength: 4 }),
        fc.shuffledSubarray(evidence, { minLength: 4 }),
        fc.shuffledSubarray(Object.entries(conditions), { minLength: 3 }),
        (people, reports, entries) => {
          const shuffled = {
            ...given,
            approvals: people,
            evidence: reports,
            conditions: Object.fromEntries(entries),
          };
          expect(decisionDigest(judge(shuffled))).toBe(expected);
        },
      ),
    );
  });

  it('is never better for a gate more, and never worse for an approval more', () => {
    const rank = { deny: 0, pending: 1, allow: 2 };
    const gates = fc.subarray([gate('tests'), gate('load'), gate('cost', 'warn'), gate('soak')]);
    const reports = fc.subarray([testReport(), testReport({ gate: 'load' })]);
    fc.assert(
      fc.property(gates, reports, fc.subarray(['alice', 'bob', 'carol']), (list, evidence, names) => {
        const given = { ...inputs(list), evidence };
        const approvals = names.map((name) => approvalOf(name, given));
        const before = rank[judge({ ...given, approvals }).outcome];
        const more = [...approvals, approvalOf('erin', given)];
        expect(rank[judge({ ...given, approvals: more }).outcome]).toBeGreaterThanOrEqual(before);
        const stricter = { ...inputs([...list, gate('extra')]), evidence };
        const same = names.map((name) => approvalOf(name, stricter));
        expect(rank[judge({ ...stricter, approvals: same }).outcome]).toBeLessThanOrEqual(before);
      }),
    );
  });
});
