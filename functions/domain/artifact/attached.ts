import type { Digest } from '../digest.ts';
import { canonicalJson, type Json } from '../jcs.ts';
import { isObject } from './descriptor.ts';
import { fallbackTag } from './referrers.ts';

/**
 * The tags under which cosign keeps what belongs to an image: its signatures, attestations and SBOM, each in a manifest of its own without
 * a subject (cosign, SIGNATURE_SPEC "Tag-based Discovery"). cosign 2 writes them unless told otherwise. No list of referrers names them.
 */
export const attachedTags = (subject: Digest): readonly string[] =>
  ENDINGS.map((ending) => `${fallbackTag(subject)}.${ending}`);

/** The tag of the signatures alone. */
export const signaturesTag = (subject: Digest): string => `${fallbackTag(subject)}.sig`;

/** Whether a tag names what itself may be signed. */
export const isSigned = (attached: string): boolean => attached.endsWith('.sbom');

const ENDINGS = ['sig', 'att', 'sbom'] as const;

/**
 * The manifest that a tag of `attachedTags` names once a copy is done, where the target has another one than the source: a list of
 * signatures or attestations loses none of either side, an SBOM is the source's. Answers a text given where that is the whole of it.
 */
export function mergedAttached(
  tag: string,
  { here, there }: { readonly here: string; readonly there: string },
): string {
  const [ours, theirs] = [layersIn(here), layersIn(there)];
  if (isSigned(tag) || ours === undefined || theirs === undefined) return here;
  const added = theirs.layers.filter((layer) => !ours.keys.has(keyOf(layer)));
  if (added.length === 0) return here;
  if (ours.layers.every((layer) => theirs.keys.has(keyOf(layer)))) return there;
  return JSON.stringify({ ...ours.manifest, layers: [...ours.layers, ...added] });
}

type Layers = {
  readonly manifest: object;
  readonly layers: readonly Json[];
  readonly keys: ReadonlySet<string>;
};

function layersIn(text: string): Layers | undefined {
  const manifest: unknown = JSON.parse(text);
  if (!isObject(manifest) || !Array.isArray(manifest['layers'])) return undefined;
  const layers: readonly Json[] = manifest['layers'];
  return { manifest, layers, keys: new Set(layers.map(keyOf)) };
}

/** Two signatures of one payload differ in their annotations alone. */
const keyOf = (layer: Json): string => canonicalJson(layer);
