import type { Environment } from '../../domain/catalog/environment.ts';
import { boundaryOf } from '../../domain/config-tree/boundary.ts';
import { type Entry, itemOfEntry } from '../../domain/config-tree/entry.ts';
import { entryTag } from '../../domain/config-tree/entry-tag.ts';
import type { Keyed } from '../../domain/config-tree/fingerprint.ts';
import { editsOf as treeEditsOf } from '../../domain/config-tree/merge.ts';
import type { Body } from '../../domain/config-tree/node.ts';
import type { Nodes } from '../../domain/config-tree/nodes.ts';
import { planPromotion } from '../../domain/config-tree/promote.ts';
import { EVERYTHING, selectGlobs } from '../../domain/config-tree/selection.ts';
import { type EntryKind, isEntryKey, treeKey } from '../../domain/config-tree/tree-key.ts';
import { type Digest, keyedHash } from '../../domain/digest.ts';
import { parseTargeting } from '../../domain/flags/targeting.ts';
import { type Actor, actorOf, type Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import { isId } from '../../domain/ids.ts';
import { swap } from '../../domain/promotion/head.ts';
import { refuseLocked } from '../../domain/promotion/stops.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Head } from '../../domain/subject.ts';
import { authorizedIn } from '../access/authorize-in.ts';
import type { Deps } from '../deps.ts';
import { lockOf } from '../engine/facts.ts';
import { commitOrUnknown } from '../engine/run-command.ts';
import { type Pace, RACE_LOST, untilCommitted } from '../engine/until-committed.ts';
import { writeHead } from '../engine/write-head.ts';
import { applyWanted, type Marks, type Wanted } from './apply-wanted.ts';
import { environmentOf, headOf, nodesOf, rootOf } from './tree.ts';

export type EditDeps = Pick<
  Deps,
  'catalog' | 'heads' | 'nodes' | 'chunkingKeys' | 'transactions' | 'denials' | 'clock' | 'random' | 'sleep'
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
  /** The state that may be edited; absent: whichever there is. */
  readonly ifMatch?: Expected;
};

/**
 * What a caller has seen: one of these roots, or where one entry is edited also one of its tags. `any`: the entry is there, whatever it
 * holds.
 */
export type Expected = {
  readonly tags: readonly Digest[] | 'any';
  readonly entry?: { readonly kind: EntryKind; readonly key: string };
};

/** The environment after an edit. `changed`: how many keys are not as they were; `marks`: what `sensitive` is where it was kept,
 * and `tags` of the entries that were set, both by tree key. */
export type Edited = {
  readonly environment: string;
  readonly root: Digest;
  readonly revision: number;
  readonly changed: number;
  readonly marks: Marks;
  readonly tags: ReadonlyMap<string, Digest>;
};

/**
 * Sets and deletes configs and flags of an environment in one revision, or says that nothing would change. Others who write at the
 * same time lose nothing: whoever comes second makes the edit again on what the first one left. Refuses `not_authorized`,
 * `unknown_environment`, `invalid_request`, `precondition_failed`, `locked`, and `protected` in a protected environment that is not
 * empty, but for an admin who gives a reason.
 */
export async function editConfig(deps: EditDeps, input: EditInput): Promise<Edited | Refusal> {
  const { principal, environment, edits, reason, ifMatch } = input;
  const { tenant } = principal;
  const [allowed, head] = await Promise.all([
    authorizedIn(deps, principal, 'edit_config', environment),
    isId(environment) ? headOf(deps, tenant, environment, deps.clock.now()) : undefined,
  ]);
  if (isRefusal(allowed)) return allowed;
  return await writeConfig(deps, {
    tenant,
    environment,
    first: { environment: allowed, ...(head?.slot.environment === allowed.name ? { head } : {}) },
    edits,
    actor: actorOf(principal),
    ...(reason === undefined ? {} : { reason }),
    expected: (root, before) => unexpected(root, before, ifMatch),
    check(found, head) {
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

function unexpected(
  root: Digest,
  before: ReadonlyMap<string, Body>,
  ifMatch: Expected | undefined,
): Refusal | undefined {
  if (ifMatch === undefined) return undefined;
  const { tags, entry } = ifMatch;
  if (entry === undefined) {
    if (tags === 'any' || tags.includes(root)) return undefined;
    return refuse('precondition_failed', 'the environment is not at that root', { root });
  }
  const body = before.get(treeKey(entry.kind, entry.key));
  const tag = body === undefined ? undefined : entryTag(body);
  if (tags === 'any' ? tag !== undefined : tags.includes(root) || (tag !== undefined && tags.includes(tag)))
    return undefined;
  const now = tag === undefined ? 'is not there' : 'has changed';
  return refuse('precondition_failed', `${entry.key} ${now}: read it again and send its ETag`, {
    root,
    etag: tag ?? null,
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
  /** What of it was read already: good for one try, whose commit is conditional on both. */
  readonly first?: { readonly environment: Environment; readonly head?: Head };
  readonly edits: Edits | StagedEdits;
  readonly actor: Actor;
  readonly reason?: string;
  check(environment: Environment, head: Head): Refusal | undefined;
  /** Why a root, or the entries that are to be edited, are not what the caller has seen. */
  expected?(root: Digest, before: ReadonlyMap<string, Body>): Refusal | undefined;
};

/** The write itself; asks nobody's role. */
export async function writeConfig(deps: EditDeps, input: WriteInput): Promise<Edited | Refusal> {
  const { tenant, actor, reason } = input;
  const staged = 'staged' in input.edits ? input.edits.staged : undefined;
  const salt = await deps.chunkingKeys.of(tenant);
  const [boundary, keyed] = [boundaryOf(salt), keyedHash(salt)];
  const edits = 'staged' in input.edits ? { value: [] } : editsOf(input.edits, keyed);
  if ('refused' in edits) return edits;
  const nodes = nodesOf(deps, tenant);
  let unanswered: { readonly chain: Digest | null; readonly edited: Edited } | undefined;
  let { first } = input;
  return await untilCommitted<Edited | Refusal>(
    deps,
    async () => {
      const begun = first;
      first = undefined;
      const environment = begun?.environment ?? (await environmentOf(deps, tenant, input.environment));
      if (isRefusal(environment)) return environment;
      const now = deps.clock.now();
      const head = begun?.head ?? (await headOf(deps, tenant, environment.name, now));
      if (unanswered !== undefined && head.chain === unanswered.chain) return unanswered.edited;
      const refusal = input.check(environment, head);
      if (refusal !== undefined) return refusal;
      if (head.claim !== undefined) return RACE_LOST;
      const wanted = staged === undefined ? edits.value : await stagedOn(nodes, rootOf(head), staged);
      const made = await applyWanted(nodes, rootOf(head), wanted, {
        boundary,
        keyed,
        expected: (before) => input.expected?.(rootOf(head), before),
      });
      if ('refused' in made) return made;
      const { root, changed, marks, tags } = made;
      const edited = { environment: environment.name, root, changed, marks, tags };
      if (made.changed === 0) return { ...edited, revision: head.revision };
      // Among many writers, whoever has lost already need not store what nobody will refer to.
      if (begun === undefined) {
        const again = await headOf(deps, tenant, environment.name, now);
        if (again.version !== head.version) return RACE_LOST;
      }
      await deps.nodes.put(tenant, made.nodes);
      const swapped = swap(head, {
        digest: made.root,
        cause: { by: 'edit', ...(reason === undefined ? {} : { reason }) },
        actor,
        changes: made.summary,
        now,
      });
      const done = { ...edited, revision: swapped.revision.number };
      const result = await commitOrUnknown(deps, tenant, [
        writeHead(head, swapped.head),
        { write: 'revision', revision: swapped.revision },
        { write: 'check_guard', environment: environment.name, guard: environment.guard },
      ]);
      if (result === 'unknown') unanswered = { chain: swapped.head.chain, edited: done };
      return result === 'unknown' || !result.committed ? RACE_LOST : done;
    },
    SPREAD,
  );
}

/** What sets every entry of a staged tree. */
async function stagedOn(nodes: Nodes, root: Digest, staged: Digest): Promise<readonly Wanted[]> {
  const edits: Wanted[] = [];
  for await (const { changes } of planPromotion(nodes, root, staged, ADDING))
    edits.push(...treeEditsOf(changes));
  return edits;
}

const ADDING = { selection: EVERYTHING, owned: selectGlobs([]), prune: false };

/** Edits in the tree's words, in the order of their keys; each key once. */
export function editsOf(
  { put, remove }: Edits,
  keyed: Keyed,
): { readonly value: readonly Wanted[] } | Refusal {
  const edits = new Map<string, Wanted>();
  for (const [index, entry] of put.entries()) {
    const bad = entry.kind === 'flag' ? parseTargeting(entry) : undefined;
    const item = bad !== undefined && 'refused' in bad ? bad : itemOfEntry(entry, keyed);
    if ('refused' in item)
      return refuse(item.refused, `${entry.key}: ${item.detail}`, {
        ...item.data,
        key: entry.key,
        index,
      });
    if (edits.has(item.key)) return twice(entry.key);
    edits.set(item.key, { ...item, entry });
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
