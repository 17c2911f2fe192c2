import { describe, expect, it } from 'vitest';
import type { ApprovalPolicy } from '../../../functions/domain/catalog/approval-policy.ts';
import type { Rule } from '../../../functions/domain/catalog/rule.ts';
import { mergeRequirements } from '../../../functions/domain/policy/merge.ts';
import { environmentNamed } from '../../support/promotion-facts.ts';
import { policy, rule } from './policy-samples.ts';

const staging = environmentNamed('staging');
const production = environmentNamed('production');

describe('a rollback', () => {
  const back = (
    requires_approval: boolean | undefined,
    rules: readonly Rule[] = [],
    policies: readonly ApprovalPolicy[] = [],
    environment = production,
  ) =>
    mergeRequirements({
      environment:
        requires_approval === undefined ? environment : { ...environment, rollback: { requires_approval } },
      rules,
      policies,
      kind: 'config',
      type: 'rollback',
    });
  const strict = rule({ target_environment: 'production', requires_approval: true, required_approvers: 3 });

  it('needs what promoting there needs, where the environment does not say', () => {
    expect(back(undefined)).toMatchObject({ requires_approval: true, required_approvers: 1 });
    expect(back(undefined, [strict])).toMatchObject({ requires_approval: true, required_approvers: 3 });
    expect(back(undefined, [], [], staging)).toMatchObject({ requires_approval: false });
  });

  it('needs none where the environment says so, unless a policy does', () => {
    expect(back(false, [strict])).toMatchObject({ requires_approval: false, required_approvers: 0 });
    const asked = policy({ environments: ['production'], required_approvers: 2 });
    expect(back(false, [strict], [asked])).toMatchObject({ requires_approval: true, required_approvers: 2 });
    const groups = policy({ environments: ['*'], groups: [{ group: 'release', min: 1 }] });
    expect(back(false, [], [groups])).toMatchObject({ requires_approval: true, required_approvers: 1 });
  });

  it('needs one where the environment says so, protected or not', () => {
    expect(back(true, [], [], staging)).toMatchObject({ requires_approval: true, required_approvers: 1 });
  });

  it('is all that the setting is about', () => {
    const environment = { ...production, rollback: { requires_approval: false } };
    expect(mergeRequirements({ environment, rules: [], policies: [], kind: 'config' })).toEqual(
      mergeRequirements({ environment: production, rules: [], policies: [], kind: 'config' }),
    );
  });
});
