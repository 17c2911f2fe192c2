import { isSoaking, soakedAt } from '../../domain/gates/soak.ts';
import { SYSTEM } from '../../domain/identity/principal.ts';
import { addDuration, earliest } from '../../domain/instant.ts';
import type { AssessmentFacts, ExecutionFacts } from '../../domain/promotion/commands.ts';
import { isClosed, isExpired } from '../../domain/promotion/lifetime.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import { refOf } from '../engine/dispatch-outbox.ts';
import {
  type Facts,
  type GuardSeen,
  readExecutionFacts,
  readFactsOf,
  waiting,
  watching,
} from '../engine/facts.ts';
import { type CommandDeps, runCommand, step } from '../engine/run-command.ts';
import { verified } from '../engine/verify.ts';
import { kindOf } from '../kinds/registry.ts';

/** When to check again where another promotion holds the target, though nobody has said that it let go: it may succeed. */
const HELD = 'PT5M';
/** When to check again at what a lock or a freeze stops, though nobody has said that it was lifted. */
const STOPPED = 'PT1H';

/** What became of a promotion whose time may have come. `idle`: time asks nothing of it now. */
export type Due = 'expired' | 'executed' | 'rechecked' | 'verified' | 'idle';

/**
 * What time asks of a promotion as just read, judged at this instant: its approvals expire, its schedule executes it, what a lock, a
 * freeze or a soak blocked is judged again, the time of its verification is over. Whoever comes too early, too late or twice does nothing.
 */
export async function fallDue(deps: CommandDeps, state: PromotionState): Promise<Due> {
  const now = deps.clock.now();
  const ref = refOf(state);
  if (isExpired(state, now)) {
    await expire(deps, ref);
    return 'expired';
  }
  if (state.status === 'scheduled' && state.schedule.at <= now) {
    await executeNow(deps, ref);
    return 'executed';
  }
  if (isStopped(state)) {
    await recheck(deps, ref);
    return 'rechecked';
  }
  if (state.status === 'completed' && state.verification?.status === 'pending') {
    await runCommand(deps, ref, 'caller', (stored, at) => verified(deps, stored.state, at));
    return 'verified';
  }
  return 'idle';
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
  let stop: Stop = {};
  const answer = await runCommand(deps, ref, 'caller', async ({ state }, now) => {
    if (state.status !== 'scheduled' || state.schedule.at > now) return undefined;
    const read = await readExecutionFacts(deps, state, now);
    if (isRefusal(read)) return read;
    // Sluice itself has weakened nothing: whether it waits for another person is for its claim to say.
    const request = { type: 'request_execution', facts: read.facts, weakened: [] } as const;
    const asked = step(state, request, { now, actor: SYSTEM });
    if (asked === undefined || !isRefusal(asked)) return asked;
    const { freeze } = read.facts;
    if (asked.refused === 'frozen' && freeze?.on_due === 'fail') {
      return step(state, dueInside(state.schedule.at, freeze.reason), { now, actor: SYSTEM });
    }
    stop = stopOf(read, now);
    const assessed = step(state, { type: 'assess', facts: read.facts }, { now, actor: SYSTEM });
    if (assessed === undefined || isRefusal(assessed)) return assessed ?? asked;
    return { ...assessed, writes: watching(read, state.id) };
  });
  if (!isRefusal(answer)) return;
  const stored = await deps.promotions.read(ref.tenant, ref.id);
  if (stored !== undefined) await lookAgain(deps, stored.state, stop);
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

/** Stopped: goes on when that is over, and otherwise waits on. */
async function recheck(deps: CommandDeps, ref: PromotionRef): Promise<void> {
  let stop: Stop = {};
  const answer = await runCommand(deps, ref, 'caller', async ({ state }, now) => {
    if (state.status !== 'blocked') return undefined;
    const read = await readFactsOf(deps, state, now);
    if (isRefusal(read)) return read;
    stop = stopOf(read, now);
    const change = step(state, { type: 'assess', facts: read.facts }, { now, actor: SYSTEM });
    if (change === undefined || isRefusal(change)) return change;
    return { ...change, writes: watching(read, state.id) };
  });
  const stored = isRefusal(answer) ? await deps.promotions.read(ref.tenant, ref.id) : { state: answer };
  if (stored !== undefined && isStopped(stored.state)) await lookAgain(deps, stored.state, stop);
}

/** Whether a lock, a freeze, another promotion's claim or a soak blocks it. */
function isStopped(state: PromotionState): boolean {
  if (state.status !== 'blocked') return false;
  return state.blocked_by.some((by) => STOPS.has(by)) || state.gates.some(isSoaking);
}

const STOPS: ReadonlySet<string> = new Set(['locked', 'frozen', 'target_moved']);

/**
 * What is in the way: the guard of the environment as it was before its lock and its freezes were read, and the end of the freeze;
 * another promotion that holds the target; or when it has soaked, if it ever does.
 */
type Stop = {
  readonly guard?: GuardSeen;
  readonly ends_at?: string;
  readonly soaks?: true;
  readonly held?: true;
};

function stopOf(
  { facts, guard }: Facts<AssessmentFacts & Partial<Pick<ExecutionFacts, 'head'>>>,
  now: string,
): Stop {
  const { lock, freeze, requirements, conditions } = facts;
  if (lock === undefined && freeze === undefined) {
    const soaked_at = soakedAt(requirements.gates, { conditions, as_of: now });
    const held = (facts.claim ?? facts.head?.claim) !== undefined;
    const ends = soaked_at === undefined ? {} : { ends_at: soaked_at };
    return { soaks: true, ...ends, ...(held ? { held } : {}) };
  }
  return { guard, ...(freeze?.ends_at === undefined ? {} : { ends_at: freeze.ends_at }) };
}

/**
 * A freeze is looked at at its end, for which a timer is set too; before that, and for a lock, whoever lifts it is heard of. What was
 * lifted since it was seen is due at once.
 */
async function lookAgain(
  deps: CommandDeps,
  state: PromotionState,
  { guard, ends_at, soaks, held }: Stop,
): Promise<void> {
  if (isClosed(state)) return;
  const ref = refOf(state);
  const now = deps.clock.now();
  const over =
    guard === undefined
      ? held !== undefined && !(await waitsForRelease(deps, state))
      : !(await waitsForOpening(deps, state, guard));
  if (over) {
    await deps.workflowRecords.postpone(ref, state.seq, now);
    return;
  }
  // Nothing but time ends a soak, and evidence is told of by whoever brings it.
  const waits = soaks !== undefined && state.status === 'blocked' && state.gates.some(isSoaking);
  const at = waits ? state.expires_at : addDuration(now, guard === undefined ? HELD : STOPPED);
  await deps.workflowRecords.postpone(ref, state.seq, earliest(at, ends_at ?? at, state.expires_at));
  if (ends_at !== undefined && ends_at < state.expires_at) await deps.scheduler.put(ref, ends_at);
}

async function waitsForOpening(deps: CommandDeps, state: PromotionState, seen: GuardSeen): Promise<boolean> {
  const { committed } = await deps.transactions.commit(state.tenant, waiting(state, seen));
  return committed;
}

/**
 * Stands on the list of those who are told, then reads the head again: who lets go of it after that tells the list. Answers whether
 * another promotion holds it still.
 */
async function waitsForRelease(deps: CommandDeps, state: PromotionState): Promise<boolean> {
  const { tenant, id, target_environment, expires_at } = state;
  await deps.transactions.commit(tenant, [
    { write: 'stopped', environment: target_environment, promotion_id: id, expires_at },
  ]);
  const head = await deps.heads.read(tenant, kindOf(state.request).slot(state));
  return head?.claim !== undefined && head.claim.promotion !== id;
}
