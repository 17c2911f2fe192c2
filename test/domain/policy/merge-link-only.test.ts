import { describe, expect, it } from 'vitest';
import type { ApprovalPolicy } from '../../../functions/domain/catalog/approval-policy.ts';
import { mergeRequirements } from '../../../functions/domain/policy/merge.ts';
import { environmentNamed } from '../../support/promotion-facts.ts';
import { policy } from './policy-samples.ts';

const staging = environmentNamed('staging', { protected: false });
const merged = (policies: readonly ApprovalPolicy[], environment = staging) =>
  mergeRequirements({ environment, rules: [], policies, kind: 'agent' });
const open = policy({ id: 'pol-open', link_only: true });
const strict = policy({ id: 'pol-strict' });

describe('given policies about links that act alone', () => {
  it('they do when every policy of the environment says so', () => {
    expect(merged([open, { ...open, id: 'pol-other' }])).toMatchObject({ link_only: true });
  });

  it.each([
    ['there is no policy', []],
    ['one policy does not say so', [open, strict]],
  ])('they do not when %s', (_, policies) => {
    expect(merged(policies)).not.toHaveProperty('link_only');
    expect(merged([...policies].reverse())).not.toHaveProperty('link_only');
  });

  it('they never do in a protected environment', () => {
    expect(merged([open], { ...staging, protected: true })).not.toHaveProperty('link_only');
  });

  it('a policy of another environment has no say', () => {
    expect(merged([open, { ...strict, environments: ['production'] }])).toMatchObject({ link_only: true });
    expect(merged([{ ...open, environments: ['production'] }, strict])).not.toHaveProperty('link_only');
  });

  it('the word is under the policy digest', () => {
    expect(merged([open]).policy_digest).not.toBe(merged([strict]).policy_digest);
  });
});
