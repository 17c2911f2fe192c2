import { boundaryOf } from '../../domain/config-tree/boundary.ts';
import { applyEdits } from '../../domain/config-tree/edit.ts';
import { EMPTY_ROOT } from '../../domain/config-tree/empty.ts';
import type { Entry } from '../../domain/config-tree/entry.ts';
import { sameBody } from '../../domain/config-tree/node.ts';
import { getBodies } from '../../domain/config-tree/scan.ts';
import {
  emptyImport,
  MOST_STAGED,
  type StagedImport,
  stagedImportOf,
  stagedImportText,
} from '../../domain/config-tree/staged-import.ts';
import { entryOfTreeKey } from '../../domain/config-tree/tree-key.ts';
import { keyedHash } from '../../domain/digest.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { authorizeIn } from '../access/authorize-in.ts';
import { type EditDeps, type Edited, type EditInput, editConfig, editsOf } from './edit.ts';
import { environmentOf, nodesOf } from './tree.ts';

type Where = { readonly principal: Principal; readonly environment: string };

export type StageInput = Where & {
  readonly entries: readonly Entry[];
  /** Where the part before this one led; absent for the first. */
  readonly stage?: string;
};

/** `stage` is what the next part, or the commit, is given. */
export type Staged = { readonly stage: string; readonly entries: number; readonly expires_at: string };

/**
 * Takes a part of an import. It changes nothing that anybody reads; given again it leads where it led before. Refuses what an edit of the
 * environment would, a key that an earlier part has with another value, and more entries than one commit takes.
 */
export async function stageImport(deps: EditDeps, input: StageInput): Promise<Staged | Refusal> {
  const { principal, entries } = input;
  const { tenant } = principal;
  const before = await stageGiven(deps, input);
  if (isRefusal(before)) return before;
  const salt = await deps.chunkingKeys.of(tenant);
  const edits = editsOf({ put: entries, remove: [] }, keyedHash(salt));
  if ('refused' in edits) return edits;
  const nodes = nodesOf(deps, tenant);
  const keys = edits.value.map(({ key }) => key);
  const there = await getBodies(nodes, before.root, keys);
  const twice = edits.value.find(({ key, body }) => {
    const other = there.get(key);
    return body !== null && other !== undefined && !sameBody(other, body);
  });
  if (twice !== undefined) {
    const { key } = entryOfTreeKey(twice.key);
    return refuse('invalid_request', `${key} is given more than once`, { key });
  }
  const made = await applyEdits(nodes, before.root, edits.value, boundaryOf(salt));
  if (made.count > MOST_STAGED) {
    return refuse('invalid_request', `one import takes ${MOST_STAGED} entries`, { most: MOST_STAGED });
  }
  await deps.nodes.put(tenant, made.nodes);
  const stage = { ...before, root: made.root, entries: made.count };
  const { expires_at } = stage;
  return { stage: stagedImportText(stage, await sealerOf(deps, tenant)), entries: made.count, expires_at };
}

export type CommitInput = Where &
  Pick<EditInput, 'reason' | 'ifMatch'> & {
    readonly stage: string;
  };

/** Sets all that was staged in one revision, as an edit does; again it changes nothing. */
export async function commitImport(deps: EditDeps, input: CommitInput): Promise<Edited | Refusal> {
  const stage = await stageGiven(deps, input);
  if (isRefusal(stage)) return stage;
  return await editConfig(deps, { ...input, edits: { staged: stage.root } });
}

/** The staged import that a caller gives, or an empty one, once it is sure that the caller may edit there. */
async function stageGiven(
  deps: EditDeps,
  { principal, environment, stage }: Where & { readonly stage?: string },
): Promise<StagedImport | Refusal> {
  const denied = await authorizeIn(deps, principal, 'edit_config', environment);
  if (denied !== undefined) return denied;
  const found = await environmentOf(deps, principal.tenant, environment);
  if (isRefusal(found)) return found;
  const now = deps.clock.now();
  if (stage === undefined) return emptyImport(found.name, EMPTY_ROOT, now);
  return stagedImportOf(stage, found.name, await sealerOf(deps, principal.tenant), now);
}

/** The tenant's own secret seals staged imports: the boundaries that it also decides are of keys, which have no line breaks. */
async function sealerOf({ chunkingKeys }: Pick<EditDeps, 'chunkingKeys'>, tenant: string) {
  return keyedHash(await chunkingKeys.of(tenant));
}
