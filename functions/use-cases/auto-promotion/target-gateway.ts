import type { Gateway } from '../../domain/catalog/gateway.ts';
import type { Rule } from '../../domain/catalog/rule.ts';
import type { Subject } from '../../domain/subject.ts';
import type { Deps } from '../deps.ts';

export type TargetGateway =
  | { readonly gateway_id: string }
  | { readonly none: 'unknown_gateway' | 'no_gateway' | 'ambiguous_gateway'; readonly detail: string };

/**
 * Where an agent goes when a rule promotes it: the rule's own gateway, else the one where the agent runs in the
 * target environment already, else the environment's only active one. Anything else is nobody's to guess.
 */
export async function targetGateway(
  deps: Pick<Deps, 'catalog' | 'heads'>,
  tenant: string,
  rule: Rule,
  subject: Subject,
): Promise<TargetGateway> {
  const target = rule.target_environment;
  if (rule.target_gateway_id !== undefined) {
    const gateway = await deps.catalog.item(tenant, 'gateway', rule.target_gateway_id);
    if (gateway !== undefined && isUsable(gateway, target)) return { gateway_id: gateway.id };
    return {
      none: 'unknown_gateway',
      detail: `the rule's gateway ${rule.target_gateway_id} is no active one of ${target}`,
    };
  }
  const [gateways, heads] = await Promise.all([
    deps.catalog.all(tenant, 'gateway'),
    deps.heads.ofSubject(tenant, subject),
  ]);
  const usable = gateways.filter((gateway) => isUsable(gateway, target));
  const running = new Set(
    heads
      .filter((head) => head.slot.environment === target && head.digest !== null)
      .map((head) => head.slot.gateway),
  );
  const candidates = usable.some(({ id }) => running.has(id))
    ? usable.filter(({ id }) => running.has(id))
    : usable;
  return chosen(candidates, target);
}

function chosen(candidates: readonly Gateway[], target: string): TargetGateway {
  const [only, second] = candidates;
  if (only === undefined) return { none: 'no_gateway', detail: `${target} has no active gateway` };
  if (second === undefined) return { gateway_id: only.id };
  const names = candidates.map(({ id }) => id).sort();
  return {
    none: 'ambiguous_gateway',
    detail: `${names.join(', ')} of ${target} all come into question: name one in the rule's target_gateway_id`,
  };
}

function isUsable(gateway: Gateway, environment: string): boolean {
  return gateway.environment === environment && gateway.status === 'active';
}
