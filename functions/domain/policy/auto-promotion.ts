import type { Rule } from '../catalog/rule.ts';
import type { ConditionFacts } from '../conditions/condition.ts';
import { type Explanation, evaluate } from '../conditions/evaluate.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { hoursBetween } from '../instant.ts';

/**
 * What conditions may ask of a deployment: whatever intake last said of it (`tests.*`, `metrics.*`), and by us, which intake cannot
 * overwrite, `deployment.*`, `artifact.*` (what would be promoted) and `evidence.*` (reports about that, by gate).
 * `deployment.duration_hours` is exact hours since `live_at`, or since it was resumed, absent while it is not live.
 */
export function autoPromotionFacts(
  deployment: Deployment,
  now: string,
  evidence: ConditionFacts = {},
): ConditionFacts {
  const { id, status, environment, recorded, version_label, subject, digest } = deployment;
  const since = deployment.resumed_at ?? deployment.live_at;
  const version = version_label === undefined ? {} : { version: version_label };
  const hours = status === 'DEPLOYED' && since !== undefined ? hoursBetween(since, now) : undefined;
  return {
    ...deployment.metrics,
    deployment: {
      id,
      status,
      environment,
      recorded,
      ...version,
      ...(hours === undefined || hours < 0 ? {} : { duration_hours: hours }),
    },
    artifact: { kind: subject.kind, name: subject.name, digest, ...version },
    evidence,
  };
}

/** A rule without conditions asks for nothing more than that the deployment is live. */
const NO_CONDITIONS: Explanation = { met: true, op: 'all', children: [] };

/**
 * Whether a rule would promote a deployment by itself now, as far as the two of them tell: an active rule with `auto_promote`,
 * a live deployment in the rule's source environment, conditions that hold. `explanation` is of the conditions alone.
 */
export function judgeAutoPromotion(
  rule: Rule,
  deployment: Deployment,
  now: string,
  evidence: ConditionFacts = {},
): { readonly should_promote: boolean; readonly explanation: Explanation } {
  const explanation =
    rule.conditions === null
      ? NO_CONDITIONS
      : evaluate(rule.conditions, autoPromotionFacts(deployment, now, evidence));
  const applies =
    rule.status === 'active' &&
    rule.auto_promote &&
    deployment.status === 'DEPLOYED' &&
    deployment.environment === rule.source_environment;
  return { should_promote: applies && explanation.met, explanation };
}
