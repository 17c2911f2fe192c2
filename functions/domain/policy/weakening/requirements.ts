import { OF_A_ROLLBACK } from '../../gates/judge-gate.ts';
import { durationMilliseconds } from '../../instant.ts';
import type { PromotionType } from '../../promotion-type.ts';
import type { Requirements } from '../requirements.ts';
import { weakerGates } from './gates.ts';

/**
 * What of some requirements allows something that others refused, by name; empty where nothing is allowed now that was not. `machines` are
 * the groups that a machine is in: only in a named group does a machine approve.
 */
export function weakerRequirements(
  before: Requirements,
  after: Requirements,
  { type, machines }: { readonly type: PromotionType; readonly machines: readonly string[] },
): readonly string[] {
  const fewer = before.groups.some(({ group, min }) => minOf(after, group) < min);
  const newly = after.groups.some(({ group }) => machines.includes(group) && minOf(before, group) === 0);
  const { separation_of_duties: duties } = after;
  const relaxed = RELATIONS.some((relation) => before.separation_of_duties[relation] && !duties[relation]);
  const judged = ({ gates }: Requirements) =>
    gates.filter(({ name }) => type === 'promotion' || OF_A_ROLLBACK.includes(name));
  return [
    ...(after.required_approvers < before.required_approvers ? ['required_approvers'] : []),
    ...(fewer ? ['groups'] : []),
    ...(newly ? ['machine_approvals'] : []),
    ...(relaxed ? ['separation_of_duties'] : []),
    ...(isLonger(after.expires_after, before.expires_after) ? ['expires_after'] : []),
    ...(before.require_comment && !after.require_comment ? ['require_comment'] : []),
    ...(after.link_only === true && before.link_only !== true ? ['link_only'] : []),
    ...(before.protected && !after.protected ? ['protected'] : []),
    ...weakerGates(judged(before), judged(after)).map((name) => `gate:${name}`),
  ];
}

const RELATIONS = ['requester', 'author', 'previous_promoter', 'evidence_producer'] as const;

function minOf({ groups }: Requirements, name: string): number {
  return groups.find(({ group }) => group === name)?.min ?? 0;
}

function isLonger(after: string, before: string): boolean {
  const length = (text: string) => durationMilliseconds(text) ?? Number.POSITIVE_INFINITY;
  return length(after) > length(before);
}
