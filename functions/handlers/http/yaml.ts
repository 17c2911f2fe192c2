import { CORE_SCHEMA, dump, load } from 'js-yaml';
import type { Json } from '../../domain/jcs.ts';

/** The value of a YAML text, which must be JSON: aliases are refused, as a few of them, nested, are a value of gigabytes. */
export function readYaml(text: string): { readonly value: Json } | { readonly problem: string } {
  let content: unknown;
  try {
    content = load(text, { schema: CORE_SCHEMA }) ?? {};
  } catch (error) {
    return { problem: error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'is not YAML' };
  }
  return isTree(content, new Set()) ? { value: content } : { problem: 'must be plain YAML without aliases' };
}

/** A value as YAML that `readYaml` reads. */
export const writeYaml = (value: unknown): string => dump(value, { noRefs: true, lineWidth: -1 });

/** Whether a value is JSON in which nothing stands twice. */
function isTree(value: unknown, seen: Set<object>): value is Json {
  if (typeof value !== 'object' || value === null) return value !== undefined;
  if (seen.has(value)) return false;
  seen.add(value);
  return Object.values(value).every((each) => isTree(each, seen));
}
