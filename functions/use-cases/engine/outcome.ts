import type { Deployment } from '../../domain/deployment/deployment.ts';
import { Fault } from '../../domain/faults.ts';
import type { Actor } from '../../domain/identity/principal.ts';
import type { Context } from '../../domain/promotion/commands.ts';
import { release, swap } from '../../domain/promotion/head.ts';
import type { Failure, InStatus, PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Head } from '../../domain/subject.ts';
import type { Worded } from '../../ports/gateway-driver.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import type { Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';
import { kindOf } from '../kinds/registry.ts';
import { ended } from './ended.ts';
import type { By } from './intent.ts';
import { type CommandDeps, runCommand, step } from './run-command.ts';
import { holdAfter, takenBack } from './taken-back.ts';
import { RACE_LOST } from './until-committed.ts';
import { writeHead } from './write-head.ts';

type Reads = Pick<Deps, 'heads' | 'deployments' | 'promotions'>;

/** The effect is there: head swapped and freed, revision, deployment, state, in one commit. Answers a promotion that is past it as it is. */
export function completeExecution(
  deps: CommandDeps,
  ref: PromotionRef,
  { actor, by, details }: { readonly actor: Actor; readonly by: By } & Detailed,
): Promise<PromotionState | Refusal> {
  return runCommand(deps, ref, by, async ({ state }, now) => {
    if (state.status !== 'executing') return undefined;
    const [alive, undone] = await Promise.all([
      goLive(deps, state, { actor, details }, now),
      undoneBy(deps, state, { now, actor }),
    ]);
    if (alive === RACE_LOST || undone === RACE_LOST) return RACE_LOST;
    const change = step(state, { type: 'complete', revision: alive.revision }, { now, actor });
    if (change === undefined || isRefusal(change)) return change;
    return { ...change, writes: [...alive.writes, ...undone] };
  });
}

async function undoneBy(deps: CommandDeps, state: PromotionState, context: Context) {
  const [undoes = [], hold] = await Promise.all([
    kindOf(state.request).undoes?.(deps, state),
    holdAfter(deps, state),
  ]);
  const undone = await takenBack(deps, state, undoes, context);
  return undone === RACE_LOST ? RACE_LOST : [...undone, ...hold];
}

/**
 * The effect is not there, or nobody knows. `unknown` keeps the claim and the PENDING deployment until a late report settles
 * them; otherwise the head is free again and the deployment FAILED.
 */
export function failExecution(
  deps: CommandDeps,
  ref: PromotionRef,
  {
    actor,
    by,
    failure,
    details,
  }: { readonly actor: Actor; readonly by: By; readonly failure: Failure } & Detailed,
): Promise<PromotionState | Refusal> {
  return runCommand(deps, ref, by, async ({ state }, now) => {
    if (state.status !== 'executing') return undefined;
    const change = step(state, { type: 'fail', ...failure }, { now, actor });
    if (change === undefined || isRefusal(change)) return change;
    if (failure.target_state === 'unknown') return change;
    const writes = await takeBack(deps, state, { message: failure.message, details }, now);
    return writes === RACE_LOST ? RACE_LOST : { ...change, writes };
  });
}

/** What the deployment's record keeps of an effect. */
type Detailed = { readonly details?: Deployment['details'] | undefined };

/** No attempt left anything: nothing was done outside, and a retry may be. */
export function unreached({
  message: technical,
  code,
  says,
}: Worded & { readonly message: string }): Failure {
  const message = says ?? 'The gateway was not reached: the target is unchanged.';
  return { code: code ?? 'gateway_unreached', message, technical, target_state: 'unchanged' };
}

/** The target said no, for good. */
export function turnedDown({
  message: technical,
  code,
  says,
}: Worded & { readonly message: string }): Failure {
  const message = says ?? 'The gateway refused the deployment.';
  return { code: code ?? 'gateway_refused', message, technical, target_state: 'unchanged' };
}

type Claiming = InStatus<'executing'> | (InStatus<'failed'> & { readonly deployment_id: string });

/** What makes the claimed deployment the active one of its slot. */
export async function goLive(
  deps: Reads,
  state: Claiming,
  { actor, details }: { readonly actor: Actor } & Detailed,
  now: string,
): Promise<{ readonly writes: readonly Write[]; readonly revision: number } | typeof RACE_LOST> {
  const held = await claimedBy(deps, state);
  if (held === undefined) return RACE_LOST;
  const { head } = held;
  const deployment = { ...held.deployment, details: { ...held.deployment.details, ...details } };
  const swapped = swap(head, {
    digest: deployment.digest,
    cause: { by: 'execute', promotion_id: state.id },
    actor,
    deployment_id: deployment.id,
    version_label: deployment.version_label,
    now,
  });
  return {
    revision: swapped.revision.number,
    writes: [
      ...(await ended(deps, state, head, now)),
      writeHead(head, swapped.head),
      { write: 'revision', revision: swapped.revision },
      { write: 'deployment', deployment: live(deployment, now), expected: deployment.version },
    ],
  };
}

/** What frees the claimed head, with the slot as it was, and tells those who wait for it. */
export async function takeBack(
  deps: Reads,
  state: Claiming,
  { message, details }: { readonly message: string } & Detailed,
  now: string,
): Promise<readonly Write[] | typeof RACE_LOST> {
  const held = await claimedBy(deps, state);
  if (held === undefined) return RACE_LOST;
  const { head, deployment } = held;
  const failed: Deployment = {
    ...deployment,
    status: 'FAILED',
    completed_at: now,
    failure: message,
    details: { ...deployment.details, ...details },
    version: deployment.version + 1,
  };
  return [
    writeHead(head, release(head, now)),
    { write: 'deployment', deployment: failed, expected: deployment.version },
    { write: 'opened', environment: head.slot.environment },
  ];
}

/** A deployment as it is once it serves. */
export function live(deployment: Deployment, now: string): Deployment {
  const version = deployment.version + 1;
  return { ...deployment, status: 'DEPLOYED', completed_at: now, live_at: now, version };
}

/**
 * The head and the record that an execution claimed; `undefined` when somebody settled it since the promotion was read. Nobody
 * else may move them, so anything but that is corrupt.
 */
async function claimedBy(
  deps: Reads,
  state: Claiming,
): Promise<{ readonly head: Head; readonly deployment: Deployment } | undefined> {
  const { tenant, id, deployment_id } = state;
  const [head, deployment] = await Promise.all([
    deps.heads.read(tenant, kindOf(state.request).slot(state)),
    deps.deployments.read(tenant, deployment_id),
  ]);
  if (head?.claim?.promotion === id && deployment?.status === 'PENDING') return { head, deployment };
  const again = await deps.promotions.read(tenant, id);
  const late = state.status === 'failed' && deployment?.status !== 'PENDING';
  if (late || again?.state.seq !== state.seq) return undefined;
  throw new Fault('Corrupt', `${id} does not hold the head and the pending deployment that it claimed`);
}
