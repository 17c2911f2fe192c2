import type { PromotionFilter } from '../../../functions/domain/promotion/filter.ts';
import type { PromotionState } from '../../../functions/domain/promotion/state.ts';
import type { Write } from '../../../functions/ports/transaction.ts';
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

/** So many promotions like one that is requested now, the first of them open, all others cancelled. */
export async function standPromotions(world: World, total: number, open: number): Promise<void> {
  const template = await requested(world);
  const stored = await world.deps.promotions.read(TENANT, template.id);
  const events = await world.deps.promotions.events(TENANT, template.id);
  if (stored === undefined) throw new Error('the template is not there');
  if (template.status !== 'pending') throw new Error(`the template is ${template.status}`);
  const { status: _, waiting_for: __, changes_requested: ___, ...common } = template;
  const copyOf = (n: number): Write => {
    const id = `prom-${total}-${String(n).padStart(8, '0')}`;
    const at = template.requested_at;
    const closed = { status: 'cancelled', cancelled_by: template.requester, completed_at: at } as const;
    const state: PromotionState = n < open ? { ...template, id } : { ...common, ...closed, id };
    const workflowRecord = { ...stored.workflowRecord, work: [] };
    return { write: 'promotion', state, workflowRecord, events, expected: 0 };
  };
  for (let from = 0; from < total; from += 40) {
    const writes = Array.from({ length: Math.min(40, total - from) }, (_, n) => copyOf(from + n));
    await world.commit(...writes);
  }
}
