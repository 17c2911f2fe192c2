import { CORE_SCHEMA, dump, load } from 'js-yaml';
import type { Entry } from '../../domain/config-tree/entry.ts';
import { isEntryKey } from '../../domain/config-tree/tree-key.ts';
import type { Json } from '../../domain/jcs.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { badFields } from './issues.ts';

export type TextFormat = 'env' | 'yaml';

/** The configs in the text of a file, every key behind `prefix`. Refuses what is malformed, naming the line or key. */
export function parseText(given: {
  readonly format: TextFormat;
  readonly text: string;
  readonly prefix?: string;
}): { readonly value: readonly Entry[] } | Refusal {
  const pairs = given.format === 'env' ? parseEnv(given.text) : parseYaml(given.text);
  if ('refused' in pairs) return pairs;
  const entries: Entry[] = [];
  for (const [name, value] of pairs.value) {
    const key = `${given.prefix ?? ''}${name}`;
    if (!isEntryKey(key)) return bad(`${JSON.stringify(key)} is no key`);
    entries.push({ kind: 'config', key, value });
  }
  return { value: entries };
}

/** `NAME=value` lines; quotes as in a shell, `#` begins a comment, `export` is allowed. Values are texts. */
function parseEnv(text: string): { readonly value: readonly (readonly [string, Json])[] } | Refusal {
  const pairs: (readonly [string, Json])[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#.*)?$/.test(line)) continue;
    const { name, value } = LINE.exec(line)?.groups ?? {};
    if (name === undefined || value === undefined) return bad(`line ${index + 1} is not NAME=value`);
    pairs.push([name, unquoted(value.trim())]);
  }
  return { value: pairs };
}

const LINE = /^\s*(?:export\s+)?(?<name>[A-Za-z0-9][A-Za-z0-9._/-]*)\s*=(?<value>.*)$/;

function unquoted(value: string): string {
  const { double, single } =
    /^(?:"(?<double>(?:[^"\\]|\\.)*)"|'(?<single>[^']*)')\s*(?:#.*)?$/.exec(value)?.groups ?? {};
  if (single !== undefined) return single;
  if (double === undefined) return value.replace(/\s+#.*$/, '');
  return double.replace(/\\(.)/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped);
}

const ESCAPES: { readonly [escaped: string]: string } = { n: '\n', r: '\r', t: '\t' };

/** Nested mappings are dotted keys; anything else is a value. Aliases are refused: a few of them, nested, are a file of gigabytes. */
function parseYaml(text: string): { readonly value: readonly (readonly [string, Json])[] } | Refusal {
  let content: unknown;
  try {
    content = load(text, { schema: CORE_SCHEMA });
  } catch (problem) {
    return bad(problem instanceof Error ? (problem.message.split('\n')[0] ?? '') : 'is not YAML');
  }
  if (!isTree(content, new Set())) return bad('must be plain YAML without aliases');
  if (!isMapping(content)) return bad('must be a mapping of keys to values');
  return { value: flattened(content, '') };
}

/** Whether a value is JSON in which nothing stands twice. */
function isTree(value: unknown, seen: Set<object>): value is Json {
  if (typeof value !== 'object' || value === null) return value !== undefined;
  if (seen.has(value)) return false;
  seen.add(value);
  return Object.values(value).every((each) => isTree(each, seen));
}

function flattened(
  mapping: { readonly [name: string]: Json },
  prefix: string,
): readonly (readonly [string, Json])[] {
  return Object.entries(mapping).flatMap(([name, value]) =>
    isMapping(value) && Object.keys(value).length > 0
      ? flattened(value, `${prefix}${name}.`)
      : [[`${prefix}${name}`, value] as const],
  );
}

function isMapping(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Configs with values as the text of a file that `parseText` reads; flags and names of secrets are not in it. */
export function textOf(entries: readonly Entry[], format: TextFormat): string {
  const values = entries.flatMap((entry) =>
    entry.kind === 'config' && 'value' in entry ? [[entry.key, entry.value] as const] : [],
  );
  if (format === 'yaml')
    return values.length === 0 ? '' : dump(Object.fromEntries(values), { noRefs: true, lineWidth: -1 });
  return values.map(([key, value]) => `${key}=${quoted(value)}\n`).join('');
}

function quoted(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const escaped = text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `"${escaped.replaceAll('\t', '\\t')}"`;
}

function bad(problem: string): Refusal {
  return badFields([{ field: 'text', problem }]);
}
