import type { FlagEntry } from '../../domain/config-tree/entry.ts';
import { prefixRange } from '../../domain/config-tree/key-range.ts';
import { readEntries } from '../../domain/config-tree/read-entry.ts';
import { scanAll } from '../../domain/config-tree/scan.ts';
import { isEntryKey, treeKey } from '../../domain/config-tree/tree-key.ts';
import type { Digest } from '../../domain/digest.ts';
import { type Evaluated, evaluateFlag, type FlagContext } from '../../domain/flags/evaluate-flag.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { mayReadSensitive } from '../access/may-read-sensitive.ts';
import type { Deps } from '../deps.ts';
import { entriesAt, type ReadDeps } from './read.ts';
import { nodesOf, readableHead, rootOf } from './tree.ts';

/** Whose flags are read, as they are at one root; `whole`: sensitive values too. */
export type FlagReader = { readonly tenant: string; readonly root: Digest; readonly whole: boolean };

/** What somebody reads of an environment (name or alias). Refuses `not_authorized` and `unknown_environment`. */
export async function flagReader(
  deps: ReadDeps,
  principal: Principal,
  environment: string,
): Promise<FlagReader | Refusal> {
  const found = await readableHead(deps, principal, environment);
  if (isRefusal(found)) return found;
  const whole = mayReadSensitive(principal, found.environment.name);
  return { tenant: principal.tenant, root: rootOf(found.head), whole };
}

/** The one environment in which somebody has any role; `undefined` where that is none, several, or the whole tenant. */
export function ownEnvironment({ grants }: Principal): string | undefined {
  const [first, ...others] = new Set(grants.map(({ environment }) => environment));
  return others.length === 0 ? first : undefined;
}

/** What a reader gets of a flag: `withheld` is the value of a sensitive one, for people without the right. */
export type Delivered = Evaluated | { readonly outcome: 'withheld' };

function deliver(flag: FlagEntry, context: FlagContext, whole: boolean): Delivered {
  const evaluated = evaluateFlag(flag, context);
  const hide = flag.sensitive === true && !whole && evaluated.outcome === 'served';
  return hide ? { outcome: 'withheld' } : evaluated;
}

/** One flag for one context; `undefined` when there is no such flag. */
export async function evaluateOne(
  deps: Pick<Deps, 'nodes'>,
  { tenant, root, whole }: FlagReader,
  { context, key }: { readonly context: FlagContext; readonly key: string },
): Promise<Delivered | undefined> {
  if (!isEntryKey(key)) return undefined;
  const [entry] = await entriesAt(nodesOf(deps, tenant), root, [treeKey('flag', key)]);
  return entry?.kind === 'flag' ? deliver(entry, context, whole) : undefined;
}

export type EvaluatedFlag = { readonly key: string; readonly evaluated: Delivered };

/** All flags of an environment for one context. */
export async function evaluateAll(
  deps: Pick<Deps, 'nodes'>,
  { tenant, root, whole }: FlagReader,
  context: FlagContext,
): Promise<readonly EvaluatedFlag[]> {
  const nodes = nodesOf(deps, tenant);
  const flags: FlagEntry[] = [];
  for await (const items of scanAll(nodes, root, [prefixRange(treeKey('flag', ''))])) {
    for (const entry of await readEntries(nodes, items)) if (entry.kind === 'flag') flags.push(entry);
  }
  return flags.map((flag) => ({ key: flag.key, evaluated: deliver(flag, context, whole) }));
}
