import type { Actor } from '../../domain/identity/principal.ts';
import type { RuleApplied } from '../../domain/policy/rule-applied.ts';
import { slotText } from '../../domain/promotion/head.ts';
import type { Execution } from '../../domain/promotion/manifest.ts';
import type { AgentAsked } from '../../domain/promotion/state.ts';
import { type Stop, stopsOf } from '../../domain/promotion/stops.ts';
import type { PromotionType } from '../../domain/promotion-type.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { type Ruled, readFacts, watching } from '../engine/facts.ts';
import { begin, type Change } from '../engine/run-command.ts';
import type { KindDeps, NewRequest, Planned } from '../kinds/kind.ts';

/** Between which environments, by name or alias. */
type Hop = { readonly target_environment: string; readonly source_environment?: string };

/** What somebody asks for. */
export type AgentRequest = AgentAsked & Hop;

export type Asked = {
  readonly id: string;
  readonly tenant: string;
  readonly actor: Actor;
  readonly also_requested_by?: readonly Actor[];
  readonly request: NewRequest;
  readonly type?: PromotionType;
  readonly execution?: Execution;
  readonly rule?: RuleApplied;
  readonly supersedes?: string;
};

/** A promotion that is planned, sealed and judged, and not yet written. */
export type Requested = Change & {
  readonly planned: Planned;
  readonly ruled: Ruled;
  /** What would keep it from executing now. */
  readonly stops: readonly Stop[];
};

/** Plans, seals and judges a request on facts read now. Refuses what the kind refuses to plan. */
export async function judgeRequest(deps: KindDeps, asked: Asked, now: string): Promise<Requested | Refusal> {
  const {
    id,
    tenant,
    actor,
    execution,
    rule,
    supersedes,
    also_requested_by = [],
    type = 'promotion',
  } = asked;
  const others = also_requested_by.filter(({ subject }) => subject !== actor.subject);
  const { target_environment, source_environment, ...request } = asked.request;
  const asking = { tenant, type, request, target_environment, now };
  const read = await readFacts(
    deps,
    source_environment === undefined ? asking : { ...asking, source_environment },
  );
  if (isRefusal(read)) return read;
  const { planned, ruled, facts } = read;
  const change = begin(
    {
      type: 'request',
      id,
      tenant,
      promotion_type: type,
      subject: planned.subject,
      source_environment: planned.source_environment,
      target_environment: planned.target.name,
      target_slot: slotText(planned.slot),
      request,
      ...(execution === undefined ? {} : { execution }),
      ...(rule === undefined ? {} : { rule_id: rule.id, rule }),
      ...(supersedes === undefined ? {} : { supersedes }),
      ...(others.length === 0 ? {} : { also_requested_by: others }),
      facts,
    },
    { now, actor },
  );
  if (isRefusal(change)) return change;
  return { ...change, planned, ruled, stops: stopsOf(change.state, facts), writes: watching(read, id) };
}
