import type { Rule } from '../../domain/catalog/rule.ts';
import type { Actor } from '../../domain/identity/principal.ts';
import { slotText } from '../../domain/promotion/head.ts';
import type { Execution, PromotionType } from '../../domain/promotion/manifest.ts';
import type { AgentAsked, PromotionRequest } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { readFacts, watching } from '../engine/facts.ts';
import { begin, type Change } from '../engine/run-command.ts';
import type { KindDeps, Planned } from '../kinds/kind.ts';

/** Between which environments, by name or alias. */
type Hop = { readonly target_environment: string; readonly source_environment?: string };

/** What somebody asks for. */
export type NewRequest = PromotionRequest & Hop;
export type AgentRequest = AgentAsked & Hop;

export type Asked = {
  readonly id: string;
  readonly tenant: string;
  readonly actor: Actor;
  readonly also_requested_by?: readonly Actor[];
  readonly request: NewRequest;
  readonly type?: PromotionType;
  readonly execution?: Execution;
  readonly rule?: Rule;
  readonly supersedes?: string;
};

/** A promotion that is planned, sealed and judged, and not yet written. */
export type Requested = Change & { readonly planned: Planned };

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
  const read = await readFacts(deps, {
    tenant,
    type,
    request,
    target_environment,
    ...(source_environment === undefined ? {} : { source_environment }),
    now,
  });
  if (isRefusal(read)) return read;
  const { planned, facts } = read;
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
      ...(rule === undefined ? {} : { rule_id: rule.id }),
      ...(supersedes === undefined ? {} : { supersedes }),
      ...(others.length === 0 ? {} : { also_requested_by: others }),
      facts,
    },
    { now, actor },
  );
  return isRefusal(change) ? change : { ...change, planned, writes: watching(read, id) };
}
