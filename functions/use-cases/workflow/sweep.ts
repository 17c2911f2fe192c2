import { addDuration } from '../../domain/instant.ts';
import { isClosed } from '../../domain/promotion/lifetime.ts';
import { dueAt } from '../../domain/promotion/next.ts';
import { isToBeRolledBack } from '../../domain/promotion/verification.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { PromotionRef, StoredPromotion } from '../../ports/promotion-store.ts';
import type { UnblockRecord } from '../../ports/unblock-records.ts';
import type { Deps } from '../deps.ts';
import { dispatchOutbox, ensureRunning, refOf } from '../engine/dispatch-outbox.ts';
import type { CommandDeps } from '../engine/run-command.ts';
import { inTurn } from '../in-turn.ts';
import type { EffectDeps } from '../kinds/kind.ts';
import type { CreateDeps } from '../promotions/create.ts';
import { rollBackFailed } from '../promotions/roll-back-failed.ts';
import { fallDue } from './due.ts';
import { settle } from './settle.ts';
import { type TellStoppedDeps, tellStopped } from './tell-stopped.ts';

/** What one run did. Promotions that could not be attended to are named; the others were. */
export type Swept = {
  readonly attended: number;
  readonly faults: readonly { readonly ref: PromotionRef; readonly error: unknown }[];
  /** Openings of which not everybody could be told. */
  readonly unheard: readonly { readonly opening: UnblockRecord; readonly error: unknown }[];
  /** The earliest time at which something was due that this run found still to do. */
  readonly oldest_due?: string;
  /** There was more than the run's bounds: the next run goes on. */
  readonly unfinished: boolean;
};

export type SweepDeps = CreateDeps & EffectDeps & TellStoppedDeps & Pick<Deps, 'cursors'>;

/** `most` promotions of either kind, `atOnce` of them together, none begun after so many milliseconds. */
export type Bounds = { readonly most: number; readonly atOnce: number; readonly milliseconds: number };

/**
 * Does again what an intent still asks for, and what time has brought due: approvals expire, schedules execute, silent gateways are
 * asked, lost executions begin again, what failed its verification is rolled back. One that fails stops no other, and a thousand that fail leave half of the time for what is due;
 * a run goes on where the last one had to stop.
 */
export async function sweep(deps: SweepDeps, bounds: Bounds): Promise<Swept> {
  const now = deps.clock.now();
  const end = after(now, bounds.milliseconds);
  const half = after(now, bounds.milliseconds / 2);
  const openings = await attendUnblocked(deps, half);
  const work = await attend(
    deps,
    (page) => deps.workflowRecords.withWork(page),
    { ...bounds, end: half, name: 'sweep.work' },
    (ref) => dispatchOutbox(deps, ref),
  );
  let oldest_due: string | undefined;
  const late = (due_at: string) => {
    if (oldest_due === undefined || due_at < oldest_due) oldest_due = due_at;
  };
  const due = await attend(
    deps,
    (page) => deps.workflowRecords.due(deps.clock.now(), page),
    { ...bounds, end, name: 'sweep.due' },
    (ref) => attendDue(deps, ref, late),
  );
  return {
    attended: work.attended + due.attended,
    faults: [...work.faults, ...due.faults],
    unheard: openings.faults,
    ...(oldest_due === undefined ? {} : { oldest_due }),
    unfinished: openings.unfinished || work.unfinished || due.unfinished,
  };
}

const after = (now: string, milliseconds: number): string => addDuration(now, `PT${milliseconds / 1_000}S`);

type Attended = Omit<Swept, 'unheard' | 'oldest_due'>;

/** Makes due what waits where something was lifted, so that this very run attends to it. */
async function attendUnblocked(deps: SweepDeps, end: string) {
  const openings = inTurn(deps.cursors, 'sweep.unblocked', (page) => deps.unblockRecords.withWork(page));
  const faults: { opening: UnblockRecord; error: unknown }[] = [];
  let unfinished = false;
  while (deps.clock.now() < end) {
    const opening = await openings.next();
    if (opening === undefined) break;
    try {
      if (!(await tellStopped(deps, opening, end))) unfinished = true;
    } catch (error) {
      faults.push({ opening, error });
    }
  }
  const left = await openings.stop();
  return { faults, unfinished: left || unfinished };
}

/** Attends to a list, several at once, until it is over, enough were attended to, or the time is up. */
async function attend(
  deps: Pick<Deps, 'clock' | 'cursors'>,
  read: (page: PageRequest) => Promise<Page<PromotionRef>>,
  { most, atOnce, end, name }: Omit<Bounds, 'milliseconds'> & { readonly end: string; readonly name: string },
  one: (ref: PromotionRef) => Promise<unknown>,
): Promise<Attended> {
  const faults: { ref: PromotionRef; error: unknown }[] = [];
  const refs = inTurn(deps.cursors, name, read);
  let [attended, begun] = [0, 0];
  const worker = async () => {
    while (begun < most && deps.clock.now() < end) {
      begun += 1;
      const ref = await refs.next();
      if (ref === undefined) return;
      attended += 1;
      await one(ref).catch((error: unknown) => faults.push({ ref, error }));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { attended, faults, unfinished: await refs.stop() };
}

async function attendDue(
  deps: CreateDeps & EffectDeps,
  ref: PromotionRef,
  late: (due_at: string) => void,
): Promise<void> {
  const stored = await deps.promotions.read(ref.tenant, ref.id);
  const now = deps.clock.now();
  // The index may lag behind the item.
  if (stored === undefined || (stored.workflowRecord.due_at ?? '~') > now) return;
  const { state } = stored;
  if (stored.workflowRecord.due_at !== undefined) late(stored.workflowRecord.due_at);
  if ((await fallDue(deps, state)) !== 'idle') return;
  if (state.status === 'completed' && isToBeRolledBack(state))
    return void (await rollBackFailed(deps, state));
  if (state.status === 'executing' && (dueAt(state) ?? now) <= now) {
    const broken = { error: 'States.Timeout', patient: false };
    return void (await settle(deps, ref, broken, 'caller'));
  }
  await takeUp(deps, stored, now);
}

/** Nothing of its own is due: its execution broke off, or has lived long. */
async function takeUp(
  deps: CommandDeps,
  { state, workflowRecord }: StoredPromotion,
  now: string,
): Promise<void> {
  if (isClosed(state)) return;
  await ensureRunning(deps, refOf(state), workflowRecord.attempt);
  const due = dueAt(state);
  if (due !== undefined && due > now) await deps.workflowRecords.postpone(refOf(state), state.seq, due);
}
