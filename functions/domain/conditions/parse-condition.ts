import type { Json } from '../jcs.ts';
import { repeatedMember } from '../json-text.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { unreachable } from '../unreachable.ts';
import { type Condition, OPERATORS, type Operator } from './condition.ts';
import { MAX_DEPTH } from './evaluate.ts';

const MAX_LENGTH = 10_000;
const MAX_LEAVES = 100;
const MAX_VALUES = 100;
const MAX_TEXT = 1_000;
const FIELD = /^[A-Za-z_][A-Za-z0-9_-]{0,63}(?:\.[A-Za-z0-9_-]{1,64}){0,7}$/;

/**
 * A condition from an object, or from the same as a JSON text. Refuses (`invalid_request`, with `field` naming the place) unknown
 * keys, unknown operators, values an operator cannot use, empty lists, and more than 10 levels, 100 leaves or 10,000 characters:
 * what could never be met, or would surprise, is refused when it is written.
 */
export function parseCondition(input: unknown): Condition | Refusal {
  const parser = new Parser();
  try {
    return parser.condition(typeof input === 'string' ? parser.text(input) : input, 'conditions', 1);
  } catch (problem) {
    if (problem instanceof Unacceptable) {
      return refuse('invalid_request', `${problem.place} ${problem.message}`, { field: problem.place });
    }
    throw problem;
  }
}

/** Leaves the recursion early; never leaves this file. */
class Unacceptable extends Error {
  readonly place: string;
  constructor(place: string, message: string) {
    super(message);
    this.place = place;
  }
}

class Parser {
  #leaves = 0;

  text(text: string): unknown {
    if (text.length > MAX_LENGTH) throw new Unacceptable('conditions', `is over ${MAX_LENGTH} characters`);
    const value = jsonIn(text);
    const repeated = repeatedMember(text);
    if (repeated === undefined) return value;
    throw new Unacceptable('conditions', `repeats the member ${repeated.slice(0, 64)}`);
  }

  condition(input: unknown, place: string, depth: number): Condition {
    if (depth > MAX_DEPTH) throw new Unacceptable(place, `is more than ${MAX_DEPTH} levels deep`);
    if (typeof input !== 'object' || input === null || Array.isArray(input)) {
      throw new Unacceptable(place, 'must be an object');
    }
    const members = new Map<string, unknown>(Object.entries(input));
    if (members.has('all')) return { all: this.#list(members, 'all', place, depth) };
    if (members.has('any')) return { any: this.#list(members, 'any', place, depth) };
    if (members.has('not')) {
      onlyKeys(members, ['not'], place);
      return { not: this.condition(members.get('not'), `${place}.not`, depth + 1) };
    }
    return this.#leaf(members, place);
  }

  #list(
    members: Map<string, unknown>,
    key: 'all' | 'any',
    place: string,
    depth: number,
  ): readonly Condition[] {
    onlyKeys(members, [key], place);
    const items = members.get(key);
    if (!Array.isArray(items) || items.length === 0) {
      throw new Unacceptable(`${place}.${key}`, 'must be a list of at least one condition');
    }
    return items.map((item, index) => this.condition(item, `${place}.${key}[${index}]`, depth + 1));
  }

  #leaf(members: Map<string, unknown>, place: string): Condition {
    this.#leaves += 1;
    if (this.#leaves > MAX_LEAVES) throw new Unacceptable(place, `is one leaf more than ${MAX_LEAVES}`);
    onlyKeys(members, ['field', 'op', 'value'], place);
    const field = members.get('field');
    if (typeof field !== 'string' || !FIELD.test(field)) {
      throw new Unacceptable(`${place}.field`, 'must be a dotted path such as tests.pass_rate');
    }
    const op = members.get('op');
    if (!isOperator(op)) throw new Unacceptable(`${place}.op`, `must be one of ${OPERATORS.join(' ')}`);
    const value = members.get('value') ?? (op === 'exists' && !members.has('value') ? true : undefined);
    return { field, op, value: valueFor(op, members.get('value') === null ? null : value, `${place}.value`) };
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unacceptable('conditions', 'is not JSON');
  }
}

function valueFor(op: Operator, value: unknown, place: string): Json {
  switch (op) {
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      if (typeof value === 'number' && isScalar(value)) return value;
      throw new Unacceptable(place, 'must be a number');
    case 'exists':
      if (typeof value === 'boolean') return value;
      throw new Unacceptable(place, 'must be true or false');
    case 'in':
    case 'not_in':
      if (Array.isArray(value) && value.length > 0 && value.length <= MAX_VALUES && value.every(isScalar)) {
        return value;
      }
      throw new Unacceptable(place, `must be a list of 1 to ${MAX_VALUES} plain values`);
    case 'eq':
    case 'ne':
    case 'contains':
      if (isScalar(value)) return value;
      throw new Unacceptable(place, 'must be a text, a number, true, false or null');
    default:
      return unreachable(op);
  }
}

/** Bounds as in canonical JSON: what could not be digested is not accepted. */
function isScalar(value: unknown): value is string | number | boolean | null {
  if (value === null || typeof value === 'boolean') return true;
  if (typeof value === 'number') {
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  }
  return typeof value === 'string' && value.length <= MAX_TEXT && value.isWellFormed();
}

function onlyKeys(members: Map<string, unknown>, keys: readonly string[], place: string): void {
  for (const key of members.keys()) {
    if (!keys.includes(key)) throw new Unacceptable(place, `has the unknown key ${key.slice(0, 64)}`);
  }
}

function isOperator(op: unknown): op is Operator {
  return OPERATORS.some((known) => known === op);
}
