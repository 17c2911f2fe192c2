import type { Digest } from '../digest.ts';
import { corrupt } from './bytes.ts';
import type { Child } from './node.ts';
import { childOf } from './node.ts';
import type { Nodes } from './nodes.ts';

/**
 * What roots reach, as far as known. Everything marked has all it reaches marked or pending, so marking may stop after any step and go on
 * later, and roots may be added at any time; nothing may be swept before `pending` is empty.
 */
export type Mark = {
  readonly marked: Set<Digest>;
  readonly pending: PendingNode[];
};

/** A marked node whose children are not marked yet; `level` is unknown for a root. */
type PendingNode = { readonly id: Digest; readonly level?: number };

export function startMark(): Mark {
  return { marked: new Set(), pending: [] };
}

/** Adds roots; below those already marked nothing is read again. */
export function markRoots(mark: Mark, roots: Iterable<Digest>): void {
  for (const id of roots) add(mark, { id });
}

/**
 * One round: reads up to `limit` nodes and marks their children and parts. Leaves are read only where bodies are in parts. Answers
 * whether nothing is pending any more.
 */
export async function markStep(nodes: Nodes, mark: Mark, limit: number): Promise<boolean> {
  const batch = mark.pending.splice(-limit);
  try {
    const read = await nodes.read(batch.map(({ id }) => id));
    for (const { id, level } of batch) {
      const node = read.get(id);
      if (node === undefined || node.kind === 'part' || (level ?? node.level) !== node.level) {
        throw corrupt(`${id} is not at the level at which it is referred to`);
      }
      if (node.kind === 'branch') {
        for (const child of node.items) addChild(mark, child, node.level - 1);
      } else if (childOf(id, node).parts) {
        for (const { body } of node.items) {
          if (!('inline' in body)) for (const part of body.parts) mark.marked.add(part);
        }
      }
    }
  } catch (error) {
    // The nodes of a failed round are pending still: their children may be unmarked.
    mark.pending.push(...batch);
    throw error;
  }
  return mark.pending.length === 0;
}

function addChild(mark: Mark, child: Child, level: number): void {
  if (level > 0 || child.parts) add(mark, { id: child.id, level });
  else mark.marked.add(child.id);
}

function add(mark: Mark, node: PendingNode): void {
  if (mark.marked.has(node.id)) return;
  mark.marked.add(node.id);
  mark.pending.push(node);
}
