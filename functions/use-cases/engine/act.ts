import type { Environment } from '../../domain/catalog/environment.ts';
import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import { type Action, may } from '../../domain/identity/roles.ts';
import type { Command } from '../../domain/promotion/commands.ts';
import { isClosed } from '../../domain/promotion/lifetime.ts';
import { decided } from '../../domain/promotion/refusals.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Write } from '../../ports/transaction.ts';
import { roleMissing } from '../access/authorize.ts';
import type { Deps } from '../deps.ts';
import { type Change, type CommandDeps, runCommand, step } from './run-command.ts';

export type ActDeps = CommandDeps & Pick<Deps, 'denials' | 'changes'>;

/**
 * Who acts on which promotion. `also` is written in the very commit of the act: what makes a repetition of it known, or impossible. An
 * act that changes nothing writes none of it.
 */
export type Acting = {
  readonly principal: Principal;
  readonly id: string;
  readonly also?: readonly Write[];
  /** Asked before everything else, at each attempt: whether that by which somebody acts still stands. */
  stands?(state: PromotionState, now: string): Promise<Refusal | undefined>;
};

/** One verb on a promotion. */
export type Verb = Acting & {
  readonly type: Command['type'];
  readonly action: Action | ((state: PromotionState) => Action);
  /** Reads what the command needs and makes it; a refusal ends the matter. Called again after a lost race. */
  prepare(
    state: PromotionState,
    now: string,
    environments: readonly Environment[] | undefined,
  ): Promise<Command | Refusal>;
  /** What `prepare` gets beside the promotion, read in the same round. */
  readonly beside?: 'environments';
  /** Asked before any role. */
  before?(state: PromotionState): Promise<Refusal | undefined>;
  /** On a closed promotion of this status the verb changes nothing and is no error. */
  readonly done?: PromotionState['status'];
  /** What is written in the same commit. */
  writes?(change: Change): readonly Write[];
  /** Whether executing has an effect outside the table, as far as `prepare` found out. */
  outside?(): boolean | undefined;
};

/**
 * Lets somebody act on a promotion. Whoever may not read it does not find it; a closed one answers `already_decided`; then
 * separation of duties is asked, then roles, and their noes are kept as denials. An expired one is closed and answered `expired`.
 */
export async function act(deps: ActDeps, verb: Verb): Promise<PromotionState | Refusal> {
  const { principal, id } = verb;
  const actor = actorOf(principal);
  const answer = await runCommand(
    deps,
    { tenant: principal.tenant, id },
    'caller',
    async ({ state }, now, environments) => {
      const fallen = await verb.stands?.(state, now);
      if (fallen !== undefined) return fallen;
      if (!may(principal, 'read', state.target_environment)) return unknown(id);
      if (isClosed(state) && state.status !== verb.done) return decided(state, verb.type);
      const denial = (await verb.before?.(state)) ?? unauthorized(verb, state);
      if (denial !== undefined) return denial;
      if (isClosed(state)) return undefined;
      const command = await verb.prepare(state, now, environments);
      if ('refused' in command) return command;
      const change = step(state, command, { now, actor });
      if (change === undefined || isRefusal(change)) return change;
      const writes = [...(verb.writes?.(change) ?? []), ...(verb.also ?? [])];
      return { ...change, writes, outside: verb.outside?.() };
    },
    verb.beside,
  );
  if (isRefusal(answer)) {
    await keepDenial(deps, verb, answer);
    return answer;
  }
  if (answer.status !== 'rejected' || answer.closed_by !== 'expiry') return answer;
  return refuse('expired', `the promotion expired at ${answer.expires_at}`, {
    expires_at: answer.expires_at,
  });
}

/** The answer to whoever names a promotion that is not there, or not theirs to see. */
export function unknown(id: string): Refusal {
  return refuse('not_found', `there is no promotion ${id}`);
}

function unauthorized({ principal, action }: Verb, state: PromotionState): Refusal | undefined {
  const wanted = typeof action === 'string' ? action : action(state);
  return roleMissing(principal, wanted, state.target_environment);
}

async function keepDenial(
  deps: Pick<Deps, 'denials' | 'clock'>,
  { principal, id, type }: Verb,
  { refused }: Refusal,
): Promise<void> {
  if (refused !== 'not_authorized' && refused !== 'separation_of_duties' && refused !== 'governor') return;
  const { tenant } = principal;
  await deps.denials.record({
    tenant,
    at: deps.clock.now(),
    actor: actorOf(principal),
    code: refused,
    action: type,
    promotion_id: id,
  });
}
