import { describe, expect, it } from 'vitest';
import { openApi } from '../../functions/contract/openapi.ts';

type Part = { readonly [name: string]: unknown };

const isPart = (value: unknown): value is Part => typeof value === 'object' && value !== null;
const partOf = (value: unknown): Part => (isPart(value) ? value : {});
const schemas = partOf(partOf(openApi()['components'])['schemas']);

/** Members without a description in a schema of the document and in all that it refers to, by their paths. */
function wordless(schema: unknown, at: string, seen: ReadonlySet<string>): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap((one) => wordless(one, at, seen));
  if (!isPart(schema)) return [];
  const { $ref, properties, ...others } = schema;
  const name = typeof $ref === 'string' ? $ref.slice('#/components/schemas/'.length) : undefined;
  if (name !== undefined) return seen.has(name) ? [] : wordless(schemas[name], at, new Set([...seen, name]));
  const within = ['anyOf', 'oneOf', 'allOf', 'items'].flatMap((keyword) =>
    wordless(others[keyword], at, seen),
  );
  const own = Object.entries(partOf(properties)).flatMap(([member, one]) => {
    const path = `${at}.${member}`;
    return [...(isDescribed(one) ? [] : [path]), ...wordless(one, path, seen)];
  });
  return [...own, ...within];
}

function isDescribed(schema: unknown): boolean {
  const { description, $ref, anyOf } = partOf(schema);
  if (typeof description === 'string') return description.length > 5;
  if (typeof $ref === 'string') return isDescribed(schemas[$ref.slice('#/components/schemas/'.length)]);
  return Array.isArray(anyOf) && anyOf.some(isDescribed);
}

const NOUNS = [
  ...['Gateway', 'Registry', 'Consumer', 'Freeze', 'Rule', 'ApprovalPolicy', 'Environment'],
  ...['NotificationChannel', 'Member', 'Principal', 'FlagKey'],
];

describe.each(NOUNS)('every member of a %s', (noun) => {
  const bodies = Object.keys(schemas).filter(
    (name) => /^(Create|Update|Patch)/.test(name) && name.endsWith(`${noun}Body`),
  );
  const shown = noun === 'FlagKey' ? 'GetFlagKeyAnswer' : noun;

  it('has a description, wherever it is said or shown', () => {
    expect(bodies.length).toBeGreaterThan(0);
    expect([...bodies, shown].flatMap((name) => wordless(schemas[name], name, new Set()))).toEqual([]);
  });
});
