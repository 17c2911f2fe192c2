import type { Digest } from '../digest.ts';
import { canonicalJson } from '../jcs.ts';

/**
 * What the log holds of an event or a change: its chain (`promotion/<id>`, `changes`), its number there, and its digest, which all before
 * it are in. Never a value.
 */
export type LogEntry = { readonly chain: string; readonly seq: number; readonly digest: Digest };

/** The bytes of an entry: canonical JSON (RFC 8785). */
export const entryBytes = ({ chain, seq, digest }: LogEntry): Uint8Array =>
  new TextEncoder().encode(canonicalJson({ chain, digest, seq }));

/** Entries as bundles hold them: each after its length, two bytes, the higher first (C2SP tlog-tiles). */
export function bundleOf(entries: readonly Uint8Array[]): Uint8Array {
  return joined(entries.flatMap((bytes) => [Uint8Array.of(bytes.length >> 8, bytes.length & 255), bytes]));
}

/** The entries of a bundle; `undefined` when it ends within one. */
export function entriesIn(bundle: Uint8Array): readonly Uint8Array[] | undefined {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bundle.length; ) {
    const end = at + 2 + (bundle[at] ?? 0) * 256 + (bundle[at + 1] ?? 0);
    if (end > bundle.length || at + 2 > bundle.length) return undefined;
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

/** Byte strings, one after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
