import type { Environment } from '../../domain/catalog/environment.ts';
import { boundaryOf } from '../../domain/config-tree/boundary.ts';
import { NO_CHANGES, summarize } from '../../domain/config-tree/change-summary.ts';
import { applyEdits, type Edit } from '../../domain/config-tree/edit.ts';
import { type Entry, itemOfEntry } from '../../domain/config-tree/entry.ts';
import { entryId } from '../../domain/config-tree/entry-id.ts';
import { editsOf as treeEditsOf } from '../../domain/config-tree/merge.ts';
import { sameBody } from '../../domain/config-tree/node.ts';
import type { Nodes } from '../../domain/config-tree/nodes.ts';
import { planPromotion } from '../../domain/config-tree/promote.ts';
import { getBodies } from '../../domain/config-tree/scan.ts';
import { EVERYTHING, selectGlobs } from '../../domain/config-tree/selection.ts';
import { type EntryKind, entryOfTreeKey, isEntryKey, treeKey } from '../../domain/config-tree/tree-key.ts';
import type { Digest } from '../../domain/digest.ts';
import { parseTargeting } from '../../domain/flags/targeting.ts';
import { type Actor, actorOf, type Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import { swap } from '../../domain/promotion/head.ts';
import { refuseLocked } from '../../domain/promotion/stops.ts';
import type { Head } from '../../domain/promotion/subject.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { authorizeIn } from '../access/authorize-in.ts';
import type { Deps } from '../deps.ts';
import { lockOf } from '../engine/facts.ts';
import { commitOrUnknown } from '../engine/run-command.ts';
import { LOST, type Pace, untilCommitted } from '../engine/until-committed.ts';
import { environmentOf, headOf, nodesOf, rootOf } from './tree.ts';

export type EditDeps = Pick<
  Deps,
  | 'catalog'
  | 'heads'
  | 'nodes'
  | 'salts'
  | 'entryIds'
  | 'transactions'
  | 'denials'
  | 'clock'
  | 'random'
  | 'sleep'
>;

/** Entries to set and keys to take away, all in one revision. */
export type Edits = {
  readonly put: readonly Entry[];
  readonly remove: readonly { readonly kind: EntryKind; readonly key: string }[];
};

/** The root of a tree whose every entry is to be set. */
export type StagedEdits = { readonly staged: Digest };

export type EditInput = {
  readonly principal: Principal;
  /** Name or alias. */
  readonly environment: string;
  readonly edits: Edits | StagedEdits;
  readonly reason?: string;
  /** The roots that may be edited; absent: whichever there is. */
  readonly ifRoot?: readonly Digest[];
};

/** The environment after an edit. `changed`: how many keys are not as they were. */
export type Edited = {
  readonly environment: string;
  readonly root: Digest;
  readonly revision: number;
  readonly changed: number;
};

/**
 * Sets and deletes configs and flags of an environment in one revision, or says that nothing would change. Others who write at the
 * same time lose nothing: whoever comes second makes the edit again on what the first one left. Refuses `not_authorized`,
 * `unknown_environment`, `invalid_request`, `precondition_failed`, `locked`, and `protected` in a protected environment that is not
 * empty, but for an admin who gives a reason.
 */
export async function editConfig(deps: EditDeps, input: EditInput): Promise<Edited | Refusal> {
  const { principal, environment, edits, reason, ifRoot } = input;
  const unauthorized = await authorizeIn(deps, principal, 'edit_config', environment);
  if (unauthorized !== undefined) return unauthorized;
  return await writeConfig(deps, {
    tenant: principal.tenant,
    environment,
    edits,
    actor: actorOf(principal),
    ...(reason === undefined ? {} : { reason }),
    check(found, head) {
      if (ifRoot !== undefined && !ifRoot.includes(rootOf(head))) {
        return refuse('precondition_failed', 'the environment is not at that root', { root: rootOf(head) });
      }
      const { lock } = lockOf(found);
      if (lock !== undefined) return refuseLocked(found.name, lock);
      if (!found.protected || head.revision === 0) return undefined;
      if (may(principal, 'edit_protected_config', found.name) && reason !== undefined) return undefined;
      return refuse(
        'protected',
        `${found.name} is protected: promote to it, or let an admin edit it with a reason`,
        { environment: found.name },
      );
    },
  });
}

/**
 * A lost edit has paid for the nodes of a path, so those who lost spread out widely: over many times the 20 ms that one edit takes.
 * Of 32 writers at once each then tries twice, where 20 ms apart it would be five times (`npm run bench config`), and they are done sooner.
 */
const SPREAD: Pace = { first: 400, longest: 2_000 };

export type WriteInput = {
  readonly tenant: string;
  readonly environment: string;
  readonly edits: Edits | StagedEdits;
  readonly actor: Actor;
  readonly reason?: string;
  check(environment: Environment, head: Head): Refusal | undefined;
};

/** The write itself; asks nobody's role. */
export async function writeConfig(deps: EditDeps, input: WriteInput): Promise<Edited | Refusal> {
  const { tenant, actor, reason } = input;
  const staged = 'staged' in input.edits ? input.edits.staged : undefined;
  const edits = 'staged' in input.edits ? { value: [] } : editsOf(input.edits);
  if ('refused' in edits) return edits;
  const boundary = boundaryOf(await deps.salts.of(tenant));
  const nodes = nodesOf(deps, tenant);
  let unanswered: { readonly chain: Digest | null; readonly edited: Edited } | undefined;
  return await untilCommitted<Edited | Refusal>(
    deps,
    async () => {
      const environment = await environmentOf(deps, tenant, input.environment);
      if (isRefusal(environment)) return environment;
      const now = deps.clock.now();
      const head = await headOf(deps, tenant, environment.name, now);
      if (unanswered !== undefined && head.chain === unanswered.chain) return unanswered.edited;
      const refusal = input.check(environment, head);
      if (refusal !== undefined) return refusal;
      if (head.claim !== undefined) return LOST;
      const wanted = staged === undefined ? edits.value : await stagedOn(nodes, rootOf(head), staged);
      const made = await applied(nodes, rootOf(head), wanted, boundary);
      const edited = { environment: environment.name, root: made.root, changed: made.changed };
      if (made.changed === 0) return { ...edited, revision: head.revision };
      // Whoever has lost already need not store what nobody will refer to.
      const again = await headOf(deps, tenant, environment.name, now);
      if (again.version !== head.version) return LOST;
      await Promise.all([
        deps.nodes.put(tenant, made.nodes),
        deps.entryIds.put(tenant, staged === undefined ? made.added.map((key) => named(tenant, key)) : []),
      ]);
      const swapped = swap(head, {
        digest: made.root,
        cause: { by: 'edit', ...(reason === undefined ? {} : { reason }) },
        actor,
        changes: made.summary,
        now,
      });
      const done = { ...edited, revision: swapped.revision.number };
      const result = await commitOrUnknown(deps, tenant, [
        { write: 'head', head: swapped.head, expected: head.version },
        { write: 'revision', revision: swapped.revision },
        { write: 'check_guard', environment: environment.name, guard: environment.guard },
      ]);
      if (result === 'unknown') unanswered = { chain: swapped.head.chain, edited: done };
      return result === 'unknown' || !result.committed ? LOST : done;
    },
    SPREAD,
  );
}

/** What sets every entry of a staged tree; the ids of its keys were written with it. */
async function stagedOn(nodes: Nodes, root: Digest, staged: Digest): Promise<readonly Edit[]> {
  const edits: Edit[] = [];
  for await (const { changes } of planPromotion(nodes, root, staged, ADDING))
    edits.push(...treeEditsOf(changes));
  return edits;
}

const ADDING = { selection: EVERYTHING, owned: selectGlobs([]), prune: false };

async function applied(
  nodes: Nodes,
  root: Digest,
  edits: readonly Edit[],
  boundary: ReturnType<typeof boundaryOf>,
) {
  const keys = edits.map(({ key }) => key);
  const before = await getBodies(nodes, root, keys);
  const real = edits.filter(({ key, body }) => {
    const old = before.get(key);
    return body === null || old === undefined
      ? (body === null) !== (old === undefined)
      : !sameBody(old, body);
  });
  const edited = await applyEdits(nodes, root, real, boundary);
  const summary = real.reduce(
    (sum, { key, body }) => summarize(sum, { key, before: before.get(key) ?? null, after: body }),
    NO_CHANGES,
  );
  const added = real.filter(({ key, body }) => body !== null && !before.has(key)).map(({ key }) => key);
  return { ...edited, summary, added, changed: real.length };
}

/** Edits in the tree's words, in the order of their keys; each key once. */
export function editsOf({ put, remove }: Edits): { readonly value: readonly Edit[] } | Refusal {
  const edits = new Map<string, Edit>();
  for (const [index, entry] of put.entries()) {
    const bad = entry.kind === 'flag' ? parseTargeting(entry) : undefined;
    const item = bad !== undefined && 'refused' in bad ? bad : itemOfEntry(entry);
    if ('refused' in item)
      return refuse('invalid_request', `${entry.key}: ${item.detail}`, {
        ...item.data,
        key: entry.key,
        index,
      });
    if (edits.has(item.key)) return twice(entry.key);
    edits.set(item.key, item);
  }
  for (const { kind, key } of remove) {
    if (!isEntryKey(key)) return refuse('invalid_request', `${key} is no key`, { key });
    const place = treeKey(kind, key);
    if (edits.has(place)) return twice(key);
    edits.set(place, { key: place, body: null });
  }
  return { value: [...edits.values()].sort((a, b) => (a.key < b.key ? -1 : 1)) };
}

function twice(key: string): Refusal {
  return refuse('invalid_request', `${key} is given more than once`, { key });
}

/** A tree key as ids name it. */
export function named(tenant: string, place: string) {
  const { kind, key } = entryOfTreeKey(place);
  return { id: entryId(tenant, kind, key), kind, key };
}
