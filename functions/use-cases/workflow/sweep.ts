import { SYSTEM } from '../../domain/identity/principal.ts';
import { addDuration, earliest } from '../../domain/instant.ts';
import { isClosed, isExpired } from '../../domain/promotion/lifetime.ts';
import { dueAt } from '../../domain/promotion/next.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { PromotionRef, StoredPromotion } from '../../ports/promotion-store.ts';
import type { EffectDeps } from '../kinds/kind.ts';
import { readExecutionFacts, readFactsOf, watching } from '../promotions/facts.ts';
import { type CommandDeps, runCommand, step } from '../promotions/run-command.ts';
import { ensureRunning, finishWork, refOf } from './drive.ts';
import { settle } from './settle.ts';

/** What one run did. Promotions that could not be attended to are named; the others were. */
export type Swept = {
  readonly attended: number;
  readonly faults: readonly { readonly ref: PromotionRef; readonly error: unknown }[];
  /** There was more than the run's bound: the next run goes on. */
  readonly unfinished: boolean;
};

/** When to look again at what could not be done now: a lock, a freeze that may be lifted, a target that is held. */
const NEXT_LOOK = 'PT5M';

/**
 * Does again what an intent still asks for, and what time has brought due: approvals expire, schedules execute, silent gateways are
 * asked, lost executions begin again. At most `most` promotions of either kind; one that fails stops no other.
 */
export async function sweep(
  deps: CommandDeps & EffectDeps,
  { most }: { readonly most: number },
): Promise<Swept> {
  const now = deps.clock.now();
  const work = await collect(most, (page) => deps.drive.withWork(page));
  const due = await collect(most, (page) => deps.drive.due(now, page));
  const faults: { ref: PromotionRef; error: unknown }[] = [];
  const each = async (refs: readonly PromotionRef[], attend: (ref: PromotionRef) => Promise<unknown>) => {
    for (const ref of refs) {
      try {
        await attend(ref);
      } catch (error) {
        faults.push({ ref, error });
      }
    }
  };
  await each(work.refs, (ref) => finishWork(deps, ref));
  await each(due.refs, (ref) => attendDue(deps, ref));
  return {
    attended: work.refs.length + due.refs.length,
    faults,
    unfinished: work.more || due.more,
  };
}

async function collect(most: number, read: (page: PageRequest) => Promise<Page<PromotionRef>>) {
  const refs: PromotionRef[] = [];
  let after: string | undefined;
  do {
    const limit = Math.min(100, most - refs.length);
    const page = await read({ limit, ...(after === undefined ? {} : { after }) });
    refs.push(...page.items);
    after = page.next;
  } while (after !== undefined && refs.length < most);
  return { refs, more: after !== undefined };
}

async function attendDue(deps: CommandDeps & EffectDeps, ref: PromotionRef): Promise<void> {
  const stored = await deps.promotions.read(ref.tenant, ref.id);
  const now = deps.clock.now();
  // The index may lag behind the item.
  if (stored === undefined || (stored.drive.due_at ?? '~') > now) return;
  const { state } = stored;
  if (isExpired(state, now)) return void (await expire(deps, ref));
  if (state.status === 'scheduled' && state.schedule.at <= now) return await executeNow(deps, ref);
  if (state.status === 'blocked' && state.blocked_by.includes('frozen')) return await thaw(deps, ref);
  if (state.status === 'executing' && (dueAt(state) ?? now) <= now) {
    const broken = { error: 'States.Timeout', cause: 'the gateway did not report in time', patient: false };
    return void (await settle(deps, ref, broken, 'caller'));
  }
  await takeUp(deps, stored, now);
}

function expire(deps: CommandDeps, ref: PromotionRef) {
  return runCommand(deps, ref, 'caller', async ({ state }, now) =>
    step(state, { type: 'expire' }, { now, actor: SYSTEM }),
  );
}

/**
 * The scheduled moment has come: the same as somebody asking for the execution. What is in its way now is looked at again, a freeze
 * at its end; one that ends what is due inside it closes the promotion.
 */
async function executeNow(deps: CommandDeps, ref: PromotionRef): Promise<void> {
  let ends_at: string | undefined;
  const answer = await runCommand(deps, ref, 'caller', async ({ state }, now) => {
    if (state.status !== 'scheduled' || state.schedule.at > now) return undefined;
    const read = await readExecutionFacts(deps, state, now);
    if (isRefusal(read)) return read;
    const asked = step(state, { type: 'request_execution', facts: read.facts }, { now, actor: SYSTEM });
    if (asked === undefined || !isRefusal(asked)) return asked;
    const { freeze } = read.facts;
    if (asked.refused === 'frozen' && freeze?.on_due === 'fail') {
      return step(state, dueInside(state.schedule.at, freeze.reason), { now, actor: SYSTEM });
    }
    ends_at = freeze?.ends_at;
    const assessed = step(state, { type: 'assess', facts: read.facts }, { now, actor: SYSTEM });
    if (assessed === undefined || isRefusal(assessed)) return assessed ?? asked;
    return { ...assessed, writes: watching(read, state.id) };
  });
  if (!isRefusal(answer)) return;
  const stored = await deps.promotions.read(ref.tenant, ref.id);
  if (stored !== undefined) await lookAgain(deps, stored.state, ends_at);
}

function dueInside(at: string, reason: string) {
  return {
    type: 'fail',
    code: 'frozen',
    message: `The time it was scheduled for, ${at}, lies in a freeze: ${reason}`,
    technical: 'the freeze says on_due fail',
    target_state: 'unchanged',
  } as const;
}

/** Blocked by a freeze: goes on when that is over, and is otherwise looked at again at its end. */
async function thaw(deps: CommandDeps, ref: PromotionRef): Promise<void> {
  let ends_at: string | undefined;
  const answer = await runCommand(deps, ref, 'caller', async ({ state }, now) => {
    if (state.status !== 'blocked') return undefined;
    const read = await readFactsOf(deps, state, now);
    if (isRefusal(read)) return read;
    ends_at = read.facts.freeze?.ends_at;
    const change = step(state, { type: 'assess', facts: read.facts }, { now, actor: SYSTEM });
    if (change === undefined || isRefusal(change)) return change;
    return { ...change, writes: watching(read, state.id) };
  });
  const stored = isRefusal(answer) ? await deps.promotions.read(ref.tenant, ref.id) : { state: answer };
  if (stored?.state.status !== 'blocked' || !stored.state.blocked_by.includes('frozen')) return;
  await lookAgain(deps, stored.state, ends_at);
}

/** Nothing of its own is due: its execution broke off, or has lived long. */
async function takeUp(deps: CommandDeps, { state, drive }: StoredPromotion, now: string): Promise<void> {
  if (isClosed(state)) return;
  await ensureRunning(deps, refOf(state), drive.attempt);
  const due = dueAt(state);
  if (due !== undefined && due > now) await deps.drive.postpone(refOf(state), state.seq, due);
}

/** A freeze is looked at at its very end, and before, since it may be lifted. */
async function lookAgain(deps: CommandDeps, state: PromotionState, ends_at?: string): Promise<void> {
  if (isClosed(state)) return;
  const at = addDuration(deps.clock.now(), NEXT_LOOK);
  await deps.drive.postpone(refOf(state), state.seq, earliest(at, ends_at ?? at, state.expires_at));
}
