import type { InStatus } from '../../domain/promotion/state.ts';
import type { DeployOutcome } from '../../ports/gateway-driver.ts';
import type { EffectDeps } from '../kinds/kind.ts';
import { kindOf } from '../kinds/registry.ts';
import { type CommandDeps, commitOrUnknown } from './run-command.ts';
import { RACE_LOST, untilCommitted } from './until-committed.ts';

/** What is known of an effect, all attempts under its claim considered. `unreached`: none of them left this side. */
export type Effect =
  | Exclude<DeployOutcome, { readonly outcome: 'unsent' }>
  | (Omit<Unsent, 'outcome'> & { readonly outcome: 'unreached' });

type Unsent = Extract<DeployOutcome, { readonly outcome: 'unsent' }>;

/**
 * Asks for the effect of an execution. The claim itself counts the first attempt; every other is counted before it is made. One of
 * which nothing left, or that the next one goes on with, is counted after it: as long as the two counts agree, the target is what it was.
 */
export async function attemptEffect(
  deps: CommandDeps & EffectDeps,
  state: InStatus<'executing'>,
  { first }: { readonly first: boolean },
): Promise<Effect> {
  if (!first) await count(deps, state, 'begun');
  const outcome = await kindOf(state.request).apply(deps, state);
  if (outcome.outcome !== 'unsent' && outcome.outcome !== 'unfinished') return outcome;
  const attempts = await count(deps, state, 'unsent');
  if (outcome.outcome === 'unfinished') return outcome;
  const { message, details } = outcome;
  const none = attempts !== undefined && attempts.begun === attempts.unsent;
  if (none) return { ...outcome, outcome: 'unreached' };
  return { outcome: 'unknown', message, ...(details === undefined ? {} : { details }) };
}

type Attempts = { readonly begun: number; readonly unsent: number };

/**
 * Counts on the pending deployment; `undefined` when that says nothing about its attempts. A commit without an answer may have counted:
 * one begun too many only makes the outcome unknown, one unsent too many would make it known, so that is not tried again.
 */
async function count(
  deps: CommandDeps & EffectDeps,
  { tenant, deployment_id }: InStatus<'executing'>,
  which: keyof Attempts,
): Promise<Attempts | undefined> {
  const counted = await untilCommitted<{ readonly attempts?: Attempts }>(deps, async () => {
    const deployment = await deps.deployments.read(tenant, deployment_id);
    if (deployment?.status !== 'PENDING' || deployment.attempts === undefined) return {};
    const { version } = deployment;
    const attempts = { ...deployment.attempts, [which]: deployment.attempts[which] + 1 };
    const next = { ...deployment, attempts, version: version + 1 };
    const result = await commitOrUnknown(deps, tenant, [
      { write: 'deployment', deployment: next, expected: version },
    ]);
    if (result === 'unknown') return which === 'unsent' ? {} : RACE_LOST;
    return result.committed ? { attempts } : RACE_LOST;
  });
  return counted.attempts;
}
