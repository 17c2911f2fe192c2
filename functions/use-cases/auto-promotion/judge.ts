import type { Rule } from '../../domain/catalog/rule.ts';
import type { Explanation } from '../../domain/conditions/evaluate.ts';
import type { Deployment } from '../../domain/deployment/deployment.ts';
import type { Actor } from '../../domain/identity/principal.ts';
import { autoPromotionFacts, judgeAutoPromotion } from '../../domain/policy/auto-promotion.ts';
import { type RuleApplied, ruleApplied } from '../../domain/policy/rule-applied.ts';
import { slotOf } from '../deployments/go-live.ts';
import type { Deps } from '../deps.ts';
import { readEvidenceFacts } from './evidence-facts.ts';
import { targetGateway } from './target-gateway.ts';

/** Why a rule does not promote a deployment now. */
export type Obstacle =
  | 'conditions_not_met'
  | 'not_deployed'
  | 'superseded'
  | 'kind_not_promoted'
  | 'already_attempted'
  | 'already_active'
  | 'rejected'
  | 'held'
  | 'unknown_gateway'
  | 'no_gateway'
  | 'ambiguous_gateway';

/** What one rule says of one deployment at one moment: where it would go now, or what is in the way. */
export type Verdict = { readonly rule: Rule; readonly explanation: Explanation; readonly detail: string } & (
  | {
      readonly reason: 'conditions_met';
      readonly target_gateway_id: string;
      /** The rule with what its conditions read. */
      readonly applied: RuleApplied;
      /** Whoever brought the newest report that the rule's conditions could read. */
      readonly brought_by?: Actor;
    }
  | { readonly reason: Obstacle }
);

export type JudgeDeps = Pick<Deps, 'catalog' | 'heads' | 'deployments' | 'promotions' | 'evidence'>;

/**
 * Judges a deployment by one rule. The conditions come first and cost nothing but the reports they ask for; only what they let through is read up further,
 * cheapest first, each reason final.
 */
export async function judge(
  deps: JudgeDeps,
  input: {
    readonly tenant: string;
    readonly rule: Rule;
    readonly deployment: Deployment;
    readonly now: string;
  },
): Promise<Verdict> {
  const { tenant, rule, deployment, now } = input;
  const { facts, brought_by } = await readEvidenceFacts(deps, tenant, rule, deployment, now);
  const { should_promote, explanation } = judgeAutoPromotion(rule, deployment, now, facts);
  const verdict = (reason: Obstacle, detail: string): Verdict => ({ rule, explanation, reason, detail });
  if (deployment.status !== 'DEPLOYED') return verdict('not_deployed', `it is ${deployment.status}`);
  if (!should_promote) return verdict('conditions_not_met', 'a condition of the rule does not hold');
  if (!mayBePromoted(deployment)) {
    return verdict('kind_not_promoted', `rules promote agents, this is of kind ${deployment.subject.kind}`);
  }
  const held = await deps.promotions.onHold(tenant, deployment.subject, rule.target_environment);
  if (held !== undefined) {
    const why = held === 'rejected' ? 'a person rejected it' : 'it was rolled back';
    return verdict(held, `${why}: a person has to promote it first`);
  }
  if (await deps.deployments.attempted(tenant, deployment.id, rule.id, rule.version)) {
    return verdict('already_attempted', 'this version of the rule has promoted this deployment');
  }
  const head = await deps.heads.read(tenant, slotOf(deployment));
  if (head?.deployment_id !== deployment.id)
    return verdict('superseded', 'another deployment is active there');
  const target = await targetGateway(deps, tenant, rule, deployment.subject);
  if ('none' in target) return verdict(target.none, target.detail);
  const { gateway_id } = target;
  const there = await deps.heads.read(tenant, {
    subject: deployment.subject,
    environment: rule.target_environment,
    gateway: gateway_id,
  });
  if (there?.digest === deployment.digest)
    return verdict('already_active', `${gateway_id} runs this already`);
  return {
    rule,
    explanation,
    reason: 'conditions_met',
    detail: `it goes to ${gateway_id}`,
    target_gateway_id: gateway_id,
    applied: ruleApplied(rule, autoPromotionFacts(deployment, now, facts)),
    ...(brought_by === undefined ? {} : { brought_by }),
  };
}

/** Whether rules promote what a deployment is of at all. */
export function mayBePromoted({ subject }: Pick<Deployment, 'subject'>): boolean {
  return subject.kind === 'agent';
}

/** The rules that may promote from an environment by themselves, in the order they are tried. */
export function automaticRules(rules: readonly Rule[], environment: string): readonly Rule[] {
  return rules
    .filter(
      (rule) => rule.status === 'active' && rule.auto_promote && rule.source_environment === environment,
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
