import type { Environment } from '../../domain/catalog/environment.ts';
import { checkHop } from '../../domain/catalog/hop.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import type { Rule } from '../../domain/catalog/rule.ts';
import { parseCondition } from '../../domain/conditions/parse-condition.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Deps } from '../deps.ts';

/** What a caller says of a rule. Environments are names or aliases; conditions are an object or the same as JSON text. */
export type RuleFields = {
  readonly name: string;
  readonly source_environment: string;
  readonly target_environment: string;
  readonly requires_approval?: boolean;
  readonly auto_promote?: boolean;
  readonly required_approvers?: number;
  readonly conditions?: unknown;
  readonly target_gateway_id?: string;
  readonly status?: Rule['status'];
};

/** A rule without what the store says of it. */
export type CheckedRule = Omit<Rule, 'id' | 'version' | 'created_at' | 'updated_at'>;

/**
 * A rule that can ever apply: one hop of this pipeline, known names, conditions of the known grammar.
 * Absent: no approval, one approver where approval is required, nothing automatic, active.
 */
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
  const gateway = await checkedGateway(deps, tenant, fields.target_gateway_id, target);
  if (isRefusal(gateway)) return gateway;
  const requires_approval = fields.requires_approval ?? false;
  const required_approvers = fields.required_approvers ?? (requires_approval ? 1 : 0);
  if (requires_approval && required_approvers === 0) {
    return refuse('invalid_request', 'a rule that requires approval needs at least one approver', {
      errors: [{ field: 'required_approvers', problem: 'must be at least 1 here' }],
    });
  }
  return {
    name: fields.name,
    source_environment: source,
    target_environment: target,
    requires_approval,
    auto_promote: fields.auto_promote ?? false,
    required_approvers,
    conditions: condition.value,
    ...gateway,
    status: fields.status ?? 'active',
  };
}

function parsedCondition(input: unknown) {
  const condition = parseCondition(input);
  return isRefusal(condition) ? condition : { value: condition };
}

async function checkedGateway(
  deps: Pick<Deps, 'catalog'>,
  tenant: string,
  id: string | undefined,
  environment: string,
): Promise<{ readonly target_gateway_id?: string } | Refusal> {
  if (id === undefined) return {};
  const gateway = await deps.catalog.item(tenant, 'gateway', id);
  if (gateway?.environment === environment) return { target_gateway_id: id };
  return refuse('unknown_gateway', `${environment} has no gateway ${id}`, { field: 'target_gateway_id' });
}

const nameOf = (environments: readonly Environment[], given: string): string =>
  findEnvironment(environments, given)?.name ?? given;
