import type { Rule } from '../../domain/catalog/rule.ts';
import { mentions } from '../../domain/conditions/condition.ts';
import type { Deployment } from '../../domain/deployment/deployment.ts';
import { type EvidenceFacts, evidenceFacts } from '../../domain/policy/evidence-facts.ts';
import type { Deps } from '../deps.ts';

/** What a rule may ask of reports about a deployment's content, as the rule's target would judge them; read only where it asks. */
export async function readEvidenceFacts(
  deps: Pick<Deps, 'catalog' | 'evidence'>,
  tenant: string,
  rule: Rule,
  { digest }: Pick<Deployment, 'digest'>,
  as_of: string,
): Promise<EvidenceFacts> {
  const { conditions } = rule;
  if (conditions === null || !mentions(conditions, 'evidence')) return { facts: {} };
  const [target, reports] = await Promise.all([
    deps.catalog.item(tenant, 'environment', rule.target_environment),
    deps.evidence.about(tenant, digest),
  ]);
  return target === undefined ? { facts: {} } : evidenceFacts(reports, { target, conditions, as_of });
}

/** Whether a rule's conditions read reports. */
export function asksForEvidence({ conditions }: Rule): boolean {
  return conditions !== null && mentions(conditions, 'evidence');
}
