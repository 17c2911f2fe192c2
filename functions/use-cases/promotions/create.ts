import type { Actor, Principal } from '../../domain/identity/principal.ts';
import type { RuleApplied } from '../../domain/policy/rule-applied.ts';
import { byKind } from '../../domain/promotion/by-kind.ts';
import { isClosed } from '../../domain/promotion/lifetime.ts';
import type { Execution } from '../../domain/promotion/manifest.ts';
import type { PromotionRequest, PromotionState } from '../../domain/promotion/state.ts';
import type { Stop } from '../../domain/promotion/stops.ts';
import type { PromotionType } from '../../domain/promotion-type.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { StoredAnswer, Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';
import { afterCommit } from '../engine/dispatch-outbox.ts';
import { firstRecord } from '../engine/intent.ts';
import { type CommandDeps, commitOrUnknown } from '../engine/run-command.ts';
import { RACE_LOST, untilCommitted } from '../engine/until-committed.ts';
import type { NewRequest } from '../kinds/kind.ts';
import { judgeRequest, type Requested } from './request.ts';
import { type Superseded, superseded } from './supersede.ts';

export type CreateDeps = CommandDeps & Pick<Deps, 'ids' | 'denials'>;

export type CreateInput = {
  /** The requester: for separation of duties, whoever set it off. */
  readonly actor: Actor;
  /** Whether they may request it; asked beside planning, and answered before anything that planning says. */
  readonly permit?: () => Promise<Refusal | undefined>;
  /** Who else counts as requester: the people of a promotion that is tried again. */
  readonly also_requested_by?: readonly Actor[];
  readonly tenant: string;
  readonly request: NewRequest;
  readonly type?: PromotionType;
  readonly execution?: Execution;
  /** Cancels older open promotions of the same subject to the same target, in the same commit and in this name. */
  readonly supersede?: Principal;
  /** The rule that asks for it, when nobody does: once per deployment and version of the rule. */
  readonly rule?: RuleApplied;
  /** A last word on what is about to be asked for, heard on the very plan that is written. */
  readonly admit?: (requested: Requested) => Promise<Refusal | undefined>;
  /** What else its creating commit writes, made anew at each attempt; a refusal ends the matter. */
  readonly beside?: (requested: Requested) => Promise<Beside | Refusal>;
  /** Says what would be; writes nothing. */
  readonly dry_run?: boolean;
  /** What to keep for a repeated request, written in the same commit. */
  readonly answer?: (state: PromotionState) => StoredAnswer;
};

/** Writes, and what is to be done once they are committed. */
export type Beside = { readonly writes: readonly Write[]; readonly after: () => Promise<void> };

/** `stops`: what would keep it from executing now. */
export type Created = {
  readonly state: PromotionState;
  readonly created: boolean;
  readonly stops: readonly Stop[];
};

/**
 * Requests a promotion: planned, sealed and judged at once, and its workflow started. Roles are the caller's to check: a rule asks
 * too. Refuses what cannot be planned, `already_open` naming the open one of the same subject, digest and target, and `conflict`
 * when the rule has promoted this deployment or the same Idempotency-Key is being answered.
 */
export async function createPromotion(deps: CreateDeps, input: CreateInput): Promise<Created | Refusal> {
  const id = deps.ids.next('prom');
  let place: { readonly holder?: string } = {};
  let unanswered: Requested | undefined;
  return await untilCommitted<Created | Refusal>(deps, async () => {
    if (unanswered !== undefined) {
      const stored = await deps.promotions.read(input.tenant, id);
      if (stored !== undefined) {
        await afterCommit(deps, stored, unanswered.events);
        return { state: unanswered.state, created: true, stops: unanswered.stops };
      }
    }
    const now = deps.clock.now();
    const [denied, judged] = await Promise.all([input.permit?.(), judgeBeside(deps, { ...input, id }, now)]);
    if (denied !== undefined) return denied;
    if (isRefusal(judged)) return judged;
    const { older, requested } = judged;
    const inadmissible = await input.admit?.(requested);
    if (inadmissible !== undefined) return inadmissible;
    if (input.dry_run === true) {
      const { refusal } = await openHolder(deps, requested, older);
      return refusal ?? { state: requested.state, created: false, stops: requested.stops };
    }
    const beside = await input.beside?.(requested);
    if (beside !== undefined && 'refused' in beside) return beside;
    const writes = [...writesOf(input, requested, older, place.holder), ...(beside?.writes ?? [])];
    const result = await commitOrUnknown(deps, input.tenant, writes);
    if (result === 'unknown') {
      unanswered = requested;
      return RACE_LOST;
    }
    if (!result.committed) {
      const lost = (name: Write['write']) => result.lost.some((index) => writes[index]?.write === name);
      if (lost('answer')) return refuse('conflict', 'a request with this Idempotency-Key is in progress');
      if (lost('attempt')) return refuse('conflict', 'this rule has promoted that deployment already');
      if (!lost('open')) return RACE_LOST;
      const { refusal, holder } = await openHolder(deps, requested, older);
      if (refusal !== undefined) return refusal;
      place = holder === undefined ? {} : { holder };
      return RACE_LOST;
    }
    const { state, events, stops } = requested;
    await afterCommit(deps, { state, workflowRecord: firstRecord(state) }, events);
    for (const { change, workflowRecord } of older) {
      await afterCommit(deps, { state: change.state, workflowRecord }, change.events);
    }
    await beside?.after();
    return { state, created: true, stops };
  });
}

/** The request as it would be written, and what it supersedes. */
async function judgeBeside(
  deps: CreateDeps,
  input: CreateInput & { readonly id: string },
  now: string,
): Promise<{ readonly older: readonly Superseded[]; readonly requested: Requested } | Refusal> {
  const older = await superseded(deps, input, now);
  if (isRefusal(older)) return older;
  const [newest] = older;
  const asked = newest === undefined ? input : { ...input, supersedes: newest.change.state.id };
  const requested = await judgeRequest(deps, asked, now);
  return isRefusal(requested) ? requested : { older, requested };
}

function writesOf(
  { request, rule, answer }: CreateInput,
  { state, events, planned, writes: beside }: Requested,
  older: readonly Superseded[],
  holder: string | undefined,
): readonly Write[] {
  const { subject, place, plan } = planned;
  const writes: Write[] = [
    { write: 'promotion', state, workflowRecord: firstRecord(state), events, expected: 0 },
    {
      write: 'open',
      type: state.type,
      subject,
      digest: plan.source.digest,
      target: place,
      promotion_id: state.id,
      ...(holder === undefined ? {} : { replaces: holder }),
    },
    ...beside,
    ...older.map(({ write }) => write),
  ];
  const attempted = rule === undefined ? undefined : attemptedBy(request);
  if (rule !== undefined && attempted !== undefined) {
    const { id: rule_id, version: rule_version } = rule;
    const attempt = { deployment_id: attempted, rule_id, rule_version, promotion_id: state.id };
    writes.push({ write: 'attempt', ...attempt });
  }
  if (answer !== undefined) writes.push({ write: 'answer', answer: answer(state) });
  return writes;
}

/** The deployment of which a rule promotes no second time. */
const attemptedBy = (request: PromotionRequest) =>
  byKind(request, {
    agent: ({ source_deployment_id }) => source_deployment_id,
    artifact: () => undefined,
    config: () => undefined,
  });

/** Who holds the uniqueness record: an open promotion refuses the new one, a closed or superseded one gives way. */
async function openHolder(
  deps: CreateDeps,
  { state, planned }: Requested,
  older: readonly Superseded[],
): Promise<{ readonly refusal?: Refusal; readonly holder?: string }> {
  const { subject, place, plan } = planned;
  const { digest } = plan.source;
  const holder = await deps.promotions.holderOfPlace(state.tenant, subject, digest, place, state.type);
  if (holder === undefined) return {};
  const stored = await deps.promotions.read(state.tenant, holder);
  const gone = older.some(({ change }) => change.state.id === holder);
  if (stored === undefined || isClosed(stored.state) || gone) return { holder };
  return {
    refusal: refuse('already_open', `${holder} is already open for this content and target`, {
      promotion_id: holder,
      status: stored.state.status,
    }),
  };
}
