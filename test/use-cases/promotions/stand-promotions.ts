import type { PromotionFilter } from '../../../functions/domain/promotion/filter.ts';
import { copyOf, templateOf } from '../../support/promotion-copies.ts';
import { TENANT, type World } from '../deployments/world.ts';
import { requested } from './stage.ts';

/** Filters that mean none of the promotions that stand; what a page of each reads may not grow with them. */
export const WITHOUT_A_HIT: { readonly [what: string]: PromotionFilter } = {
  status: { statuses: ['failed'] },
  'status of all that went well': { statuses: ['completed'] },
  subject: { subject_name: 'agent-none' },
  requester: { requester: 'nobody@acme.com' },
  person: { person: 'nobody@acme.com' },
  source: { source_environment: 'production' },
  'target and status': { target_environment: 'development', statuses: ['completed', 'failed'] },
};

/** So many promotions like one that is requested now, the first of them open, all others cancelled. Answers their ids. */
export async function standPromotions(world: World, total: number, open: number): Promise<readonly string[]> {
  const { id } = await requested(world);
  const template = await templateOf(world.deps, TENANT, id);
  const ids = Array.from({ length: total }, (_, n) => `prom-${total}-${String(n).padStart(8, '0')}`);
  for (let from = 0; from < total; from += 40) {
    const writes = ids.slice(from, from + 40).map((each, n) => copyOf(template, each, from + n < open));
    await world.commit(...writes);
  }
  return ids;
}
