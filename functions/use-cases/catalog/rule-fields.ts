import type { Environment } from '../../domain/catalog/environment.ts';
import { checkHop } from '../../domain/catalog/hop.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import type { Rule, RuleFields } from '../../domain/catalog/rule.ts';
import { parseCondition } from '../../domain/conditions/parse-condition.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Deps } from '../deps.ts';

/** A rule without what the store says of it. */
export type CheckedRule = Omit<Rule, 'id' | 'version' | 'created_at' | 'updated_at'>;

/** A rule that can ever apply: one hop of this pipeline, known names, conditions of the known grammar. */
export async function checkedRule(
  deps: Pick<Deps, 'catalog'>,
  tenant: string,
  fields: RuleFields,
): Promise<CheckedRule | Refusal> {
  const environments = await deps.catalog.all(tenant, 'environment');
  const hop = checkHop(environments, fields.source_environment, fields.target_environment);
  if (hop !== undefined) return hop;
  const source = nameOf(environments, fields.source_environment);
  const target = nameOf(environments, fields.target_environment);
  const conditions = fields.conditions ?? null;
  const condition = conditions === null ? { value: null } : parsedCondition(conditions);
  if ('refused' in condition) return condition;
  const unknown = await unknownGateway(deps, tenant, fields.target_gateway_id, target);
  if (unknown !== undefined) return unknown;
  const required_approvers = fields.required_approvers ?? (fields.requires_approval ? 1 : 0);
  if (fields.requires_approval && required_approvers === 0) {
    return refuse('invalid_request', 'a rule that requires approval needs at least one approver', {
      errors: [{ field: 'required_approvers', problem: 'must be at least 1 here' }],
    });
  }
  return {
    ...fields,
    source_environment: source,
    target_environment: target,
    required_approvers,
    conditions: condition.value,
  };
}

function parsedCondition(input: unknown) {
  const condition = parseCondition(input);
  return isRefusal(condition) ? condition : { value: condition };
}

async function unknownGateway(
  deps: Pick<Deps, 'catalog'>,
  tenant: string,
  id: string | undefined,
  environment: string,
): Promise<Refusal | undefined> {
  if (id === undefined) return undefined;
  const gateway = await deps.catalog.item(tenant, 'gateway', id);
  if (gateway?.environment === environment) return undefined;
  return refuse('unknown_gateway', `${environment} has no gateway ${id}`, { field: 'target_gateway_id' });
}

const nameOf = (environments: readonly Environment[], given: string): string =>
  findEnvironment(environments, given)?.name ?? given;
