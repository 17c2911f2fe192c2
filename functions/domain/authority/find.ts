import { canonicalJson } from '../jcs.ts';
import type { Weakening } from '../policy/weakening/weakening.ts';
import type { Kind } from '../subject.ts';
import type { Authority, Finding, Held, Judged, Members, MembersOf, Step, Within, World } from './class.ts';

/** What a change of one item does to what governs promotions, by the table of its noun. */
export function findings<T extends object>(
  noun: string,
  { members, concerns, kinds, merged }: Authority<T>,
  step: Step<T>,
  world: World,
): readonly Weakening[] {
  const own = ofMembers(noun, members, step, world);
  const items = [step.before, step.after].filter((item) => item !== undefined);
  const where = [...new Set(items.flatMap((item) => concerns(item, world)))];
  return [
    ...(merged?.find(step, world) ?? []),
    ...where.flatMap((environment) =>
      own.map(({ is, what, kinds: some = kinds }): Weakening => {
        return { environment, what, kinds: some, ...(is === 'weakens' ? {} : { is }) };
      }),
    ),
  ];
}

/** Members of parts of an item: of its only one, or of many that are told apart by a key. */
export function within<T, P extends object>(
  noun: string,
  members: Members<P>,
  partsOf: (item: T) => ReadonlyMap<string, P>,
): Within<T> {
  return {
    within: members,
    find({ before, after }, world) {
      const [was, is] = [before, after].map((item) =>
        item === undefined ? new Map<string, P>() : partsOf(item),
      );
      const keys = [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])];
      return keys.flatMap((key) =>
        ofMembers(noun, members, { before: was?.get(key), after: is?.get(key) }, world),
      );
    },
  };
}

/** A part that an item has once, or not at all. */
export const only = <P>(part: P | undefined): ReadonlyMap<string, P> =>
  new Map(part === undefined ? [] : [['', part]]);

function ofMembers<T extends object>(
  noun: string,
  members: { readonly [member: string]: Held<T> },
  step: Step<T>,
  world: World,
): readonly Finding[] {
  return Object.entries(members).flatMap(([member, held]): readonly Finding[] => {
    if (typeof held === 'string') return [];
    if ('within' in held) return held.find(step, world);
    return held.flatMap((one): readonly Finding[] => {
      if (one === 'merged' || !(one.holds?.(step, world) ?? differs(member, step))) return [];
      const { is, what = `${noun}_${member}`, kinds } = one;
      return [{ is, what, ...(kinds === undefined ? {} : { kinds }) }];
    });
  });
}

/** Whether what stood has another value, or is gone. */
function differs<T extends object>(member: string, { before, after }: Step<T>): boolean {
  return before !== undefined && (after === undefined || differ(member, { before, after }));
}

/** Whether a member of what stood, and stands, has another value. */
export function differ<T extends object>(member: string, { before, after }: Step<T>): boolean {
  const value = (item: object) => canonicalJson(new Map(Object.entries(item)).get(member) ?? null);
  return both(before, after, (was, is) => value(was) !== value(is));
}

/** Whether something holds of what stood and still stands. */
export function both<T>(
  before: T | undefined,
  after: T | undefined,
  holds: (was: T, is: T) => boolean,
): boolean {
  return before !== undefined && after !== undefined && holds(before, after);
}

/** A member that redirects where it has another value; an item that goes takes nothing elsewhere. */
export const redirects = <T extends object>(
  member: MembersOf<T>,
  when: string,
  kinds?: readonly Kind[],
): Judged<T> => ({
  ...{ is: 'redirects', when, holds: (step) => differ(member, step) },
  ...(kinds === undefined ? {} : { kinds }),
});
