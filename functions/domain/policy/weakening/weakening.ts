import type { ApprovalPolicy } from '../../catalog/approval-policy.ts';
import type { Environment } from '../../catalog/environment.ts';
import { sourceBefore } from '../../catalog/pipeline.ts';
import type { Rule } from '../../catalog/rule.ts';
import type { PromotionType } from '../../promotion-type.ts';
import type { Kind } from '../../subject.ts';
import { KINDS } from '../../subject.ts';
import { mergeRequirements } from '../merge.ts';
import type { Requirements } from '../requirements.ts';
import type { Class } from './classes.ts';
import { type Weaker, weakerRequirements } from './requirements.ts';

/** What governs the hops of a tenant. */
export type Governing = {
  readonly environments: readonly Environment[];
  readonly rules: readonly Rule[];
  readonly policies: readonly ApprovalPolicy[];
};

/** One thing by which promotions of some kinds into an environment may now do what was refused: `required_approvers`, `gate:tests`. */
export type Weakening = {
  readonly environment: string;
  readonly what: string;
  readonly kinds: readonly Kind[];
  /** Its class; absent: it weakens. */
  readonly is?: Exclude<Class, 'weakens'>;
  /** Both ends, in words, where requirements were compared. */
  readonly from?: string;
  readonly to?: string;
  /** Absent: for promotions and rollbacks. */
  readonly type?: PromotionType;
};

/**
 * What a change of environments, rules and policies allows that was refused before, found by comparing the merged requirements of every
 * hop, kind and type. An environment that is new or gone has no hop to compare; one that is promoted into from elsewhere now is weaker.
 * `machines` are the groups that a machine is in.
 */
export function weakenedHops(
  before: Governing,
  after: Governing,
  machines: readonly string[],
): readonly Weakening[] {
  return after.environments.flatMap((target) => {
    const stood = before.environments.find(({ name }) => name === target.name);
    if (stood === undefined) return [];
    const found = new Map<string, Found>();
    const note = (kind: Kind, type: PromotionType, weaker: Weaker) => {
      const key = JSON.stringify([type, weaker]);
      const { kinds = [] } = found.get(key) ?? {};
      found.set(key, { ...weaker, type, kinds: [...kinds, kind] });
    };
    const [from, to] = [before, after].map(
      ({ environments }) => sourceBefore(environments, target.name)?.name,
    );
    for (const kind of KINDS) {
      if (to !== undefined && to !== from) {
        const ends = { what: 'source_environment', from: from ?? 'none', to };
        for (const type of TYPES) note(kind, type, ends);
      }
      for (const type of TYPES) {
        const then = requirementsAt(before, stood, kind, type);
        const now = requirementsAt(after, target, kind, type);
        for (const weaker of weakerRequirements(then, now, { type, machines })) note(kind, type, weaker);
      }
    }
    return folded([...found.values()]).map((one) => ({ environment: target.name, ...one }));
  });
}

type Found = Weaker & { readonly type: PromotionType; readonly kinds: readonly Kind[] };

/** What is weaker alike for promotions and rollbacks is said once, for both. */
function folded(found: readonly Found[]): readonly Omit<Weakening, 'environment'>[] {
  const said = ({ type: _, ...one }: Found) => JSON.stringify(one);
  return found
    .filter((one, at) => found.findIndex((other) => said(other) === said(one)) === at)
    .map(({ type, ...one }) => {
      const alike = found.filter((other) => said(other) === said({ type, ...one })).length === TYPES.length;
      return alike ? one : { ...one, type };
    });
}

/** The groups that anything asks for in an environment, whatever is promoted. */
export function namedGroups(governing: Governing, environment: Environment): ReadonlySet<string> {
  const asked = KINDS.flatMap((kind) =>
    TYPES.map((type) => requirementsAt(governing, environment, kind, type)),
  );
  return new Set(asked.flatMap(({ groups }) => groups.map(({ group }) => group)));
}

/** The types that requirements are merged for. */
export const TYPES = ['promotion', 'rollback'] as const satisfies readonly PromotionType[];

function requirementsAt(
  { environments, rules, policies }: Governing,
  environment: Environment,
  kind: Kind,
  type: (typeof TYPES)[number],
): Requirements {
  const source = type === 'rollback' ? undefined : sourceBefore(environments, environment.name)?.name;
  const hop = source === undefined ? {} : { source };
  return mergeRequirements({ environment, rules, policies, kind, type, ...hop });
}
