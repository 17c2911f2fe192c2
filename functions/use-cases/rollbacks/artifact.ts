import {
  type ArtifactRollbackImpact,
  judgeArtifactRollback,
  refuseArtifactRisk,
} from '../../domain/artifact/rollback-impact.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import { type Actor, actorOf, type Principal } from '../../domain/identity/principal.ts';
import type { Execution } from '../../domain/promotion/manifest.ts';
import type { ArtifactAsked, PromotionState } from '../../domain/promotion/state.ts';
import type { Stop } from '../../domain/promotion/stops.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Slot } from '../../domain/subject.ts';
import type { StoredAnswer } from '../../ports/transaction.ts';
import { authorize } from '../access/authorize.ts';
import { authorizeIn } from '../access/authorize-in.ts';
import { isSynced, pastOf } from '../artifacts/past.ts';
import type { Deps } from '../deps.ts';
import type { CreateDeps } from '../promotions/create.ts';
import { factsOfArtifactRollback } from './artifact-facts.ts';
import { requestJudged } from './judged.ts';

export type RollBackArtifactInput = {
  readonly principal: Principal;
  readonly also_requested_by?: readonly Actor[];
  readonly artifact: string;
  /** Name or alias. */
  readonly environment: string;
  /** Semver, with or without `v`; absent: the version before the active one. */
  readonly version?: string;
  readonly reason?: string;
  /** Absent: as the promotion was that made the active version so. */
  readonly sync_registries?: boolean;
  /** Needed where the impact is RISKY. */
  readonly acknowledge_risk?: boolean;
  readonly execution?: Execution;
  readonly dry_run?: boolean;
  /** What to keep for a repeated request, written in the same commit. */
  readonly answer?: (begun: BegunRollback) => StoredAnswer;
};

export type BegunRollback = { readonly state: PromotionState; readonly impact: ArtifactRollbackImpact };

export type RollBackPromotionInput = Omit<RollBackArtifactInput, 'artifact' | 'environment' | 'version'> & {
  readonly id: string;
  /** `restore`: to what was active before it, whatever came since. `revert`: only while nothing came since. */
  readonly mode: 'restore' | 'revert';
};

/** `state` is absent where a rollback that is only tried would be refused. */
export type RolledBackArtifact = {
  readonly impact: ArtifactRollbackImpact;
  readonly state?: PromotionState;
  readonly created: boolean;
  readonly stops: readonly Stop[];
};

/**
 * Requests that an environment goes back to a version that it had: a promotion of its own, with the approvals that the environment asks
 * for, and its impact judged on the plan that is written. Refuses `not_authorized`, `unknown_environment`, `source_not_deployed` naming
 * the versions that the environment had, `nothing_to_promote`, `locked`, and `risk_not_acknowledged`. Only tried (`dry_run`), it answers
 * the impact whatever it is.
 */
export async function rollBackArtifact(
  deps: CreateDeps,
  input: RollBackArtifactInput,
): Promise<RolledBackArtifact | Refusal> {
  const {
    principal,
    dry_run = false,
    acknowledge_risk = false,
    answer,
    execution,
    also_requested_by,
  } = input;
  const { tenant } = principal;
  const denied = await allowed(deps, input);
  if (denied !== undefined) return denied;
  const asked = await requestOf(deps, input);
  if ('refused' in asked) return refusedOr(asked, input);
  const { request, environment } = asked;
  const rolled = await requestJudged(
    deps,
    {
      actor: actorOf(principal),
      tenant,
      request: { ...request, source_environment: environment, target_environment: environment },
      dry_run,
      ...(execution === undefined ? {} : { execution }),
      ...(also_requested_by === undefined ? {} : { also_requested_by }),
    },
    {
      judge: async (planned) =>
        judgeArtifactRollback(await factsOfArtifactRollback(deps, tenant, request, planned)),
      risk: (impact) => refuseArtifactRisk(impact, acknowledge_risk),
      answer,
    },
  );
  return isRefusal(rolled) && rolled.refused !== 'risk_not_acknowledged' ? refusedOr(rolled, input) : rolled;
}

async function allowed(
  deps: CreateDeps,
  { principal, environment }: RollBackArtifactInput,
): Promise<Refusal | undefined> {
  const unread = await authorize(deps, principal, 'read');
  return unread ?? (await authorizeIn(deps, principal, 'roll_back', environment));
}

/** What cannot be taken back is BLOCKED to whoever only tries, and refused to whoever means it. */
function refusedOr(
  refusal: Refusal,
  { dry_run = false, version = '' }: RollBackArtifactInput,
): RolledBackArtifact | Refusal {
  if (!dry_run || refusal.refused === 'not_found') return refusal;
  const nothing = { consumers: [], gates: [], undone: [], edits: 0, durations: [] };
  const impact = judgeArtifactRollback({ refusal, to: version.replace(/^v/, ''), ...nothing });
  return { impact, created: false, stops: [] };
}

/** The request that goes back to the newest revision of a version; of the active version's own there is nothing to go back from. */
async function requestOf(
  deps: Pick<Deps, 'catalog' | 'heads' | 'deployments' | 'versions'>,
  input: RollBackArtifactInput,
): Promise<{ readonly request: ArtifactAsked; readonly environment: string } | Refusal> {
  const { artifact, reason } = input;
  const { tenant } = input.principal;
  const environment = findEnvironment(await deps.catalog.all(tenant, 'environment'), input.environment)?.name;
  if (environment === undefined) {
    return refuse('unknown_environment', `there is no environment ${input.environment}`, {
      field: 'environment',
    });
  }
  const slot: Slot = { subject: { kind: 'artifact', name: artifact }, environment };
  const head = await deps.heads.read(tenant, slot);
  if (head === undefined || head.digest === null) {
    return refuse('not_found', `no version of ${artifact} is active in ${environment}`);
  }
  const past = await pastOf(deps, tenant, slot);
  const wanted = input.version?.replace(/^v/, '');
  const active = past[0]?.version;
  if (wanted !== undefined && wanted === active) {
    return refuse('nothing_to_promote', `${input.version} of ${artifact} is active in ${environment}`);
  }
  const found = past.find(({ version, revision }) =>
    wanted === undefined ? revision.digest !== head.digest : version === wanted,
  );
  if (found === undefined || found.revision.digest === null) {
    const available = [...new Set(past.map(({ label }) => label))].slice(1);
    const had = available.length === 0 ? 'it had no other version' : `it had ${available.join(', ')}`;
    return refuse(
      'source_not_deployed',
      `${environment} never had ${input.version ?? 'a version before'}: ${had}`,
      {
        field: 'version',
        available,
      },
    );
  }
  return {
    environment,
    request: {
      kind: 'artifact',
      artifact,
      version: found.version,
      sync_registries: input.sync_registries ?? (await isSynced(deps, tenant, head)),
      ...(reason === undefined ? {} : { notes: reason }),
      rollback: { to: found.revision.digest, revision: found.revision.number },
    },
  };
}
