import type { Head } from '../../domain/promotion/subject.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Deps } from '../deps.ts';
import { openIn } from '../promotions/open-in.ts';

/** Refuses `in_use` while something runs in an environment or is to be promoted from or to there, or a gateway, an active rule, a policy or a freeze names it. */
export async function heldBy(
  deps: Pick<Deps, 'catalog' | 'heads' | 'promotions'>,
  tenant: string,
  environment: string,
): Promise<Refusal | undefined> {
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
  return running(deps, tenant, environment, () => true);
}

/** Refuses `in_use` while something runs on a gateway. */
export async function runningOn(
  deps: Pick<Deps, 'heads'>,
  tenant: string,
  gateway: { readonly id: string; readonly environment: string },
): Promise<Refusal | undefined> {
  return running(deps, tenant, gateway.environment, ({ slot }) => slot.gateway === gateway.id);
}

async function running(
  deps: Pick<Deps, 'heads'>,
  tenant: string,
  environment: string,
  concerns: (head: Head) => boolean,
): Promise<Refusal | undefined> {
  let after: string | undefined;
  do {
    const page = await deps.heads.inEnvironment(tenant, environment, {
      limit: 100,
      ...(after === undefined ? {} : { after }),
    });
    const head = page.items.find((one) => (one.digest !== null || one.claim !== undefined) && concerns(one));
    if (head !== undefined) {
      const { kind, name } = head.slot.subject;
      return refuse('in_use', `the ${kind} ${name} runs there`, { subject: head.slot.subject });
    }
    after = page.next;
  } while (after !== undefined);
  return undefined;
}
