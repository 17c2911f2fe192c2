import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApprovalPolicy } from '../../../functions/domain/catalog/approval-policy.ts';
import type { Rule } from '../../../functions/domain/catalog/rule.ts';
import { durationMilliseconds } from '../../../functions/domain/instant.ts';
import { mergeRequirements } from '../../../functions/domain/policy/merge.ts';
import type { Requirements } from '../../../functions/domain/policy/requirements.ts';
import { environmentNamed, NOON } from '../../support/promotion-facts.ts';
import { nobody, policy, rule } from './policy-samples.ts';

const staging = environmentNamed('staging');
const production = environmentNamed('production');
const merge = (rules: readonly Rule[], policies: readonly ApprovalPolicy[] = [], environment = staging) =>
  mergeRequirements({ environment, rules, policies, kind: 'agent' });

describe('without rules and policies', () => {
  it('a protected target needs one approval, others none; the requester may not approve, for seven days', () => {
    expect(merge([])).toMatchObject({ requires_approval: false, required_approvers: 0 });
    expect(merge([], [], production)).toMatchObject({
      requires_approval: true,
      required_approvers: 1,
      protected: true,
      expires_after: 'P7D',
      require_comment: false,
      groups: [],
      separation_of_duties: { ...nobody, requester: true },
    });
  });

  it('a group of whom nobody has to approve asks for nothing', () => {
    const groups = [
      { group: 'legal', min: 0 },
      { group: 'security', min: 1 },
    ];
    expect(merge([], [policy({ groups })]).groups).toEqual([{ group: 'security', min: 1 }]);
  });

  it('agents and configs need only policy compliance, artifacts the environment’s gates', () => {
    const gatesOf = (kind: 'agent' | 'config' | 'artifact') =>
      mergeRequirements({ environment: production, rules: [], policies: [], kind }).gates.map(
        ({ name }) => name,
      );
    expect(gatesOf('agent')).toEqual(['policy_compliance']);
    expect(gatesOf('config')).toEqual(['policy_compliance']);
    expect(gatesOf('artifact')).toEqual([
      'policy_compliance',
      'tests',
      'security_scan',
      'signature',
      'cost_analysis',
      'performance_baseline',
    ]);
  });

  it('policy compliance cannot be turned off, made to warn, or moved', () => {
    const [tests] = staging.gates.filter(({ name }) => name === 'tests');
    if (tests === undefined) throw new Error('staging has tests');
    const forEvery = { ...tests, applies_to: ['agent'] } as const;
    expect(merge([], [], { ...staging, gates: [forEvery] }).gates.map(({ name }) => name)).toEqual([
      'policy_compliance',
      'tests',
    ]);
    const warned = { name: 'policy_compliance', mode: 'warn', applies_to: [] } as const;
    expect(merge([], [], { ...staging, gates: [forEvery, warned] }).gates[0]).toMatchObject({
      name: 'policy_compliance',
      mode: 'block',
    });
  });
});

describe('rules', () => {
  it('any demand for approval counts, and the highest number', () => {
    expect(merge([rule(), rule({ requires_approval: true })])).toMatchObject({ required_approvers: 1 });
    expect(
      merge([rule({ requires_approval: true }), rule({ required_approvers: 3 })]).required_approvers,
    ).toBe(3);
  });

  it('a number alone demands nothing: the document’s rules carry one beside requires_approval false', () => {
    expect(merge([rule({ required_approvers: 2 })])).toMatchObject({
      requires_approval: false,
      required_approvers: 0,
    });
  });

  it('none waives what a protected target or a policy demands', () => {
    const waiver = rule({ target_environment: 'production', requires_approval: false });
    expect(merge([waiver], [], production).required_approvers).toBe(1);
    expect(merge([rule()], [policy({ required_approvers: 2 })]).required_approvers).toBe(2);
  });

  it('inactive ones and those of other hops do not count', () => {
    const strict = { requires_approval: true, required_approvers: 5 };
    expect(merge([rule({ ...strict, status: 'inactive' })]).requires_approval).toBe(false);
    expect(merge([rule({ ...strict, target_environment: 'production' })]).requires_approval).toBe(false);
    const other = rule({ ...strict, source_environment: 'elsewhere' });
    const sources = { environment: staging, rules: [other], policies: [], kind: 'agent' } as const;
    expect(mergeRequirements({ ...sources, source: 'development' }).requires_approval).toBe(false);
    expect(mergeRequirements(sources).requires_approval).toBe(true);
  });
});

describe('policies', () => {
  it('merge to the strictest of each demand', () => {
    const merged = merge(
      [],
      [
        policy({ required_approvers: 1, groups: [{ group: 'security', min: 1 }], expires_after: 'P2D' }),
        policy({
          environments: ['*'],
          groups: [
            { group: 'security', min: 2 },
            { group: 'release', min: 1 },
          ],
          separation_of_duties: { ...nobody, author: true },
          expires_after: 'PT36H',
          require_comment: true,
        }),
        policy({ environments: ['production'], required_approvers: 9 }),
      ],
    );
    expect(merged).toMatchObject({
      requires_approval: true,
      required_approvers: 1,
      groups: [
        { group: 'release', min: 1 },
        { group: 'security', min: 2 },
      ],
      separation_of_duties: { ...nobody, author: true },
      expires_after: 'PT36H',
      require_comment: true,
    });
  });

  it('name environments by alias too, and their groups alone demand approval', () => {
    const merged = merge([], [policy({ environments: ['stg'], groups: [{ group: 'release', min: 1 }] })]);
    expect(merged).toMatchObject({ requires_approval: true, required_approvers: 1 });
  });

  it('let approvals hold for at most 300 days, and what cannot be read for seven', () => {
    expect(merge([], [policy({ expires_after: 'P900D' })]).expires_after).toBe('P300D');
    expect(merge([], [policy({ expires_after: 'P1Y' })]).expires_after).toBe('P7D');
  });
});

describe('the policy digest', () => {
  it('covers what is required, and nothing of lock, aliases, suffix or version', () => {
    const { policy_digest } = merge([]);
    const touched = {
      ...staging,
      aliases: ['other'],
      tag_suffix: 'x',
      version: 9,
      guard: 9,
      lock: { reason: 'incident', by: 'admin', at: NOON },
    };
    expect(merge([], [], touched).policy_digest).toBe(policy_digest);
    expect(merge([], [], { ...staging, protected: true }).policy_digest).not.toBe(policy_digest);
    expect(merge([], [policy({ require_comment: true })]).policy_digest).not.toBe(policy_digest);
  });
});

const flags = fc.record({
  requester: fc.boolean(),
  author: fc.boolean(),
  previous_promoter: fc.boolean(),
  evidence_producer: fc.boolean(),
});
const rules = fc
  .record({
    requires_approval: fc.boolean(),
    required_approvers: fc.nat(4),
    status: fc.constantFrom('active' as const, 'inactive' as const),
    target_environment: fc.constantFrom('staging', 'stg', 'production'),
  })
  .map(rule);
const policies = fc
  .record({
    required_approvers: fc.nat(4),
    groups: fc.array(fc.record({ group: fc.constantFrom('a', 'b'), min: fc.nat(3) }), { maxLength: 2 }),
    separation_of_duties: flags,
    expires_after: fc.constantFrom('PT1H', 'P1D', 'PT24H', 'P30D', 'P900D', 'P1Y'),
    require_comment: fc.boolean(),
    environments: fc.constantFrom(['staging'], ['*'], ['production']),
  })
  .map(policy);

describe('whatever rules and policies there are', () => {
  it('their order never matters', () => {
    fc.assert(
      fc.property(fc.array(rules, { maxLength: 4 }), fc.array(policies, { maxLength: 4 }), (some, others) => {
        expect(merge(some.toReversed(), others.toReversed())).toEqual(merge(some, others));
      }),
    );
  });

  it('one rule more never weakens anything', () => {
    fc.assert(
      fc.property(
        fc.array(rules, { maxLength: 3 }),
        fc.array(policies, { maxLength: 3 }),
        rules,
        (some, others, more) => {
          expectNoWeaker(merge([...some, more], others), merge(some, others));
        },
      ),
    );
  });

  it('one policy more never weakens anything, once policies have replaced the defaults', () => {
    fc.assert(
      fc.property(
        fc.array(rules, { maxLength: 3 }),
        fc.array(policies, { maxLength: 3 }),
        policies,
        (some, others, more) => {
          const base = [policy({ separation_of_duties: nobody }), ...others];
          expectNoWeaker(merge(some, [...base, more]), merge(some, base));
        },
      ),
    );
  });

  it('a first policy replaces only the defaults of separation and expiry', () => {
    fc.assert(
      fc.property(fc.array(rules, { maxLength: 3 }), policies, (some, first) => {
        const { separation_of_duties, expires_after } = merge(some, []);
        expectNoWeaker({ ...merge(some, [first]), separation_of_duties, expires_after }, merge(some, []));
      }),
    );
  });
});

function expectNoWeaker(after: Requirements, before: Requirements): void {
  expect(Number(after.requires_approval)).toBeGreaterThanOrEqual(Number(before.requires_approval));
  expect(after.required_approvers).toBeGreaterThanOrEqual(before.required_approvers);
  expect(Number(after.require_comment)).toBeGreaterThanOrEqual(Number(before.require_comment));
  for (const { group, min } of before.groups) {
    expect(after.groups.find((quota) => quota.group === group)?.min ?? 0).toBeGreaterThanOrEqual(min);
  }
  for (const duty of ['requester', 'author', 'previous_promoter', 'evidence_producer'] as const) {
    expect(Number(after.separation_of_duties[duty])).toBeGreaterThanOrEqual(
      Number(before.separation_of_duties[duty]),
    );
  }
  expect(durationMilliseconds(after.expires_after) ?? Number.NaN).toBeLessThanOrEqual(
    durationMilliseconds(before.expires_after) ?? Number.NaN,
  );
}
