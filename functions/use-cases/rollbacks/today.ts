import type { GateResult } from '../../domain/gates/gate.ts';
import { SYSTEM } from '../../domain/identity/principal.ts';
import { judgeAnew } from '../../domain/promotion/assess.ts';
import type { FormerRevision } from '../../domain/promotion/rollback-impact.ts';
import type { Revision } from '../../domain/subject.ts';
import type { Deps } from '../deps.ts';
import { readEvidence, requirementsOf } from '../engine/facts.ts';
import { named } from '../kinds/gone-back-to.ts';
import type { KindDeps } from '../kinds/kind.ts';
import type { Requested } from '../promotions/request.ts';

/** Executions that are looked at to say how long the next one takes. */
const MEASURED = 20;

/** What the environment's gates would say now of the content, were it promoted there and not gone back to. */
export async function gatesOfToday(
  deps: Pick<KindDeps, 'evidence'> & Pick<Deps, 'clock'>,
  { state, planned, ruled }: Requested,
): Promise<readonly GateResult[]> {
  const type = 'promotion';
  const requirements = requirementsOf(planned, ruled, type);
  const { evidence } = await readEvidence(deps, state.tenant, planned, requirements, type);
  const { plan, conditions } = planned;
  const facts = { plan, requirements, evidence, conditions };
  const context = { now: deps.clock.now(), actor: SYSTEM };
  return judgeAnew({ ...state, type }, [], facts, context).decision.gates;
}

/** Seconds that the newest executions in a slot took. */
export async function durationsOf(
  { promotions }: Pick<Deps, 'promotions'>,
  tenant: string,
  revisions: readonly Revision[],
): Promise<readonly number[]> {
  const ids = new Set(revisions.flatMap(({ cause }) => (cause.by === 'execute' ? [cause.promotion_id] : [])));
  const stored = await Promise.all([...ids].slice(0, MEASURED).map((id) => promotions.read(tenant, id)));
  return stored.flatMap((one) => {
    const state = one?.state;
    if (state?.status !== 'completed' && state?.status !== 'rolled_back') return [];
    return [(Date.parse(state.completed_at) - Date.parse(state.started_at)) / 1000];
  });
}

/** What the slot can go back to, with the labels of what ran there. */
export async function formerRevisions(
  { deployments }: Pick<Deps, 'deployments'>,
  tenant: string,
  revisions: readonly Revision[],
): Promise<readonly FormerRevision[]> {
  const former = named(revisions.map((revision) => ({ revision })));
  return await Promise.all(
    former.map(async ({ revision: { number, deployment_id, at } }) => {
      const ran = deployment_id === undefined ? undefined : await deployments.read(tenant, deployment_id);
      return { number, version: ran?.version_label ?? null, at };
    }),
  );
}
