import type { Environment } from '../../domain/catalog/environment.ts';
import { Fault } from '../../domain/faults.ts';
import { type Command, type Context, guardOf } from '../../domain/promotion/commands.ts';
import { decide } from '../../domain/promotion/decider.ts';
import type { StoredEvent } from '../../domain/promotion/events.ts';
import { append } from '../../domain/promotion/history.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { PromotionRef, StoredPromotion } from '../../ports/promotion-store.ts';
import type { CommitResult, Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';
import { afterCommit, type DispatchDeps } from './dispatch-outbox.ts';
import { type By, recordAfter } from './intent.ts';
import { RACE_LOST, untilCommitted } from './until-committed.ts';

export type CommandDeps = DispatchDeps &
  Pick<Deps, 'transactions' | 'directory' | 'clock' | 'random' | 'sleep' | 'late'>;

/** What a command makes of a promotion, and what else its one commit writes. */
export type Change = {
  readonly state: PromotionState;
  readonly events: readonly StoredEvent[];
  readonly writes: readonly Write[];
  /** Whether executing has an effect outside the table, where deciding has found that out. */
  readonly outside?: boolean | undefined;
};

/**
 * Decides on a promotion as just read. `undefined`: there is nothing to change; `LOST`: what was read beside it does not fit
 * together, read again. Called again after every lost race, so it reads all its facts itself.
 */
export type Attempt = (
  stored: StoredPromotion,
  now: string,
  environments: readonly Environment[] | undefined,
) => Promise<Change | Refusal | typeof RACE_LOST | undefined>;

/**
 * Reads a promotion, decides, and commits state, events and whatever the command owns at once; a lost race is read and decided
 * again until 20 s have passed. Then does what the commit left as intent, as far as that goes now. A commit that never got its
 * answer is looked up, so that nothing is done twice. `beside`: an attempt gets the tenant's environments too, read in the same round; the
 * commit is conditional on the promotion's version, so it stands as it would had they been read after it. A caller gets them a moment late,
 * and with them the token that it will wake with: one that is nobody's any more is read again. Refuses `not_found`; throws
 * `Unavailable` and `Throttled`.
 */
export async function runCommand(
  deps: CommandDeps,
  { tenant, id }: PromotionRef,
  by: By,
  attempt: Attempt,
  beside?: 'environments',
): Promise<PromotionState | Refusal> {
  let unanswered: Change | undefined;
  const { catalog, tokens } = by === 'step' ? deps : (deps.late ?? deps);
  return await untilCommitted<PromotionState | Refusal>(deps, async () => {
    const [stored, environments, token] = await Promise.all([
      deps.promotions.read(tenant, id),
      beside === undefined ? undefined : catalog.all(tenant, 'environment'),
      beside === undefined || by === 'step' ? undefined : tokens.get({ tenant, id }),
    ]);
    if (stored === undefined) return refuse('not_found', `there is no promotion ${id}`);
    if (unanswered !== undefined && (await holds(deps, stored.state, unanswered))) {
      await afterCommit(deps, stored, unanswered.events);
      return unanswered.state;
    }
    const [change, before] = await Promise.all([
      attempt(stored, deps.clock.now(), environments),
      by === 'step' ? unpublished(deps, stored) : [],
    ]);
    if (change === undefined) return stored.state;
    if (change === RACE_LOST || isRefusal(change)) return change;
    const { state, events, writes, outside } = change;
    const workflowRecord = recordAfter(stored.workflowRecord, stored.state, state, by);
    const result = await commitOrUnknown(deps, tenant, [
      { write: 'promotion', state, workflowRecord, events, expected: stored.state.seq },
      ...writes,
    ]);
    if (result === 'unknown') unanswered = change;
    if (result === 'unknown' || !result.committed) return RACE_LOST;
    await afterCommit(deps, { state, workflowRecord }, [...before, ...events], { token, outside, by });
    return state;
  });
}

/** Events that a step announces with its own. */
async function unpublished(
  { promotions }: Pick<Deps, 'promotions'>,
  { state: { tenant, id, seq }, workflowRecord: { published } }: StoredPromotion,
): Promise<readonly StoredEvent[]> {
  return published < seq ? await promotions.events(tenant, id, published) : [];
}

/** Decides one command and appends its events; `undefined` when it changes nothing. */
export function step(
  state: PromotionState,
  command: Command,
  context: Context,
): Change | Refusal | undefined {
  const events = decide(state, command, context);
  if (isRefusal(events)) return events;
  return events.length === 0
    ? undefined
    : { ...append(state, events, { ...context, guard: guardOf(command) }), writes: [] };
}

/** The first decision on a promotion: its request. */
export function begin(
  command: Extract<Command, { readonly type: 'request' }>,
  context: Context,
): Change | Refusal {
  const events = decide(undefined, command, context);
  return isRefusal(events)
    ? events
    : { ...append(undefined, events, { ...context, guard: guardOf(command) }), writes: [] };
}

/** Commits, where a call without an answer is `unknown`: what it did is to be read. */
export async function commitOrUnknown(
  deps: Pick<Deps, 'transactions'>,
  tenant: string,
  writes: readonly Write[],
): Promise<CommitResult | 'unknown'> {
  try {
    return await deps.transactions.commit(tenant, writes);
  } catch (error) {
    if (error instanceof Fault && (error.name === 'Unavailable' || error.name === 'Throttled'))
      return 'unknown';
    throw error;
  }
}

/** Whether a change is part of a promotion's history: its last event is the state's, or the next event names it. */
async function holds(
  deps: Pick<Deps, 'promotions'>,
  now: PromotionState,
  { state }: Pick<Change, 'state'>,
): Promise<boolean> {
  if (now.seq < state.seq) return false;
  if (now.seq === state.seq) return now.chain === state.chain;
  const [next] = await deps.promotions.events(now.tenant, now.id, state.seq);
  return next?.prev === state.chain;
}
