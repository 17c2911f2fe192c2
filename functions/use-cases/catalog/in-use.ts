import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Head } from '../../domain/subject.ts';
import type { Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';
import { openIn } from '../promotions/open-in.ts';
import { nothingRuns } from './nothing-runs.ts';

/** Refuses `in_use` while something runs in an environment or is to be promoted from or to there, or a gateway, an active rule, a policy or a freeze names it. */
export async function heldBy(
  deps: Pick<Deps, 'catalog' | 'heads' | 'promotions'>,
  tenant: string,
  environment: string,
): Promise<Refusal | readonly Write[]> {
  const gateway = (await deps.catalog.all(tenant, 'gateway')).find((one) => one.environment === environment);
  if (gateway !== undefined)
    return refuse('in_use', `it has the gateway ${gateway.id}`, { gateway_id: gateway.id });
  const rule = (await deps.catalog.all(tenant, 'rule')).find(
    (one) =>
      one.status === 'active' &&
      (one.source_environment === environment || one.target_environment === environment),
  );
  if (rule !== undefined) return refuse('in_use', `the rule ${rule.id} names it`, { rule_id: rule.id });
  const policy = (await deps.catalog.all(tenant, 'policy')).find(({ environments }) =>
    environments.includes(environment),
  );
  if (policy !== undefined)
    return refuse('in_use', `the approval policy ${policy.id} names it`, { policy_id: policy.id });
  const freeze = (await deps.catalog.all(tenant, 'freeze')).find((one) => one.environment === environment);
  if (freeze !== undefined)
    return refuse('in_use', `the freeze ${freeze.id} is on it`, { freeze_id: freeze.id });
  const promotions = await openIn(deps, tenant, environment);
  if (promotions.length > 0) {
    const detail = `the promotions ${promotions.join(', ')} are open: cancel or finish them first`;
    return refuse('in_use', detail, { promotion_ids: promotions });
  }
  return nothingRuns(deps, tenant, [environment], runsThere);
}

/** Refuses `in_use` while something runs on a gateway. */
export async function runningOn(
  deps: Pick<Deps, 'heads'>,
  tenant: string,
  gateway: { readonly id: string; readonly environment: string },
): Promise<Refusal | readonly Write[]> {
  return nothingRuns(deps, tenant, [gateway.environment], (head) =>
    head.slot.gateway === gateway.id ? runsThere(head) : undefined,
  );
}

const runsThere = ({ slot: { subject } }: Head): Refusal =>
  refuse('in_use', `the ${subject.kind} ${subject.name} runs there`, { subject });
