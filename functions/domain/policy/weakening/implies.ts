import type { Condition, ConditionFacts } from '../../conditions/condition.ts';
import { evaluate } from '../../conditions/evaluate.ts';
import { canonicalJson, type Json } from '../../jcs.ts';

type Leaf = Extract<Condition, { readonly field: string }>;

/**
 * Whether whatever meets `stricter` also meets `looser`, as far as their shape proves it: `false` also where it is not known. A leaf is
 * compared with a leaf of the same field; `all` needs every part, `any` needs one; a negation is only known to follow from itself.
 */
export function implies(stricter: Condition, looser: Condition): boolean {
  return prover()(stricter, looser);
}

/** Each pair of parts is looked at once, so the work is the product of the sizes. */
function prover(): (a: Condition, b: Condition) => boolean {
  const known = new Map<Condition, Map<Condition, boolean>>();
  const proves = (a: Condition, b: Condition): boolean => {
    const answers = known.get(a) ?? new Map<Condition, boolean>();
    known.set(a, answers);
    const answer = answers.get(b) ?? follows(a, b, proves);
    answers.set(b, answer);
    return answer;
  };
  return proves;
}

function follows(a: Condition, b: Condition, proves: (a: Condition, b: Condition) => boolean): boolean {
  if (canonicalJson(a) === canonicalJson(b)) return true;
  if ('all' in b) return b.all.length > 0 && b.all.every((part) => proves(a, part));
  if ('any' in a) return a.any.every((part) => proves(part, b));
  if ('all' in a && a.all.some((part) => proves(part, b))) return true;
  if ('any' in b) return b.any.some((part) => proves(a, part));
  return 'field' in a && 'field' in b && a.field === b.field && leafFollows(a, b);
}

function leafFollows(a: Leaf, b: Leaf): boolean {
  if (b.op === 'exists') return b.value === true && a.op !== 'exists';
  if (a.op === 'eq') return typeof a.value !== 'object' && holds(a.value, b);
  if (a.op === 'in' && Array.isArray(a.value)) {
    return a.value.every((one) => typeof one !== 'object' && holds(one, b));
  }
  const [low, other] = [a.value, b.value];
  if (typeof low !== 'number' || typeof other !== 'number') return false;
  switch (a.op) {
    case 'lt':
      return (b.op === 'lt' || b.op === 'lte') && low <= other;
    case 'lte':
      return (b.op === 'lte' && low <= other) || (b.op === 'lt' && low < other);
    case 'gt':
      return (b.op === 'gt' || b.op === 'gte') && low >= other;
    case 'gte':
      return (b.op === 'gte' && low >= other) || (b.op === 'gt' && low > other);
    default:
      return false;
  }
}

/** Whether one plain value meets a leaf. */
function holds(value: Json, leaf: Leaf): boolean {
  return evaluate(leaf, nested(leaf.field, value)).met;
}

/** Facts that hold one value at a dotted path. */
function nested(path: string, value: Json): ConditionFacts {
  const names = path.split('.');
  const last = names.pop() ?? '';
  return names.reduceRight<ConditionFacts>((inner, name) => ({ [name]: inner }), { [last]: value });
}
