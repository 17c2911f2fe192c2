import type { ApprovalPolicy } from '../../domain/catalog/approval-policy.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import type { Rule } from '../../domain/catalog/rule.ts';
import type { Evidence } from '../../domain/gates/evidence.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import { addDuration } from '../../domain/instant.ts';
import { mergeRequirements } from '../../domain/policy/merge.ts';
import type { Requirements } from '../../domain/policy/requirements.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { type Admission, admissionOf, type Hindsight, inHindsight } from '../../domain/promotion/what-if.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import { authorize } from '../access/authorize.ts';
import type { Deps } from '../deps.ts';
import { evidenceOf } from '../promotions/replay-decision.ts';

export type WhatIfDeps = Pick<Deps, 'catalog' | 'clock' | 'denials' | 'evidence' | 'promotions'>;

/** All that requirements are merged from. */
export type Governing = {
  readonly environments: readonly Environment[];
  readonly rules: readonly Rule[];
  readonly policies: readonly ApprovalPolicy[];
};

/** A promotion that executed and would not have, or of which that cannot be told. */
export type Changed = Hindsight & { readonly promotion: PromotionState; readonly executed_at: string };

export type WhatIf = {
  readonly as_of: string;
  readonly since: string;
  /** Of this page: promotions that executed and were judged again, and those that what governs now refuses already. */
  readonly replayed: number;
  readonly already_refused: number;
  readonly changed: Page<Changed>;
};

/** How far back promotions are judged again. */
const SINCE = 'P90D';
/** Only what has begun to execute was admitted. */
const ADMITTED = ['executing', 'completed', 'failed', 'rolled_back'] as const;

/**
 * Judges the promotions of the last 90 days again, newest first and page by page, as if something else governed: only what the change
 * itself refuses is answered. Writes nothing. Refuses `not_authorized` and what `change` refuses.
 */
export async function whatIf(
  deps: WhatIfDeps,
  input: {
    readonly principal: Principal;
    readonly page: PageRequest;
    readonly target_environment?: string;
    readonly change: (now: Governing) => Governing | Refusal;
  },
): Promise<WhatIf | Refusal> {
  const { principal, page, target_environment } = input;
  const { tenant } = principal;
  const refusal = await authorize(deps, principal, 'read');
  if (refusal !== undefined) return refusal;
  const [environments, rules, policies] = await Promise.all([
    deps.catalog.all(tenant, 'environment'),
    deps.catalog.all(tenant, 'rule'),
    deps.catalog.all(tenant, 'policy'),
  ]);
  const active = { environments, rules, policies };
  const proposed = input.change(active);
  if (isRefusal(proposed)) return proposed;
  const as_of = deps.clock.now();
  const since = addDuration(as_of, `-${SINCE}`);
  const within = { statuses: ADMITTED, requested_from: since };
  const listed = await deps.promotions.list(
    tenant,
    target_environment === undefined ? within : { ...within, target_environment },
    page,
  );
  const readable = listed.items.filter((one) => may(principal, 'read', one.target_environment));
  const judged = await inTurns(readable, (one) => judgeBoth(deps, one, active, proposed));
  const replayed = judged.filter((one) => one !== undefined);
  const items = replayed.filter(
    (one) => one.active.outcome === 'admitted' && one.proposed.outcome !== 'admitted',
  );
  const next = listed.next === undefined ? {} : { next: listed.next };
  return {
    as_of,
    since,
    replayed: replayed.length,
    already_refused: replayed.filter((one) => one.active.outcome !== 'admitted').length,
    changed: {
      items: items.map(({ promotion, executed_at, proposed: found }) => ({
        promotion,
        executed_at,
        ...found,
      })),
      ...next,
    },
  };
}

/** Promotions that are judged at once: each reads its events, and its reports gate by gate. */
const AT_ONCE = 8;

async function inTurns<T, R>(all: readonly T[], act: (one: T) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = [];
  for (let at = 0; at < all.length; at += AT_ONCE) {
    done.push(...(await Promise.all(all.slice(at, at + AT_ONCE).map(act))));
  }
  return done;
}

type Judged = {
  readonly promotion: PromotionState;
  readonly executed_at: string;
  readonly active: Hindsight;
  readonly proposed: Hindsight;
};

async function judgeBoth(
  deps: Pick<Deps, 'promotions' | 'evidence'>,
  promotion: PromotionState,
  active: Governing,
  proposed: Governing,
): Promise<Judged | undefined> {
  const admission = admissionOf(await deps.promotions.events(promotion.tenant, promotion.id));
  const [ours, theirs] = [requirementsOf(promotion, active), requirementsOf(promotion, proposed)];
  if (admission === undefined || ours === undefined || theirs === undefined) return undefined;
  const evidence = await evidenceThen(deps, promotion, admission, [...ours.gates, ...theirs.gates]);
  return {
    promotion,
    executed_at: admission.decision.as_of,
    active: inHindsight(admission, promotion, ours, evidence),
    proposed: inHindsight(admission, promotion, theirs, evidence),
  };
}

/** `undefined` where the environment is gone: nothing governs promotions to it. */
function requirementsOf(
  { type, subject, source_environment, target_environment }: PromotionState,
  { environments, rules, policies }: Governing,
): Requirements | undefined {
  const environment = environments.find(({ name }) => name === target_environment);
  if (environment === undefined) return undefined;
  const source = type === 'rollback' ? {} : { source: source_environment };
  return mergeRequirements({ environment, rules, policies, kind: subject.kind, type, ...source });
}

/** The reports that the decision names, and those that other gates could have had then. */
async function evidenceThen(
  deps: Pick<Deps, 'evidence'>,
  { tenant, id }: PromotionState,
  admission: Admission,
  gates: Requirements['gates'],
): Promise<readonly Evidence[]> {
  const { decision, seal } = admission;
  const known = new Set(decision.gates.map(({ name }) => name));
  const others = [...new Set(gates.map(({ name }) => name))].filter((name) => !known.has(name));
  const [named, beside] = await Promise.all([
    evidenceOf(deps, { tenant, id }, admission),
    others.length === 0 ? [] : deps.evidence.about(tenant, seal.manifest.source.digest, others),
  ]);
  return [...named, ...beside.filter(({ received_at }) => received_at <= decision.as_of)];
}
