import type { FlagEntry } from '../../domain/config-tree/entry.ts';
import { prefixRange } from '../../domain/config-tree/key-range.ts';
import { readEntries } from '../../domain/config-tree/read-entry.ts';
import { scanAll } from '../../domain/config-tree/scan.ts';
import { isEntryKey, treeKey } from '../../domain/config-tree/tree-key.ts';
import type { Digest } from '../../domain/digest.ts';
import { type Evaluated, evaluateFlag, type FlagContext } from '../../domain/flags/evaluate-flag.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { entriesAt, type ReadDeps } from './read.ts';
import { nodesOf, readableHead, rootOf } from './tree.ts';

type Asked = {
  readonly principal: Principal;
  readonly environment: string;
  readonly context: FlagContext;
};

/** The one environment in which somebody has any role; `undefined` where that is none, several, or the whole tenant. */
export function ownEnvironment({ grants }: Principal): string | undefined {
  const [first, ...others] = new Set(grants.map(({ environment }) => environment));
  return others.length === 0 ? first : undefined;
}

/** One flag for one context; `undefined` when there is no such flag. Refuses `not_authorized` and `unknown_environment`. */
export async function evaluateOne(
  deps: ReadDeps,
  { principal, environment, context, key }: Asked & { readonly key: string },
): Promise<{ readonly evaluated: Evaluated | undefined } | Refusal> {
  const found = await readableHead(deps, principal, environment);
  if (isRefusal(found)) return found;
  if (!isEntryKey(key)) return { evaluated: undefined };
  const nodes = nodesOf(deps, principal.tenant);
  const [entry] = await entriesAt(nodes, rootOf(found.head), [treeKey('flag', key)]);
  return { evaluated: entry?.kind === 'flag' ? evaluateFlag(entry, context) : undefined };
}

export type EvaluatedFlag = { readonly key: string; readonly evaluated: Evaluated };

/** All flags of an environment for one context, with the root they were read from; `known` skips them at that root. */
export async function evaluateAll(
  deps: ReadDeps,
  { principal, environment, context, known }: Asked & { known(root: Digest): boolean },
): Promise<{ readonly root: Digest; readonly flags: readonly EvaluatedFlag[] | undefined } | Refusal> {
  const found = await readableHead(deps, principal, environment);
  if (isRefusal(found)) return found;
  const root = rootOf(found.head);
  if (known(root)) return { root, flags: undefined };
  const nodes = nodesOf(deps, principal.tenant);
  const flags: FlagEntry[] = [];
  for await (const items of scanAll(nodes, root, [prefixRange(treeKey('flag', ''))])) {
    for (const entry of await readEntries(nodes, items)) if (entry.kind === 'flag') flags.push(entry);
  }
  return { root, flags: flags.map((flag) => ({ key: flag.key, evaluated: evaluateFlag(flag, context) })) };
}
