import { CORE_SCHEMA, dump, load } from 'js-yaml';
import { MOST_ENTRIES } from '../../contract/config-entries.ts';
import type { Entry } from '../../domain/config-tree/entry.ts';
import { isEntryKey } from '../../domain/config-tree/tree-key.ts';
import type { Json } from '../../domain/jcs.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { parseEnv, quotedEnv } from './env-text.ts';
import { badFields } from './issues.ts';

export type TextFormat = 'env' | 'yaml';
type Pairs = readonly (readonly [key: string, value: Json])[];

/**
 * The first line of a YAML export: its keys are whole, so a mapping is a value. Without the line, nested mappings are dotted keys, as
 * people write them.
 */
const WHOLE_KEYS = '# sluice: keys are whole';

/** The configs in the text of a file, every key behind `prefix`. Refuses what is malformed, naming the line or key. */
export function parseText(given: {
  readonly format: TextFormat;
  readonly text: string;
  readonly prefix?: string;
}): { readonly value: readonly Entry[] } | Refusal {
  const read = given.format === 'env' ? parseEnv(given.text) : parseYaml(given.text);
  if ('problem' in read) return bad(read.problem);
  if (read.pairs.length > MOST_ENTRIES) {
    return bad(`must have at most ${MOST_ENTRIES} keys: give a larger file in parts (import/parts)`);
  }
  const entries: Entry[] = [];
  for (const [name, value] of read.pairs) {
    const key = `${given.prefix ?? ''}${name}`;
    if (!isEntryKey(key)) return bad(`must have keys of letters, digits and ._/- only: ${shortened(key)}`);
    entries.push({ kind: 'config', key, value });
  }
  return { value: entries };
}

/** Aliases are refused: a few of them, nested, are a file of gigabytes. A text without a document is one without keys. */
function parseYaml(text: string): { readonly pairs: Pairs } | { readonly problem: string } {
  let content: unknown;
  try {
    content = load(text, { schema: CORE_SCHEMA }) ?? {};
  } catch (error) {
    return { problem: error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'is not YAML' };
  }
  if (!isTree(content, new Set())) return { problem: 'must be plain YAML without aliases' };
  if (!isMapping(content)) return { problem: 'must be a mapping of keys to values' };
  const whole = text.replace(/^\uFEFF/, '').startsWith(WHOLE_KEYS);
  return { pairs: whole ? Object.entries(content) : flattened(content, '') };
}

/** Whether a value is JSON in which nothing stands twice. */
function isTree(value: unknown, seen: Set<object>): value is Json {
  if (typeof value !== 'object' || value === null) return value !== undefined;
  if (seen.has(value)) return false;
  seen.add(value);
  return Object.values(value).every((each) => isTree(each, seen));
}

function flattened(mapping: { readonly [name: string]: Json }, prefix: string): Pairs {
  return Object.entries(mapping).flatMap(([name, value]) =>
    isMapping(value) && Object.keys(value).length > 0
      ? flattened(value, `${prefix}${name}.`)
      : [[`${prefix}${name}`, value] as const],
  );
}

function isMapping(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Configs with values as the text of a file that `parseText` reads; flags and names of secrets are not in it. A `.env` file knows texts
 * alone: any other value comes back as its JSON.
 */
export function textOf(entries: readonly Entry[], format: TextFormat): string {
  const values = entries.flatMap((entry) =>
    entry.kind === 'config' && 'value' in entry ? [[entry.key, entry.value] as const] : [],
  );
  if (format === 'yaml') {
    const content =
      values.length === 0 ? '' : dump(Object.fromEntries(values), { noRefs: true, lineWidth: -1 });
    return `${WHOLE_KEYS}\n${content}`;
  }
  const text = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value));
  return values.map(([key, value]) => `${key}=${quotedEnv(text(value))}\n`).join('');
}

function shortened(key: string): string {
  return JSON.stringify(key.length > 100 ? `${key.slice(0, 100)}…` : key);
}

function bad(problem: string): Refusal {
  return badFields([{ field: 'text', problem }]);
}
