import { isRecord } from '../json.ts';

/**
 * True when an event matches an EventBridge pattern: every field of the pattern must match; a list matches when one of
 * its elements does; of an event's list one element is enough. Throws on an operator that is not known here.
 */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  if (!isRecord(pattern)) throw new Error('An event pattern must be an object.');
  return Object.entries(pattern).every(([name, wanted]) => {
    if (name === '$or') {
      return Array.isArray(wanted) && wanted.some((alternative) => matchesPattern(alternative, event));
    }
    const actual = isRecord(event) && Object.hasOwn(event, name) ? event[name] : undefined;
    if (Array.isArray(wanted)) return wanted.some((matcher) => matchesAny(matcher, actual));
    if (Array.isArray(actual)) return actual.some((item) => isRecord(item) && matchesPattern(wanted, item));
    return matchesPattern(wanted, actual);
  });
}

function matchesAny(matcher: unknown, actual: unknown): boolean {
  if (isRecord(matcher) && 'exists' in matcher) return matcher['exists'] === (actual !== undefined);
  if (actual === undefined) return false;
  const values: readonly unknown[] = Array.isArray(actual) ? actual : [actual];
  return values.some((value) => matchesOne(matcher, value));
}

function matchesOne(matcher: unknown, value: unknown): boolean {
  if (!isRecord(matcher)) return matcher === value;
  const [operator, operand] = Object.entries(matcher)[0] ?? [];
  switch (operator) {
    case 'prefix':
      return compareText(operand, value, (text, part) => text.startsWith(part));
    case 'suffix':
      return compareText(operand, value, (text, part) => text.endsWith(part));
    case 'equals-ignore-case':
      return typeof value === 'string' && value.toLowerCase() === String(operand).toLowerCase();
    case 'wildcard':
      return typeof value === 'string' && wildcard(String(operand)).test(value);
    case 'anything-but':
      if (isRecord(operand)) return !matchesOne(operand, value);
      return !(Array.isArray(operand) ? operand : [operand]).includes(value);
    case 'numeric':
      return typeof value === 'number' && Array.isArray(operand) && numeric(operand, value);
    default:
      throw new Error(`The local bus does not know the pattern operator ${operator}.`);
  }
}

function compareText(
  operand: unknown,
  value: unknown,
  test: (text: string, part: string) => boolean,
): boolean {
  if (typeof value !== 'string') return false;
  if (isRecord(operand))
    return test(value.toLowerCase(), String(operand['equals-ignore-case']).toLowerCase());
  if (Array.isArray(operand)) return operand.some((part) => test(value, String(part)));
  return test(value, String(operand));
}

function wildcard(pattern: string): RegExp {
  const literal = (part: string) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`, 's');
}

function numeric(comparisons: readonly unknown[], value: number): boolean {
  for (let index = 0; index < comparisons.length; index += 2) {
    const bound = Number(comparisons[index + 1]);
    const holds = {
      '=': value === bound,
      '<': value < bound,
      '<=': value <= bound,
      '>': value > bound,
      '>=': value >= bound,
    };
    const operator = String(comparisons[index]);
    if (!Object.entries(holds).some(([name, result]) => name === operator && result)) return false;
  }
  return true;
}
