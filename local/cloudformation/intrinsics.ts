import { isRecord } from '../json.ts';

/** What an intrinsic function may ask of its surroundings. */
export interface Lookup {
  ref(name: string): unknown;
  attribute(logicalId: string, name: string): unknown;
  condition(name: string): boolean;
  mapping(name: string, first: string, second: string): unknown;
  importValue(name: string): unknown;
}

/** Stands for `{"Ref": "AWS::NoValue"}`: whatever holds it is left out. */
const noValue = Symbol('AWS::NoValue');

/**
 * The value with every CloudFormation intrinsic function replaced by its result.
 * Throws on a function it does not know, so that nothing half-resolved reaches a service.
 */
export function resolveValue(value: unknown, lookup: Lookup): unknown {
  const resolved = resolve(value, lookup);
  return resolved === noValue ? undefined : resolved;
}

function resolve(value: unknown, lookup: Lookup): unknown {
  if (Array.isArray(value))
    return value.map((item) => resolve(item, lookup)).filter((item) => item !== noValue);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (only !== undefined && entries.length === 1 && isIntrinsic(only[0]))
    return call(only[0], only[1], lookup);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, resolve(item, lookup)]).filter(([, item]) => item !== noValue),
  );
}

/** `Condition` is also an ordinary key (of IAM statements), and is an intrinsic only inside a condition. */
function isIntrinsic(key: string): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}

function call(name: string, argument: unknown, lookup: Lookup): unknown {
  switch (name) {
    case 'Ref':
      return argument === 'AWS::NoValue' ? noValue : lookup.ref(text(argument));
    case 'Fn::GetAtt':
      return getAttribute(argument, lookup);
    case 'Fn::Join': {
      const [separator, items] = list(argument);
      return list(resolve(items, lookup)).map(text).join(text(separator));
    }
    case 'Fn::Sub':
      return substitute(argument, lookup);
    case 'Fn::Select': {
      const [index, items] = list(argument);
      return list(resolve(items, lookup))[Number(resolve(index, lookup))];
    }
    case 'Fn::Split': {
      const [separator, source] = list(argument);
      return text(resolve(source, lookup)).split(text(separator));
    }
    case 'Fn::If': {
      const [condition, yes, no] = list(argument);
      return resolve(lookup.condition(text(condition)) ? yes : no, lookup);
    }
    case 'Fn::FindInMap': {
      const [map, first, second] = list(resolve(argument, lookup)).map(text);
      return lookup.mapping(map ?? '', first ?? '', second ?? '');
    }
    case 'Fn::ImportValue':
      return lookup.importValue(text(resolve(argument, lookup)));
    case 'Fn::Base64':
      return Buffer.from(text(resolve(argument, lookup))).toString('base64');
    default:
      throw new Error(`The local runtime does not know the CloudFormation function ${name}.`);
  }
}

function getAttribute(argument: unknown, lookup: Lookup): unknown {
  if (typeof argument === 'string') {
    const dot = argument.indexOf('.');
    return lookup.attribute(argument.slice(0, dot), argument.slice(dot + 1));
  }
  const [logicalId, name] = list(argument);
  return lookup.attribute(text(logicalId), text(resolve(name, lookup)));
}

function substitute(argument: unknown, lookup: Lookup): string {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  const own = isRecord(variables) ? variables : {};
  return text(template).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal === '!') return `\${${name}}`;
    if (name in own) return text(resolve(own[name], lookup));
    return text(name.includes('.') ? getAttribute(name, lookup) : lookup.ref(name));
  });
}

/** A template condition: `Fn::Equals`, `Fn::Not`, `Fn::And`, `Fn::Or` over resolved values. */
export function evaluateCondition(value: unknown, lookup: Lookup): boolean {
  if (!isRecord(value)) throw new Error('A condition must be an object.');
  const [name, argument] = Object.entries(value)[0] ?? ['', undefined];
  switch (name) {
    case 'Condition':
      return lookup.condition(text(argument));
    case 'Fn::Equals': {
      const [left, right] = list(resolve(argument, lookup));
      return left === right;
    }
    case 'Fn::Not':
      return !evaluateCondition(list(argument)[0], lookup);
    case 'Fn::And':
      return list(argument).every((item) => evaluateCondition(item, lookup));
    case 'Fn::Or':
      return list(argument).some((item) => evaluateCondition(item, lookup));
    default:
      throw new Error(`The local runtime does not know the condition ${name}.`);
  }
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`Expected a list, found ${JSON.stringify(value)}.`);
  return value;
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`Expected text, found ${JSON.stringify(value)}.`);
}
