import type { GateResult } from '../../domain/gates/gate.ts';
import { SYSTEM } from '../../domain/identity/principal.ts';
import { judgeAnew } from '../../domain/promotion/assess.ts';
import { slotText } from '../../domain/promotion/head.ts';
import type { PromotionRequest } from '../../domain/promotion/state.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Slot } from '../../domain/subject.ts';
import type { Deps } from '../deps.ts';
import { readFacts } from '../engine/facts.ts';
import { everyItem } from '../every-item.ts';
import type { KindDeps } from '../kinds/kind.ts';

/** Executions that are looked at to say how long the next one takes, and revisions that are looked through for them. */
const MEASURED = 20;
const LOOKED_THROUGH = 200;

/** What the environment's gates would say now of the content, were it promoted there and not gone back to. */
export async function gatesOfToday(
  deps: KindDeps & Pick<Deps, 'clock'>,
  tenant: string,
  request: PromotionRequest,
  environment: string,
): Promise<readonly GateResult[]> {
  const now = deps.clock.now();
  const type = 'promotion';
  const asked = {
    tenant,
    type,
    request,
    target_environment: environment,
    source_environment: environment,
    now,
  } as const;
  const read = await readFacts(deps, asked);
  if (isRefusal(read)) return [];
  const { planned, facts } = read;
  const { decision } = judgeAnew(
    {
      id: 'rollback-impact',
      type,
      subject: planned.subject,
      target_environment: environment,
      target_slot: slotText(planned.slot),
      execution: 'manual',
    },
    [],
    facts,
    { now, actor: SYSTEM },
  );
  return decision.gates;
}

/** Seconds that the newest executions in a slot took. */
export async function durationsOf(
  deps: Pick<Deps, 'heads' | 'promotions'>,
  tenant: string,
  slot: Slot,
): Promise<readonly number[]> {
  const ids = new Set<string>();
  let looked = 0;
  for await (const { cause } of everyItem((page) => deps.heads.revisions(tenant, slot, page))) {
    if (cause.by === 'execute') ids.add(cause.promotion_id);
    looked += 1;
    if (ids.size === MEASURED || looked === LOOKED_THROUGH) break;
  }
  const stored = await Promise.all([...ids].map((id) => deps.promotions.read(tenant, id)));
  return stored.flatMap((one) => {
    const state = one?.state;
    if (state?.status !== 'completed' && state?.status !== 'rolled_back') return [];
    return [(Date.parse(state.completed_at) - Date.parse(state.started_at)) / 1000];
  });
}
