import fc from 'fast-check';
import * as z from 'zod/mini';

/** Values that mean something to what is drawn: names of the default pipeline, an alias, groups, durations, gates, amounts. */
const VALUES: readonly unknown[] = [
  ...[true, false, 0, 1, 2, 3, 4, { field: 'passed', op: 'eq', value: true }],
  ...['staging', 'production', 'prod', 'security', 'bots', 'P1D', 'P7D', 'tests', 'soak', 'a.*'],
  ...['https://judge.acme.com/', `sha256:${'0'.repeat(64)}`],
];

/** Values of a schema of the contract, so that a member that is added is drawn too; `undefined` where none of ours fits it. */
export function arbitraryOf(schema: z.ZodMiniType): fc.Arbitrary<unknown> | undefined {
  if (schema instanceof z.ZodMiniDefault || schema instanceof z.ZodMiniExactOptional)
    return within(schema._zod.def.innerType);
  if (schema instanceof z.ZodMiniObject) return objects(schema.shape);
  if (schema instanceof z.ZodMiniArray) {
    const element = within(schema._zod.def.element);
    return element && fc.array(element, { maxLength: 2 });
  }
  if (schema instanceof z.ZodMiniUnion) {
    const options = schema._zod.def.options.map(within).filter((option) => option !== undefined);
    return options.length === 0 ? undefined : fc.oneof(...options);
  }
  if (schema instanceof z.ZodMiniEnum) return fc.constantFrom(...schema.options);
  const fit = VALUES.filter((value) => z.safeParse(schema, value).success);
  return fit.length === 0 ? undefined : fc.constantFrom(...fit);
}

/** Objects with the members that can be drawn; the others may be left out, or there are none. */
function objects(shape: { readonly [member: string]: unknown }): fc.Arbitrary<unknown> | undefined {
  const drawn = Object.entries(shape).map(([name, member]) => [name, within(member)] as const);
  const required = drawn.filter(
    ([name]) => !z.safeParse(z.object({ [name]: mini(shape[name]) }), {}).success,
  );
  if (required.some(([, values]) => values === undefined)) return undefined;
  const there = drawn.flatMap(([name, values]) => (values === undefined ? [] : [[name, values] as const]));
  return fc.record(Object.fromEntries(there), { requiredKeys: required.map(([name]) => name) });
}

const within = (schema: unknown): fc.Arbitrary<unknown> | undefined => arbitraryOf(mini(schema));

function mini(schema: unknown): z.ZodMiniType {
  if (schema instanceof z.ZodMiniType) return schema;
  throw new Error('no schema');
}
