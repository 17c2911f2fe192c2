import { describe, expect, it } from 'vitest';
import type { Rule } from '../../../functions/domain/catalog/rule.ts';
import type { Deployment } from '../../../functions/domain/deployment/deployment.ts';
import { autoPromotionFacts, judgeAutoPromotion } from '../../../functions/domain/policy/auto-promotion.ts';
import { dev, NOON, PROMOTED } from '../../support/promotion-facts.ts';

const deployment = (changes: Partial<Deployment> = {}): Deployment => ({
  id: 'dep-456',
  subject: { kind: 'agent', name: 'agent-123' },
  digest: PROMOTED,
  environment: 'development',
  status: 'DEPLOYED',
  deployed_at: NOON,
  live_at: NOON,
  recorded: true,
  recorded_by: dev,
  metrics: { tests: { pass_rate: 100 }, metrics: { error_rate: 0.01 } },
  details: {},
  created_at: NOON,
  version: 1,
  ...changes,
});
const rule = (changes: Partial<Rule> = {}): Rule => ({
  id: 'rule-1',
  name: 'Auto-promote to Staging',
  source_environment: 'development',
  target_environment: 'staging',
  requires_approval: false,
  auto_promote: true,
  required_approvers: 0,
  conditions: {
    all: [
      { field: 'tests.pass_rate', op: 'gte', value: 100 },
      { field: 'metrics.error_rate', op: 'lte', value: 0.01 },
    ],
  },
  status: 'active',
  version: 1,
  created_at: NOON,
  updated_at: NOON,
  ...changes,
});

describe('the document’s rule', () => {
  it('promotes what passed all its tests', () => {
    expect(judgeAutoPromotion(rule(), deployment(), NOON)).toMatchObject({
      should_promote: true,
      explanation: { met: true },
    });
  });

  it('with 99 does not, and explains which leaf failed', () => {
    const metrics = { tests: { pass_rate: 99 }, metrics: { error_rate: 0.01 } };
    const { should_promote, explanation } = judgeAutoPromotion(rule(), deployment({ metrics }), NOON);
    expect(should_promote).toBe(false);
    expect(explanation.children?.filter(({ met }) => !met)).toEqual([
      { met: false, op: 'gte', field: 'tests.pass_rate', expected: 100, actual: 99 },
    ]);
  });

  it('counts no hours before a deployment was live, and none in the moment in which it was', () => {
    const hoursAt = (now: string) => autoPromotionFacts(deployment(), now)['deployment'];
    expect(hoursAt(NOON)).toMatchObject({ duration_hours: 0 });
    expect(hoursAt('2026-11-21T11:59:59.999Z')).not.toHaveProperty('duration_hours');
  });

  it('does nothing while the metrics are missing', () => {
    expect(judgeAutoPromotion(rule(), deployment({ metrics: {} }), NOON).should_promote).toBe(false);
  });

  it.each<[string, Partial<Rule>, Partial<Deployment>]>([
    ['an inactive rule', { status: 'inactive' }, {}],
    ['a rule that does not promote by itself', { auto_promote: false }, {}],
    ['a rule of another environment', { source_environment: 'staging' }, {}],
    ['a deployment that is not live', {}, { status: 'PENDING' }],
    ['a deployment that was rolled back', {}, { status: 'ROLLED_BACK' }],
  ])('does not promote by %s', (_, rules, deployments) => {
    expect(judgeAutoPromotion(rule(rules), deployment(deployments), NOON)).toMatchObject({
      should_promote: false,
      explanation: { met: true },
    });
  });

  it('without conditions promotes what is live', () => {
    expect(
      judgeAutoPromotion(rule({ conditions: null }), deployment({ metrics: {} }), NOON).should_promote,
    ).toBe(true);
  });
});

describe('duration_hours', () => {
  const aged = rule({ conditions: { field: 'deployment.duration_hours', op: 'gte', value: 24 } });
  const at = (now: string, changes: Partial<Deployment> = {}) =>
    judgeAutoPromotion(aged, deployment(changes), now).should_promote;

  it('turns at exactly 24 hours since it was live', () => {
    expect(at('2026-11-22T11:59:59.999Z')).toBe(false);
    expect(at('2026-11-22T12:00:00.000Z')).toBe(true);
  });

  it('is absent before it is live, and nobody can report it', () => {
    const forged = { metrics: { deployment: { duration_hours: 1_000 } } };
    expect(at('2026-11-22T11:00:00.000Z', forged)).toBe(false);
    const { live_at: _, ...never } = deployment();
    expect(autoPromotionFacts(never, NOON)['deployment']).not.toHaveProperty('duration_hours');
    expect(autoPromotionFacts(deployment(), '2026-11-21T11:00:00.000Z')['deployment']).not.toHaveProperty(
      'duration_hours',
    );
  });
});
