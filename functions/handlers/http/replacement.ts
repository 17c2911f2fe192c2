import type { Resource } from '../../contract/resource.ts';
import { withoutNulls } from '../../contract/shape.ts';
import { canonicalJson } from '../../domain/jcs.ts';
import { mergePatch } from '../../domain/merge-patch.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { badFields, parsed } from './issues.ts';

type Members = { readonly [name: string]: unknown };

/** What of a noun decides how it is replaced. */
export type Replaceable<B> = Pick<
  Resource<B>,
  'said' | 'readonly' | 'observed' | 'demanded' | 'fixed' | 'reasons'
>;

/** What a caller says of an item, and why they say it. */
export type Said<B> = { readonly fields: B; readonly reason?: string };

/** What creates an item. Refuses `invalid_request`. */
export function created<B>(noun: Replaceable<B>, body: unknown): Said<B> | Refusal {
  const split = splitReason(noun, body);
  if ('refused' in split) return split;
  const fields = parsed(noun.said, withoutNulls(noun.said, split.members));
  return 'refused' in fields ? fields : { fields: fields.value, ...split.why };
}

/**
 * What an item becomes by `PUT`: the body alone, but that what it repeats of the item's read-only members must be so. Refuses
 * `invalid_request`, also for a member that is absent and whose default would weaken, and `immutable`.
 */
export function replaced<B>(noun: Replaceable<B>, members: Members, shown: object): B | Refusal {
  const said = withoutNulls(noun.said, members);
  const given: Members = isMembers(said) ? said : {};
  const absent = (noun.demanded ?? []).filter((name) => !Object.hasOwn(given, name));
  if (absent.length > 0) {
    const problem = 'is required in PUT, which replaces everything: use PATCH to change only a part';
    return badFields(absent.map((field) => ({ field, problem })));
  }
  const present = new Map(Object.entries(shown));
  for (const name of noun.readonly) {
    if (!Object.hasOwn(members, name) || isEqual(members[name], present.get(name))) continue;
    return refuse('immutable', `${name} cannot be changed: leave it out, or repeat its value`, {
      field: name,
    });
  }
  const fixed = noun.fixed ?? [];
  const repeated = [...noun.readonly, ...(noun.observed ?? [])];
  const own = Object.entries(given).filter(([name]) => !repeated.includes(name));
  const kept = fixed.flatMap((name) => (present.has(name) ? [[name, present.get(name)] as const] : []));
  const fields = parsed(noun.said, Object.fromEntries([...own, ...kept]));
  return 'refused' in fields ? fields : fields.value;
}

/** What an item becomes by `PATCH`: the item as it is shown, with the body merged into it (RFC 7396). Refuses as `replaced`. */
export function patched<B>(noun: Replaceable<B>, patch: Members, shown: object): B | Refusal {
  const merged = mergePatch(shown, patch);
  return replaced(noun, isMembers(merged) ? merged : {}, shown);
}

/**
 * Takes what is said beside an item out of a body; a reason that is a member of the item itself is said by naming it. Refuses
 * `invalid_request` for a body that is no object.
 */
export function splitReason<B>(
  { reasons }: Replaceable<B>,
  body: unknown,
): { readonly members: Members; readonly why: { readonly reason?: string } } | Refusal {
  if (!isMembers(body)) return badFields([{ field: 'body', problem: 'must be an object' }]);
  const { reason, ...others } = body;
  const members = reasons ? body : others;
  if (reason === undefined || reason === null) return { members, why: {} };
  if (typeof reason === 'string' && reason !== '' && reason.length <= LONGEST)
    return { members, why: { reason } };
  return badFields([{ field: 'reason', problem: `must be a text of 1 to ${LONGEST} characters` }]);
}

/** As long as every text. */
const LONGEST = 4000;

const isEqual = (a: unknown, b: unknown): boolean =>
  canonicalJson([a ?? null]) === canonicalJson([b ?? null]);

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
