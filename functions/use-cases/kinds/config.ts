import type { Environment } from '../../domain/catalog/environment.ts';
import { boundaryOf } from '../../domain/config-tree/boundary.ts';
import { promoteChanges, wholeSource } from '../../domain/config-tree/promote.ts';
import { EVERYTHING } from '../../domain/config-tree/selection.ts';
import type { Digest } from '../../domain/digest.ts';
import { Fault } from '../../domain/faults.ts';
import { canonicalJson } from '../../domain/jcs.ts';
import type { Plan, TreePlan } from '../../domain/promotion/manifest.ts';
import { checkHop, findEnvironment, sourceBefore } from '../../domain/promotion/pipeline.ts';
import type { ConfigAsked } from '../../domain/promotion/state.ts';
import type { Head } from '../../domain/promotion/subject.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { CONFIG, headOf, nodesOf, rootOf, slotIn } from '../config/tree.ts';
import { type ChangeSet, changeSetOf, planChanges } from './config-changes.ts';
import { impactOf } from './config-impact.ts';
import { peopleBehind } from './config-people.ts';
import { configAsked, scopeOf, selectedBy } from './config-selection.ts';
import { undoneBy } from './config-undone.ts';
import type { KindDeps, PlanInput, Planned, PromotionKind } from './kind.ts';

/**
 * Configs and flags from one environment to the next, or back. Nothing happens outside the table: the new tree's nodes are stored before
 * the commit that points the head at them, and nobody sees them until then.
 */
export const configKind: PromotionKind = {
  plan,
  people: peopleBehind,
  impact: impactOf,
  slot: ({ target_environment }) => slotIn(target_environment),
  outside: async () => false,
  record: () => undefined,
  async apply() {
    throw new Fault('Corrupt', 'a config promotion has no effect outside the table');
  },
};

type Hop = { readonly source: string; readonly target: Environment };

async function plan(deps: KindDeps, input: PlanInput): Promise<Planned | Refusal> {
  const { tenant, now, sealed } = input;
  const request = configAsked(input.request);
  const hop = hopOf(input, request);
  if (isRefusal(hop)) return hop;
  const { source, target } = hop;
  const head = await headOf(deps, tenant, target.name, now);
  const root = await sourceRoot(deps, input, request, source);
  if (typeof root !== 'string') return root;
  const planned =
    standing(sealed, head, target) ?? (await planChanges(deps, input, { request, root, head, target }));
  if (isRefusal(planned)) return planned;
  const { tree, change_set_digest } = planned;
  return {
    subject: CONFIG,
    source_environment: source,
    target,
    slot: slotIn(target.name),
    // Two selections of one source are two promotions.
    place: `${target.name}.${change_set_digest.slice('sha256:'.length, 'sha256:'.length + 16)}`,
    plan: {
      source: { environment: source, digest: root, recorded: false },
      base: { digest: head.digest, version: head.version },
      change_set_digest,
      change_set: [],
      tree,
    },
    head,
    conditions: { config: { ...tree.summary, keys: [...tree.summary.keys] } },
    outside: false,
    make: () => made(deps, tenant, { request, root, head, tree }),
    undoes: await undoneBy(deps, tenant, request, target.name),
  };
}

/** The environments a request goes between. A rollback stays where it is. */
function hopOf(input: PlanInput, request: ConfigAsked): Hop | Refusal {
  const { environments, target_environment, source_environment } = input;
  const target = findEnvironment(environments, target_environment);
  if (target !== undefined && request.rollback !== undefined) return { source: target.name, target };
  const before =
    source_environment === undefined && target !== undefined
      ? sourceBefore(environments, target.name)
      : findEnvironment(environments, source_environment ?? '');
  const refusal = checkHop(environments, source_environment ?? before?.name ?? '', target_environment);
  if (refusal !== undefined) return refusal;
  if (before === undefined || target === undefined) throw new Fault('Corrupt', 'an environment vanished');
  return { source: before.name, target };
}

/** What is promoted: what was sealed, what is gone back to, or what the source holds now. */
async function sourceRoot(
  deps: KindDeps,
  { tenant, sealed, now }: PlanInput,
  { rollback }: ConfigAsked,
  source: string,
): Promise<Digest | Refusal> {
  if (rollback !== undefined) return rollback.to;
  if (sealed !== undefined) return sealed.source.digest;
  const head = await headOf(deps, tenant, source, now);
  if (head.digest !== null) return head.digest;
  return refuse('nothing_to_promote', `${source} has no configuration`, { reason: 'empty_source' });
}

/** The sealed change set, while the target is what it was made on: nothing has to be read. */
function standing(sealed: Plan | undefined, head: Head, target: Environment): ChangeSet | undefined {
  if (sealed?.tree === undefined || sealed.base.digest !== head.digest) return undefined;
  if (canonicalJson(sealed.tree.owned) !== canonicalJson(target.owned_keys)) return undefined;
  return { tree: sealed.tree, change_set_digest: sealed.change_set_digest };
}

/** Stores what the target will be and answers its root; a whole source is its own result. */
async function made(
  deps: KindDeps,
  tenant: string,
  what: {
    readonly request: ConfigAsked;
    readonly root: Digest;
    readonly head: Head;
    readonly tree: TreePlan;
  },
): Promise<Digest> {
  const { request, root, head, tree } = what;
  const everything = request.rollback !== undefined || request.selects === 'FULL';
  const { selection } = everything ? { selection: EVERYTHING } : await selectedBy(deps, tenant, request);
  const scope = scopeOf(request, selection, tree.owned);
  const whole = wholeSource(tree.origin, rootOf(head), root, scope);
  if (whole !== undefined) return whole;
  const nodes = nodesOf(deps, tenant);
  const changes = await changeSetOf(nodes, tree.origin, root, scope);
  const boundary = boundaryOf(await deps.salts.of(tenant));
  const promoted = await promoteChanges(nodes, tree.origin, rootOf(head), changes, boundary);
  if (promoted.tree === undefined)
    throw new Fault('TargetMoved', 'keys of the change set changed in the target');
  await deps.nodes.put(tenant, promoted.tree.nodes);
  return promoted.tree.root;
}
