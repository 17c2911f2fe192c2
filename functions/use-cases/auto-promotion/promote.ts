import type { Rule } from '../../domain/catalog/rule.ts';
import type { Deployment } from '../../domain/deployment/deployment.ts';
import { isRefusal, type RefusalCode } from '../../domain/refusal.ts';
import { type CreateDeps, createPromotion } from '../promotions/create.ts';
import { automaticRules, type JudgeDeps, judge, type Obstacle } from './judge.ts';

export type AutoPromoteDeps = CreateDeps & JudgeDeps;

/** Outcome of one rule for one deployment, as it is logged. */
export type Outcome = {
  readonly tenant: string;
  readonly deployment_id: string;
  readonly rule_id: string;
  readonly result: 'created' | Obstacle | RefusalCode;
  readonly detail: string;
  readonly promotion_id?: string;
};

/**
 * Promotes a deployment by every automatic rule whose conditions hold, once per rule version and target. Running it twice, or
 * twice at once, creates one promotion: the attempt is written in the creating transaction. An unknown deployment is nothing to do.
 */
export async function autoPromote(
  deps: AutoPromoteDeps,
  input: { readonly tenant: string; readonly deployment_id: string; readonly rules?: readonly Rule[] },
): Promise<readonly Outcome[]> {
  const { tenant, deployment_id } = input;
  const deployment = await deps.deployments.read(tenant, deployment_id);
  if (deployment === undefined) return [];
  const rules = input.rules ?? (await deps.catalog.all(tenant, 'rule'));
  return await promoteByRules(deps, { tenant, deployment, rules });
}

/** The same for a deployment that was just read. */
export async function promoteByRules(
  deps: AutoPromoteDeps,
  input: { readonly tenant: string; readonly deployment: Deployment; readonly rules: readonly Rule[] },
): Promise<readonly Outcome[]> {
  const { tenant, deployment } = input;
  const rules = automaticRules(input.rules, deployment.environment);
  const outcomes: Outcome[] = [];
  const served = new Set<string>();
  for (const rule of rules) {
    if (served.has(rule.target_environment)) continue;
    const outcome = await apply(deps, tenant, rule, deployment);
    outcomes.push(outcome);
    if (outcome.result === 'created' || outcome.result === 'already_open')
      served.add(rule.target_environment);
  }
  return outcomes;
}

async function apply(
  deps: AutoPromoteDeps,
  tenant: string,
  rule: Rule,
  deployment: Deployment,
): Promise<Outcome> {
  const verdict = await judge(deps, { tenant, rule, deployment, now: deps.clock.now() });
  const about = { tenant, deployment_id: deployment.id, rule_id: rule.id };
  if (verdict.reason !== 'conditions_met')
    return { ...about, result: verdict.reason, detail: verdict.detail };
  const created = await createPromotion(deps, {
    // Whoever reported what triggered it is its requester, and so may not approve it.
    actor: verdict.brought_by ?? deployment.reported_by ?? deployment.recorded_by,
    tenant,
    request: {
      kind: 'agent',
      agent_id: deployment.subject.name,
      source_deployment_id: deployment.id,
      target_gateway_id: verdict.target_gateway_id,
      target_environment: rule.target_environment,
      source_environment: rule.source_environment,
    },
    rule: verdict.applied,
  });
  if (isRefusal(created)) return { ...about, result: created.refused, detail: created.detail };
  return { ...about, result: 'created', detail: verdict.detail, promotion_id: created.state.id };
}
