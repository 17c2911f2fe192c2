import { digest } from '../../digest.ts';
import type { GateSetting } from '../../gates/gate.ts';
import { OF_A_ROLLBACK } from '../../gates/judge-gate.ts';
import { durationMilliseconds } from '../../instant.ts';
import type { PromotionType } from '../../promotion-type.ts';
import type { Requirements } from '../requirements.ts';
import { weakerGates } from './gates.ts';

/** What is weaker, and both ends of it in words: `required_approvers`, from `5` to `4`. */
export type Weaker = { readonly what: string; readonly from: string; readonly to: string };

/**
 * What of some requirements allows something that others refused, by name; empty where nothing is allowed now that was not. `machines` are
 * the groups that a machine is in: only in a named group does a machine approve.
 */
export function weakerRequirements(
  before: Requirements,
  after: Requirements,
  { type, machines }: { readonly type: PromotionType; readonly machines: readonly string[] },
): readonly Weaker[] {
  const fewer = before.groups.some(({ group, min }) => minOf(after, group) < min);
  const newly = after.groups.some(({ group }) => machines.includes(group) && minOf(before, group) === 0);
  const { separation_of_duties: duties } = after;
  const relaxed = RELATIONS.some((relation) => before.separation_of_duties[relation] && !duties[relation]);
  const judged = ({ gates }: Requirements) =>
    gates.filter(({ name }) => type === 'promotion' || OF_A_ROLLBACK.includes(name));
  const ends = (what: string, of: (requirements: Requirements) => string): Weaker => {
    return { what, from: of(before), to: of(after) };
  };
  const yes = (holds: boolean | undefined) => (holds ? 'yes' : 'no');
  return [
    ...(after.required_approvers < before.required_approvers
      ? [ends('required_approvers', ({ required_approvers }) => `${required_approvers}`)]
      : []),
    ...(fewer ? [ends('groups', quotas)] : []),
    ...(newly ? [ends('machine_approvals', quotas)] : []),
    ...(relaxed ? [ends('separation_of_duties', barred)] : []),
    ...(isLonger(after.expires_after, before.expires_after)
      ? [ends('expires_after', ({ expires_after }) => expires_after)]
      : []),
    ...(before.require_comment && !after.require_comment
      ? [ends('require_comment', ({ require_comment }) => yes(require_comment))]
      : []),
    ...(after.link_only === true && before.link_only !== true
      ? [ends('link_only', ({ link_only }) => yes(link_only))]
      : []),
    ...(before.protected && !after.protected ? [ends('protected', (one) => yes(one.protected))] : []),
    ...weakerGates(judged(before), judged(after)).map((name) =>
      ends(`gate:${name}`, (one) => gatesInWords(judged(one), name)),
    ),
  ];
}

const quotas = ({ groups }: Requirements): string =>
  groups.map(({ group, min }) => `${group} ${min}`).join(', ') || 'none';

const barred = ({ separation_of_duties: duties }: Requirements): string =>
  RELATIONS.filter((relation) => duties[relation]).join(', ') || 'none';

/** The modes of the gates of a name, with a mark that differs between any two settings. */
function gatesInWords(gates: readonly GateSetting[], name: string): string {
  const same = gates.filter((gate) => gate.name === name);
  if (same.length === 0) return 'none';
  return `${same.map(({ mode }) => mode).join(', ')} (${digest('sluice/policy/v1', same).slice(-32)})`;
}

const RELATIONS = ['requester', 'author', 'previous_promoter', 'evidence_producer'] as const;

function minOf({ groups }: Requirements, name: string): number {
  return groups.find(({ group }) => group === name)?.min ?? 0;
}

function isLonger(after: string, before: string): boolean {
  const length = (text: string) => durationMilliseconds(text) ?? Number.POSITIVE_INFINITY;
  return length(after) > length(before);
}
