import type { Deployment, DeploymentStatus } from '../../domain/deployment/deployment.ts';
import type { Actor } from '../../domain/identity/principal.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { type CommandDeps, runCommand, step } from '../engine/run-command.ts';

export type ReverseInput = {
  readonly tenant: string;
  readonly deployment: Deployment & { readonly promotion_id: string };
  /** Who reports: the gateway's own machine. */
  readonly actor: Actor;
  readonly to: DeploymentStatus;
  readonly message?: string;
};

/**
 * Takes a gateway's word that what a promotion had deployed no longer serves: the deployment's status, the promotion's note and
 * the hold on automatic promotion in one commit. The head stays: rollback moves it. The same word again changes nothing.
 * Refuses `invalid_transition` where the deployment is not DEPLOYED.
 */
export async function reverseOutcome(
  deps: CommandDeps,
  { tenant, deployment: { id, promotion_id }, actor, to, message }: ReverseInput,
): Promise<PromotionState | Refusal> {
  const outcome = to === 'FAILED' ? 'failed' : 'rolled_back';
  return await runCommand(deps, { tenant, id: promotion_id }, 'caller', async ({ state }, now) => {
    const deployment = await deps.deployments.read(tenant, id);
    if (deployment === undefined || deployment.status === to) return undefined;
    if (deployment.status !== 'DEPLOYED') {
      return refuse('invalid_transition', `a ${deployment.status} deployment cannot become ${to}`, {
        from: deployment.status,
        to,
      });
    }
    const said = message === undefined ? {} : { message };
    const change = step(state, { type: 'reverse_outcome', outcome, ...said }, { now, actor });
    if (change === undefined || isRefusal(change)) return change;
    const details = message === undefined ? {} : { details: { ...deployment.details, notes: message } };
    const next = {
      ...deployment,
      ...details,
      status: to,
      ended_at: now,
      reported_by: actor,
      version: deployment.version + 1,
    };
    return {
      ...change,
      writes: [
        { write: 'deployment', deployment: next, expected: deployment.version },
        { write: 'hold', subject: deployment.subject, target: deployment.environment, held: true },
      ],
    };
  });
}
