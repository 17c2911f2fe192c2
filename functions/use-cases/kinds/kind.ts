import type { SeparationOfDuties } from '../../domain/catalog/approval-policy.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import type { ConditionFacts } from '../../domain/conditions/condition.ts';
import type { Deployment } from '../../domain/deployment/deployment.ts';
import type { Actor } from '../../domain/identity/principal.ts';
import type { SeparationFacts } from '../../domain/promotion/commands.ts';
import type { Change, Plan } from '../../domain/promotion/manifest.ts';
import type {
  ConfigAsked,
  InStatus,
  PromotionRequest,
  PromotionState,
} from '../../domain/promotion/state.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Head, Received, Slot, Subject } from '../../domain/subject.ts';
import type { DeployOutcome } from '../../ports/gateway-driver.ts';
import type { Deps } from '../deps.ts';

export type KindDeps = Pick<
  Deps,
  'deployments' | 'catalog' | 'evidence' | 'heads' | 'promotions' | 'nodes' | 'chunkingKeys' | 'versions'
>;
/** What the effect itself needs: only functions with the right to call out have it. */
export type EffectDeps = KindDeps &
  Pick<Deps, 'driver' | 'registries' | 'uploads' | 'clock' | 'random' | 'sleep'>;

/** What is to be planned. Environments are names or aliases; `environments` is the tenant's pipeline, read first. */
export type PlanInput = {
  readonly tenant: string;
  readonly request: PromotionRequest;
  readonly target_environment: string;
  readonly source_environment?: string;
  readonly environments: readonly Environment[];
  /** The plan that was sealed: its source is pinned, and so is what it changes as long as the target allows. Absent: plan anew. */
  readonly sealed?: Plan;
  readonly now: string;
};

/** What of a promotion says whom it comes from. */
export type Asking = Pick<PromotionState, 'request' | 'source_environment' | 'seal'>;

/** What a kind found out, all of it fresh. */
export type Planned = {
  readonly subject: Subject;
  readonly source_environment: string;
  readonly target: Environment;
  readonly slot: Slot;
  /** Names the target in the one uniqueness record of a subject, digest and type; in the grammar of ids. */
  readonly place: string;
  readonly plan: Plan;
  /** The head of the slot, with version 0 when it was never written. */
  readonly head: Head;
  readonly conditions: ConditionFacts;
  /** Whether executing has an effect outside the table, so that the head must be claimed before it. */
  readonly outside: boolean;
  readonly undoes?: Undone;
  /** What the target will have received in whole; `null` when that is not known, absent when that stays as it is. */
  readonly received?: Received | null;
};

/** Completed promotions that this one takes back, the one it is about among them, and how many edits with them. */
export type Undone = { readonly promotions: readonly InStatus<'completed'>[]; readonly edits: number };

/** What executing would do, before anybody does it. */
export type Impact = {
  readonly environment: string;
  readonly changes: readonly Change[];
  /** The deployment that is live in the slot now and would be replaced. */
  readonly replaces: Deployment | undefined;
  /** Somebody changed the slot since this promotion was planned. */
  readonly target_moved: boolean;
  /** The promotion that holds the slot now, if one does. */
  readonly held_by: string | undefined;
};

/** What is asked for, and of which environments; names or aliases. */
export type NewRequest = PromotionRequest & {
  readonly target_environment: string;
  readonly source_environment?: string;
};

/** Another selection of what a config promotion takes. */
export type Reselection = Pick<ConfigAsked, 'selects' | 'config_ids' | 'flag_ids' | 'key_patterns' | 'prune'>;

/** What is taken back, or whose slot goes back: a promotion that ran. */
export type TakenBack = Pick<PromotionState, 'id' | 'tenant' | 'request' | 'target_environment'> & {
  readonly deployment_id?: string;
};

/**
 * How it goes back: `restore` to a revision of the slot, by its number or else to the one before the promotion; `revert` only the promotion.
 * `notes` go into the record. `sync_registries` of an artifact; absent: to the registries that the promotion went to.
 */
export type TakingBack = {
  readonly mode: 'restore' | 'revert';
  readonly to_revision?: number;
  readonly notes?: string;
  readonly sync_registries?: boolean;
};

/** A kind of promotion, all that the engine knows of it. Whatever differs between kinds is behind this interface. */
export interface PromotionKind {
  /** Plans from fresh reads. Refuses what cannot be promoted (so) at all. */
  plan(deps: KindDeps, input: PlanInput): Promise<Planned | Refusal>;
  /** The environment that a request takes from; `undefined` where there is none, which planning refuses. */
  sourceOf(
    deps: Pick<Deps, 'catalog' | 'deployments'>,
    tenant: string,
    request: NewRequest,
  ): Promise<string | undefined>;
  /** Begins to read what only this kind is planned on, as far as the request itself says where that lies; nobody waits for it. */
  readAhead?(deps: KindDeps, tenant: string, request: NewRequest): void;
  /** What somebody is told who may not read that environment; absent: that they may not. */
  unseen?(request: PromotionRequest): Refusal;
  /** The same request with another selection; absent, or `undefined`: there is none to change. */
  reselected?(request: PromotionRequest, selection: Reselection): PromotionRequest | undefined;
  /** Who stands behind the source, as far as the asked relations go; reads nothing that nobody asked for. */
  people(deps: KindDeps, tenant: string, asking: Asking, asked: SeparationOfDuties): Promise<SeparationFacts>;
  /** Whether executing this promotion has an effect outside the table. */
  outside(deps: KindDeps, state: PromotionState): Promise<boolean>;
  /** The slot that a request to an environment (its name) changes. */
  slot(asked: Pick<PromotionState, 'request' | 'target_environment'>): Slot;
  /** The PENDING record of an execution that has just started; none where its revision says it all. */
  record(state: InStatus<'executing'>, actor: Actor): Deployment | undefined;
  /** The effect outside the table. Sending it again under the same deployment id is one effect. */
  apply(deps: EffectDeps, state: InStatus<'executing'>): Promise<DeployOutcome>;
  impact(deps: KindDeps, state: PromotionState): Promise<Impact>;
  /** What is asked for where a promotion is taken back. Refuses what left nothing to go back to, naming the revisions that there are. */
  back(deps: KindDeps, taken: TakenBack, asked: TakingBack, now: string): Promise<PromotionRequest | Refusal>;
  /** Where a rollback has an effect outside the table: the completed promotions that its completion takes back. */
  undoes?(deps: KindDeps, state: PromotionState): Promise<readonly InStatus<'completed'>[]>;
}
