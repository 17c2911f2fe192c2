import fc from 'fast-check';
import { bodyOf, readBodies } from '../../../functions/domain/config-tree/body.ts';
import type { Boundary } from '../../../functions/domain/config-tree/boundary.ts';
import { boundaryOf } from '../../../functions/domain/config-tree/boundary.ts';
import type { BuildItem } from '../../../functions/domain/config-tree/build.ts';
import { buildTree } from '../../../functions/domain/config-tree/build.ts';
import type { Edit } from '../../../functions/domain/config-tree/edit.ts';
import { applyEdits } from '../../../functions/domain/config-tree/edit.ts';
import { ALL_KEYS } from '../../../functions/domain/config-tree/key-range.ts';
import type { NewNode, Tree } from '../../../functions/domain/config-tree/node.ts';
import { Nodes } from '../../../functions/domain/config-tree/nodes.ts';
import { scanAll } from '../../../functions/domain/config-tree/scan.ts';
import { type Digest, keyedHash } from '../../../functions/domain/digest.ts';
import { MemoryNodeStore } from '../../support/memory/node-store.ts';

export const TENANT = '550e8400-e29b-41d4-a716-446655440000';
const SALT = new Uint8Array(32).fill(7);
export const BOUNDARY = boundaryOf(SALT);
export const KEYED = keyedHash(SALT);

/** A tree by the naive means: each key with the text of its body. */
export type Model = ReadonlyMap<string, string>;

/** One store and one operation on it at a time. */
export class Forest {
  readonly store = new MemoryNodeStore();
  readonly #boundary: Boundary;

  constructor(boundary: Boundary = BOUNDARY) {
    this.#boundary = boundary;
  }

  nodes(): Nodes {
    return new Nodes(this.store.reader(TENANT));
  }

  /** Builds and stores a model. */
  async plant(model: Model): Promise<Tree> {
    const { tree, nodes } = built(model, this.#boundary);
    await this.store.put(TENANT, nodes);
    return tree;
  }

  /** Makes and stores edits; `null` deletes. */
  async edit(root: Digest, edits: Iterable<readonly [string, string | null]>): Promise<Tree> {
    const { nodes, ...tree } = await applyEdits(
      this.nodes(),
      root,
      Array.from(edits, editOf),
      this.#boundary,
    );
    await this.store.put(TENANT, nodes);
    return tree;
  }

  async model(root: Digest): Promise<Map<string, string>> {
    const nodes = this.nodes();
    const model = new Map<string, string>();
    for await (const items of scanAll(nodes, root, [ALL_KEYS])) {
      const bodies = await readBodies(
        nodes,
        items.map(({ body }) => body),
      );
      items.forEach(({ key }, i) => {
        model.set(key, text(bodies[i]));
      });
    }
    return model;
  }
}

export function built(
  model: Model,
  boundary: Boundary = BOUNDARY,
): { readonly tree: Tree; readonly nodes: readonly NewNode[] } {
  const nodes: NewNode[] = [];
  const building = buildTree(itemsOf(model), boundary);
  for (let step = building.next(); ; step = building.next()) {
    if (step.done) return { tree: step.value, nodes };
    nodes.push(step.value);
  }
}

export function itemsOf(model: Model): BuildItem[] {
  const sorted = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([key, value]) => ({ key, ...bodyOf(bytes(value)) }));
}

export function editOf([key, value]: readonly [string, string | null]): Edit {
  return value === null ? { key, body: null } : { key, ...bodyOf(bytes(value)) };
}

export function bytes(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

export function text(value: Uint8Array | undefined): string {
  return new TextDecoder().decode(value);
}

/** A model after edits. */
export function edited(model: Model, edits: Iterable<readonly [string, string | null]>): Map<string, string> {
  const result = new Map(model);
  for (const [key, value] of edits) {
    if (value === null) result.delete(key);
    else result.set(key, value);
  }
  return result;
}

/** So many ordinary entries. */
export function numbered(count: number): Map<string, string> {
  const key = (i: number) => `cteam/service-${String(i).padStart(7, '0')}`;
  return new Map(Array.from({ length: count }, (_, i) => [key(i), `value ${i} ${'x'.repeat(80)}`]));
}

// Few names in long paths: keys collide often, and branches are so wide that some hundred entries make three levels.
const SEGMENT = fc
  .nat({ max: 400 })
  .map((n) => `${String(n).padStart(3, '0')}.${'seg-'.repeat((n * 7) % 50)}`);
export const KEY = fc.tuple(fc.constantFrom('c', 'f'), SEGMENT).map(([type, segment]) => type + segment);

const LENGTH = fc.oneof(
  { weight: 6, arbitrary: fc.nat({ max: 200 }) },
  { weight: 3, arbitrary: fc.integer({ min: 1_000, max: 2_049 }) },
  { weight: 1, arbitrary: fc.integer({ min: 2_050, max: 65_537 }) },
);
export const VALUE = fc
  .tuple(LENGTH, fc.nat({ max: 9 }))
  .map(([length, seed]) => String(seed).repeat(length));

export const MODEL = fc
  .array(fc.tuple(KEY, VALUE), { maxLength: 400, size: 'max' })
  .map((entries) => new Map(entries));
export const EDITS = fc.array(fc.tuple(KEY, fc.option(VALUE, { nil: null, freq: 3 })), {
  maxLength: 60,
  size: 'max',
});

// Shrinking a large model can outlast any patience: it is cut off, and the seed that is printed repeats the run.
fc.configureGlobal({ interruptAfterTimeLimit: 600_000, markInterruptAsFailure: true });
