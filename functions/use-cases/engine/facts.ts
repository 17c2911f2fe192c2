import type { ApprovalPolicy } from '../../domain/catalog/approval-policy.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import { findEnvironment, namesOf } from '../../domain/catalog/pipeline.ts';
import type { Rule } from '../../domain/catalog/rule.ts';
import type { Digest } from '../../domain/digest.ts';
import type { Evidence } from '../../domain/gates/evidence.ts';
import type { GateSetting } from '../../domain/gates/gate.ts';
import { judgesEvidence } from '../../domain/gates/judge-gate.ts';
import type { ProviderAnswer } from '../../domain/gates/provider.ts';
import { mergeRequirements } from '../../domain/policy/merge.ts';
import type { Requirements } from '../../domain/policy/requirements.ts';
import type { AssessmentFacts, ExecutionFacts } from '../../domain/promotion/commands.ts';
import { governedSince, type Weakened } from '../../domain/promotion/governor.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { PromotionType } from '../../domain/promotion-type.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';
import { freezeOf } from '../freezes/judge.ts';
import type { KindDeps, PlanInput, Planned } from '../kinds/kind.ts';
import { kindOf } from '../kinds/registry.ts';
import { type PeopleDeps, peopleOf } from './people.ts';

export type Facts<F extends AssessmentFacts = AssessmentFacts> = {
  readonly planned: Planned;
  readonly facts: F;
  /** The rules and policies that name the target. */
  readonly ruled: Ruled;
  readonly guard: GuardSeen;
  /** The last answers of the providers of its gates. */
  readonly answers: readonly ProviderAnswer[];
  /** Set where a gate asks for evidence: what a decision on these facts is conditional on. */
  readonly watch?: Watch;
};

export type Ruled = { readonly rules: readonly Rule[]; readonly policies: readonly ApprovalPolicy[] };

/** The watch list of the source as it was before its evidence was read. */
export type Watch = { readonly subject_digest: Digest; readonly seen: number };

/** The environment as it was before its rules were read: a commit that checks its guard knows that none has changed since. */
export type GuardSeen = Pick<Environment, 'name' | 'guard'>;

/** What else is read once the guard of the target was, beside the rules. */
export type Guarded = (environments: readonly Environment[]) => Promise<void>;

/** Everything an assessment is made of, read now. Refuses what the kind refuses to plan. */
export async function readFacts(
  deps: KindDeps,
  {
    promotion_id,
    environments: already,
    ...request
  }: Omit<PlanInput, 'environments'> & {
    readonly type: PromotionType;
    readonly promotion_id?: string;
    /** Where they were read in this very attempt. */
    readonly environments?: readonly Environment[] | undefined;
  },
  guarded?: Guarded,
): Promise<Facts | Refusal> {
  const { tenant, type } = request;
  // Before all the rest: whatever the guard of the target stands for is read after it.
  const environments = already ?? (await deps.catalog.all(tenant, 'environment'));
  const names = namesOf(findEnvironment(environments, request.target_environment));
  const [{ rules, policies, freezes }, planned] = await Promise.all([
    deps.catalog.governing(tenant, names),
    kindOf(request.request).plan(deps, { ...request, environments }),
    guarded?.(environments),
  ]);
  if (isRefusal(planned)) return planned;
  const { target, head, plan, conditions } = planned;
  const ruled = { rules, policies };
  const requirements = requirementsOf(planned, ruled, type);
  const [{ evidence, watch }, answers] = await Promise.all([
    readEvidence(deps, tenant, planned, requirements, type),
    promotion_id === undefined ? [] : readAnswers(deps, tenant, promotion_id, requirements.gates),
  ]);
  const freeze = freezeOf(freezes, target, request.now);
  const facts: AssessmentFacts = {
    plan,
    requirements,
    evidence: [...evidence, ...answers.map((answer) => answer.evidence)],
    conditions,
    guard: target.guard,
    ...lockOf(target),
    ...(freeze === undefined ? {} : { freeze }),
    ...(head.claim === undefined ? {} : { claim: head.claim }),
  };
  return { planned, facts, ruled, guard: target, answers, ...(watch === undefined ? {} : { watch }) };
}

/** What the environment asks of what was planned. */
export function requirementsOf(
  { target, subject: { kind }, source_environment }: Planned,
  { rules, policies }: Ruled,
  type: PromotionType,
): Requirements {
  return mergeRequirements({
    environment: target,
    rules,
    policies,
    kind,
    type,
    // What is taken back stays where it is: whatever is asked of promotions to there is asked of it.
    ...(type === 'rollback' ? {} : { source: source_environment }),
  });
}

/** The watch list before the reports: whatever is stored in between makes the commit lose, and all is read again. */
export async function readEvidence(
  deps: Pick<KindDeps, 'evidence'>,
  tenant: string,
  { subject: { kind }, plan }: Planned,
  { gates }: Requirements,
  type: PromotionType,
): Promise<{ readonly evidence: readonly Evidence[]; readonly watch?: Watch }> {
  const asked = gates.filter((gate) => judgesEvidence(gate, { kind, type })).map(({ name }) => name);
  if (asked.length === 0) return { evidence: [] };
  const { digest: subject_digest } = plan.source;
  const { version } = await deps.evidence.watchList(tenant, subject_digest);
  const evidence = version === 0 ? [] : await deps.evidence.about(tenant, subject_digest, asked);
  return { evidence, watch: { subject_digest, seen: version } };
}

async function readAnswers(
  deps: Pick<KindDeps, 'evidence'>,
  tenant: string,
  promotion_id: string,
  gates: readonly GateSetting[],
): Promise<readonly ProviderAnswer[]> {
  const asked = gates.filter(({ provider }) => provider !== undefined).map(({ name }) => name);
  return asked.length === 0 ? [] : await deps.evidence.latestAnswers(tenant, promotion_id, asked);
}

/**
 * What a decision on evidence writes beside itself: it commits only on all the evidence there is, and whoever brings more finds the
 * promotion on the watch list. So no report that arrives meanwhile is lost.
 */
export function watching({ watch }: Pick<Facts, 'watch'>, promotion_id: string): readonly Write[] {
  return watch === undefined ? [] : [{ write: 'watch', ...watch, promotion_id }];
}

/**
 * What is written when a lock or a freeze stops a promotion: it hears of the end of it. Lost when something was lifted since the guard
 * was seen, so that nobody waits for what has happened already.
 */
export function waiting(
  { id, target_environment, expires_at }: PromotionState,
  { name, guard }: GuardSeen,
): readonly Write[] {
  return [
    { write: 'check_guard', environment: name, guard },
    { write: 'stopped', environment: target_environment, promotion_id: id, expires_at },
  ];
}

/** Reads what weakened the target of a promotion since it may concern it. */
export function weakenedFor(
  { changes }: Pick<Deps, 'changes'>,
  state: Pick<PromotionState, 'tenant' | 'target_environment' | 'requested_at'>,
): Promise<readonly Weakened[]> {
  return changes.weakened(state.tenant, state.target_environment, governedSince(state));
}

/** The facts of a promotion that exists: its own request on the target as it is now. `refresh` takes the source as it is now too. */
export function readFactsOf(
  deps: KindDeps,
  state: Pick<
    PromotionState,
    'tenant' | 'id' | 'type' | 'request' | 'source_environment' | 'target_environment' | 'seal'
  >,
  now: string,
  refresh = false,
  guarded?: Guarded,
  environments?: readonly Environment[],
): Promise<Facts | Refusal> {
  const { tenant, id: promotion_id, type, request, source_environment, target_environment, seal } = state;
  const asked = {
    ...{ promotion_id, tenant, type, request, source_environment, target_environment, now },
    environments,
  };
  return readFacts(deps, refresh ? asked : { ...asked, sealed: seal.plan }, guarded);
}

/** The facts on which a promotion may execute now: also who stands behind it, and the head it would claim. */
export async function readExecutionFacts(
  deps: PeopleDeps,
  state: PromotionState,
  now: string,
  guarded?: Guarded,
  environments?: readonly Environment[],
): Promise<Facts<ExecutionFacts> | Refusal> {
  const read = await readFactsOf(deps, state, now, false, guarded, environments);
  if (isRefusal(read)) return read;
  const { planned, facts } = read;
  const { digest, version, claim } = planned.head;
  const asked = facts.requirements.separation_of_duties;
  const separation = await peopleOf(deps, state, asked);
  return {
    ...read,
    facts: {
      ...facts,
      separation,
      head: { digest, version, ...(claim === undefined ? {} : { claim }) },
    },
  };
}

/** The lock on an environment; that of everything goes before its own. */
export function lockOf({
  lock,
  tenant_lock,
}: Pick<Environment, 'lock' | 'tenant_lock'>): Pick<AssessmentFacts, 'lock'> {
  if (tenant_lock !== undefined) return { lock: { ...tenant_lock, scope: 'tenant' } };
  return lock === undefined ? {} : { lock: { ...lock, scope: 'environment' } };
}
