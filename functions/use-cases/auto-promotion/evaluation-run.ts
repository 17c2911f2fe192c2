import { isCounted } from '../../domain/deployment/counted.ts';
import type { Deployment } from '../../domain/deployment/deployment.ts';
import { digestOfBytes } from '../../domain/digest.ts';
import type { DeploymentRef } from '../../ports/deployment-store.ts';
import type { Evaluations } from '../../ports/evaluations.ts';
import { slotOf } from '../deployments/go-live.ts';
import type { Deps } from '../deps.ts';
import { type Governing, readGoverning } from './governing.ts';
import { mayBePromoted } from './judge.ts';
import { nextEvaluation } from './next-evaluation.ts';
import { type AutoPromoteDeps, type Outcome, promoteByRules } from './promote.ts';

export type EvaluateDeps = AutoPromoteDeps &
  Pick<Deps, 'directory' | 'cursors'> & { readonly evaluations: Evaluations };

type PassOver = (tenant: string, error: unknown, deployment?: string) => void;

/** One run's evaluations: each deployment once, by what governed its tenant when the run first asked. */
export function evaluationRun(deps: EvaluateDeps, passOver: PassOver) {
  const outcomes: Outcome[] = [];
  const evaluated = new Map<string, Decided | undefined>();
  const subjects = new Set<string>();
  const read = new Map<string, Governing>();

  const governing = async (tenant: string): Promise<Governing> => {
    const found = read.get(tenant) ?? (await readGoverning(deps, tenant));
    read.set(tenant, found);
    return found;
  };

  const evaluate = async (tenant: string, id: string): Promise<Decided | undefined> => {
    const now = deps.clock.now();
    const deployment = await deps.deployments.read(tenant, id);
    if (deployment === undefined) return undefined;
    const { rules } = await governing(tenant);
    const found = await promoteByRules(deps, { tenant, deployment, rules });
    outcomes.push(...found);
    const decided = { deployment, at: nextEvaluation(deployment, { rules, outcomes: found, now }) };
    if (decided.at !== undefined) await settle(tenant, decided);
    return decided;
  };

  /** Of what is not counted, its count will ask again. */
  const settle = async (tenant: string, { deployment, at }: Decided): Promise<void> => {
    if (isCounted(deployment)) await deps.evaluations.decide(tenant, deployment, at);
  };

  const live = async ({ tenant, id }: DeploymentRef): Promise<Decided | undefined> => {
    const key = `${tenant} ${id}`;
    if (evaluated.has(key)) return evaluated.get(key);
    evaluated.set(key, undefined);
    try {
      const decided = await evaluate(tenant, id);
      evaluated.set(key, decided);
      return decided;
    } catch (error) {
      passOver(tenant, error, id);
      return undefined;
    }
  };

  /** What else of the agent is live: what came to one place may be what stood in the way of another. */
  const others = async (tenant: string, { id, subject }: Deployment): Promise<void> => {
    const key = `${tenant} ${subject.name}`;
    if (subjects.has(key)) return;
    subjects.add(key);
    const { sources } = await governing(tenant);
    const heads = sources.length === 0 ? [] : await deps.heads.ofSubject(tenant, subject);
    for (const { slot, deployment_id: other } of heads) {
      const asked = other !== undefined && other !== id && sources.includes(slot.environment);
      if (asked) await live({ tenant, id: other });
    }
  };

  return {
    outcomes,
    deployments: () => evaluated.size,
    governing,
    live,

    /** Evaluates a listed deployment with what concerns it, and takes it from the list or moves it on. */
    async listed({ tenant, id }: DeploymentRef): Promise<void> {
      try {
        const deployment = await deps.deployments.read(tenant, id);
        if (deployment === undefined || !mayBePromoted(deployment)) return;
        await others(tenant, deployment);
        const asked = (await governing(tenant)).sources.includes(deployment.environment);
        const head = asked ? await deps.heads.read(tenant, slotOf(deployment)) : undefined;
        if (head?.deployment_id !== id) return await settle(tenant, { deployment, at: undefined });
        const decided = await live({ tenant, id });
        if (decided !== undefined && decided.at === undefined) await settle(tenant, decided);
      } catch (error) {
        evaluated.set(`${tenant} ${id}`, undefined);
        passOver(tenant, error, id);
      }
    },

    evaluatedBy: (tenant: string) => deps.cursors.read(evaluatedBy(tenant)),
    done: (tenant: string, governed_by: string) => deps.cursors.write(evaluatedBy(tenant), governed_by),
  };
}

/** A deployment as it was evaluated, and when that is due again. */
type Decided = { readonly deployment: Deployment; readonly at: string | undefined };

/** The cursor that says by which rules all that is live in a tenant was evaluated. */
const evaluatedBy = (tenant: string) =>
  `evaluated-by.${digestOfBytes(tenant).slice('sha256:'.length, 'sha256:'.length + 32)}`;
