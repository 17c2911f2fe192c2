import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import { slotText } from '../../domain/promotion/head.ts';
import { isClosed, OPEN_STATUSES } from '../../domain/promotion/lifetime.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { WorkflowRecord, Write } from '../../ports/transaction.ts';
import { authorize } from '../access/authorize.ts';
import type { Deps } from '../deps.ts';
import { recordAfter } from '../engine/intent.ts';
import { type Change, step } from '../engine/run-command.ts';
import type { NewRequest } from '../kinds/kind.ts';
import { kindOf } from '../kinds/registry.ts';
import { cancelling } from './cancel.ts';
import type { Asked } from './request.ts';

/** An older promotion that the new one cancels, in the commit that creates it. */
export type Superseded = {
  readonly change: Change;
  readonly workflowRecord: WorkflowRecord;
  readonly write: Write;
};

/** At most so many are cancelled at once: a commit holds 100 items, two for each. */
const MOST = 20;
/** Pages of the list that are looked through, newest first. */
const PAGES = 10;

/**
 * The open promotions of the same subject to the same target, newest first, as cancelled by `supersede`; none without. One that executes
 * is past cancelling and stays, and so does a rollback: only a person who looks at it cancels one. Refuses `not_authorized` where that
 * principal may not cancel one of them.
 */
export async function superseded(
  deps: Pick<Deps, 'promotions' | 'catalog' | 'clock' | 'denials'>,
  input: Pick<Asked, 'tenant' | 'request'> & { readonly supersede?: Principal },
  now: string,
): Promise<readonly Superseded[] | Refusal> {
  const { tenant, request, supersede: principal } = input;
  if (principal === undefined) return [];
  const actor = actorOf(principal);
  const target = findEnvironment(await deps.catalog.all(tenant, 'environment'), request.target_environment);
  if (target === undefined) return [];
  const cancelled: Superseded[] = [];
  for (const id of await candidates(deps, tenant, request, target.name)) {
    const stored = await deps.promotions.read(tenant, id);
    if (stored === undefined || isClosed(stored.state) || stored.state.status === 'executing') continue;
    const denied = await authorize(deps, principal, cancelling(stored.state, actor), target.name);
    if (denied !== undefined) return { ...denied, data: { ...denied.data, promotion_id: id } };
    const command = { type: 'cancel', reason: 'superseded' } as const;
    const change = step(stored.state, command, { now, actor });
    if (change === undefined || isRefusal(change)) continue;
    const workflowRecord = recordAfter(stored.workflowRecord, stored.state, change.state, 'caller');
    const { state, events } = change;
    const write: Write = { write: 'promotion', state, workflowRecord, events, expected: stored.state.seq };
    cancelled.push({ change, workflowRecord, write });
    if (cancelled.length === MOST) break;
  }
  return cancelled;
}

async function candidates(
  deps: Pick<Deps, 'promotions'>,
  tenant: string,
  { target_environment: _, ...request }: NewRequest,
  target_environment: string,
): Promise<readonly string[]> {
  const slot = kindOf(request).slot({ request, target_environment });
  const { kind, name } = slot.subject;
  const filter = { statuses: OPEN_STATUSES, kind, target_environment, subject_name: name };
  const found: PromotionState[] = [];
  let after: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const { items, next } = await deps.promotions.list(tenant, filter, {
      limit: 100,
      ...(after === undefined ? {} : { after }),
    });
    found.push(...items);
    if (next === undefined) break;
    after = next;
  }
  return found
    .filter((state) => state.type !== 'rollback' && state.target_slot === slotText(slot) && !isClosed(state))
    .map(({ id }) => id);
}
