import { MOST_ENTRIES } from '../../contract/config-entry-shapes.ts';
import type { Entry, EntryOf } from '../../domain/config-tree/entry.ts';
import { isEntryKey } from '../../domain/config-tree/tree-key.ts';
import type { Json } from '../../domain/jcs.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { parseEnv, quotedEnv } from './env-text.ts';
import { badFields } from './issues.ts';
import { readYaml, writeYaml } from './yaml.ts';

export type TextFormat = 'env' | 'yaml';
type Pairs = readonly (readonly [key: string, value: Json])[];

/**
 * The first line of a YAML export: its keys are whole, so a mapping is a value. Without the line, nested mappings are dotted keys, as
 * people write them.
 */
const WHOLE_KEYS = '# sluice: keys are whole';
/** Before a key, in a comment at the head of a file. */
const SENSITIVE = '# sluice: sensitive ';

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
  const sensitive = sensitiveIn(given.text);
  const entries: Entry[] = [];
  for (const [name, value] of read.pairs) {
    const key = `${given.prefix ?? ''}${name}`;
    if (!isEntryKey(key)) return bad(`must have keys of letters, digits and ._/- only: ${shortened(key)}`);
    entries.push({ kind: 'config', key, value, ...(sensitive.has(name) ? { sensitive: true } : {}) });
  }
  return { value: entries };
}

/** The keys that comments at the head of a file call sensitive; a file has no other place for it. */
function sensitiveIn(text: string): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const line of text.replace(/^\uFEFF/, '').split('\n')) {
    const comment = line.trim();
    if (comment !== '' && !comment.startsWith('#')) break;
    if (comment.startsWith(SENSITIVE)) keys.add(comment.slice(SENSITIVE.length));
  }
  return keys;
}

/** A text without a document is one without keys. */
function parseYaml(text: string): { readonly pairs: Pairs } | { readonly problem: string } {
  const read = readYaml(text);
  if ('problem' in read) return read;
  if (!isMapping(read.value)) return { problem: 'must be a mapping of keys to values' };
  const whole = text.replace(/^\uFEFF/, '').startsWith(WHOLE_KEYS);
  return { pairs: whole ? Object.entries(read.value) : flattened(read.value, '') };
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
 * Configs with values as the text of a file that `parseText` reads; flags and names of secrets are not in it, and of a masked value a comment
 * alone, so that importing the file leaves it as it is. A `.env` file knows texts alone: any other value comes back as its JSON.
 */
export function textOf(entries: readonly EntryOf<boolean | 'masked'>[], format: TextFormat): string {
  const configs = entries.flatMap((entry) => (entry.kind === 'config' && 'value' in entry ? [entry] : []));
  const shown = configs.filter(({ sensitive }) => sensitive !== 'masked');
  const head = configs.flatMap(({ key, value, sensitive }) => {
    if (sensitive === 'masked') return [`# ${key} is masked: ${JSON.stringify(value)}\n`];
    return sensitive ? [`${SENSITIVE}${key}\n`] : [];
  });
  if (format === 'yaml') {
    const values = Object.fromEntries(shown.map(({ key, value }) => [key, value]));
    const content = shown.length === 0 ? '' : writeYaml(values);
    return `${WHOLE_KEYS}\n${head.join('')}${content}`;
  }
  const text = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value));
  const lines = shown.map(({ key, value }) => `${key}=${quotedEnv(text(value))}\n`);
  return [...head, ...lines].join('');
}

function shortened(key: string): string {
  return JSON.stringify(key.length > 100 ? `${key.slice(0, 100)}…` : key);
}

function bad(problem: string): Refusal {
  return badFields([{ field: 'text', problem }]);
}
