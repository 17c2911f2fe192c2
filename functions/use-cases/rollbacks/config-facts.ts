import type { Change } from '../../domain/config-tree/diff.ts';
import type { Entry } from '../../domain/config-tree/entry.ts';
import { planPromotion } from '../../domain/config-tree/promote.ts';
import { EVERYTHING, selectGlobs } from '../../domain/config-tree/selection.ts';
import { entryOfTreeKey } from '../../domain/config-tree/tree-key.ts';
import type { Json } from '../../domain/jcs.ts';
import type { Plan } from '../../domain/promotion/manifest.ts';
import type { BreakingChange, RollbackFacts } from '../../domain/promotion/rollback-impact.ts';
import { sidesOf } from '../config/shown.ts';
import { CONFIG } from '../config/slot.ts';
import { nodesOf } from '../config/tree.ts';
import type { Deps } from '../deps.ts';
import type { Requested } from '../promotions/request.ts';
import type { OwnFacts } from './own-facts.ts';

type RollbackReads = Pick<Deps, 'heads' | 'nodes'>;

/** Changes that are looked through for breaking ones; of more it is not known. */
const LOOKED_THROUGH = 5_000;
/** Live subjects that are named as consumers; with more of them it is not known whom it concerns. */
const MOST_CONSUMERS = 100;

/** What configuration knows of its going back: the keys that change, and what is live there and reads them. */
export async function factsOfConfig(
  deps: RollbackReads,
  { state: { tenant }, planned: { plan, target } }: Requested,
): Promise<OwnFacts> {
  const [breaking, consumers] = await Promise.all([
    breakingChanges(deps, tenant, plan),
    consumersIn(deps, tenant, target.name),
  ]);
  const { added = 0, modified = 0, removed = 0 } = plan.tree?.summary ?? {};
  return { keys: added + modified + removed, breaking, consumers };
}

/** Who reads an environment's configuration: what is live there. */
async function consumersIn(
  { heads }: RollbackReads,
  tenant: string,
  environment: string,
): Promise<RollbackFacts['consumers']> {
  const { items, next } = await heads.inEnvironment(tenant, environment, { limit: MOST_CONSUMERS });
  if (next !== undefined) return 'unknown';
  return items
    .filter(({ slot, digest }) => slot.subject.kind !== CONFIG.kind && digest !== null)
    .map(({ slot: { subject, gateway } }) => ({ ...subject, ...(gateway === undefined ? {} : { gateway }) }));
}

async function breakingChanges(
  deps: RollbackReads,
  tenant: string,
  { tree, source }: Plan,
): Promise<RollbackFacts['breaking']> {
  if (tree === undefined) return 'unknown';
  const nodes = nodesOf(deps, tenant);
  const scope = { selection: EVERYTHING, owned: selectGlobs(tree.owned), prune: true };
  const found: BreakingChange[] = [];
  let looked = 0;
  for await (const { changes } of planPromotion(nodes, tree.origin, source.digest, scope)) {
    looked += changes.length;
    if (looked > LOOKED_THROUGH) return 'unknown';
    for (const one of await sidesOf(nodes, changes.filter(mayBreak))) {
      const change = breaks(one.before, one.after);
      if (change !== undefined) found.push({ key: entryOfTreeKey(one.key).key, change });
    }
  }
  return found;
}

type EntryBreaks = Extract<BreakingChange, { readonly key: string }>['change'];

/** What is added is new to everybody. */
const mayBreak = ({ before }: Change) => before !== null;

/** How a change may surprise a reader; another value of the same shape does not. */
function breaks(before: Entry | null, after: Entry | null): EntryBreaks | undefined {
  if (before === null) return undefined;
  if (after === null) return 'removed';
  if (before.kind === 'flag' && after.kind === 'flag') {
    const kept = Object.entries(before.variants).every(([name, value]) => {
      const other = after.variants[name];
      return other !== undefined && shapeOf(other) === shapeOf(value);
    });
    return kept ? undefined : 'variants_changed';
  }
  if (before.kind === 'flag' || after.kind === 'flag') return 'type_changed';
  const [was, is] = [before, after].map((entry) => ('value' in entry ? shapeOf(entry.value) : 'secret'));
  return was === is ? undefined : 'type_changed';
}

function shapeOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
