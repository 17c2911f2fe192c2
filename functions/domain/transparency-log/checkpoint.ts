import { base64Of, bytesOfText, ed25519KeyIn, isEd25519Signed, sha256Of } from '../digest.ts';
import { joined } from './entry.ts';
import type { Hash } from './merkle.ts';

/** The head of a log at one size (C2SP tlog-checkpoint). */
export type TreeHead = { readonly origin: string; readonly size: number; readonly root: Hash };

/** How the log of a tenant is called: in its checkpoints, and as the name of the key that signs them. */
export const logOrigin = (tenant: string): string => `sluice/log/${tenant}`;

/** Ed25519, as signed notes number their algorithms (C2SP signed-note). */
const ED25519 = Uint8Array.of(1);

/** The text that is signed: origin, size and root, a line each. */
export const checkpointText = ({ origin, size, root }: TreeHead): string =>
  `${origin}\n${size}\n${base64Of(root)}\n`;

/** The head that a checkpoint's text names; `undefined` when it is none, or says more. */
function headIn(text: string): TreeHead | undefined {
  const [, origin, digits, base64] = /^(.+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/=]+)\n$/.exec(text) ?? [];
  const [size, root] = [Number(digits), bytesOfText(base64 ?? '')];
  if (origin === undefined || !Number.isSafeInteger(size) || root?.length !== 32) return undefined;
  return { origin, size, root };
}

/** A checkpoint with the signature of its text, as a signed note. */
export function signedCheckpoint(head: TreeHead, publicKey: string, signature: Uint8Array): string {
  const named = joined([keyIdOf(head.origin, publicKey), signature]);
  return `${checkpointText(head)}\n— ${head.origin} ${base64Of(named)}\n`;
}

/**
 * The head that a signed note names, when it is signed by a key (SPKI, PEM) under the name of its origin; `undefined` otherwise.
 * Signatures by others stand beside it and say nothing here.
 */
export function openCheckpoint(note: string, publicKey: string): TreeHead | undefined {
  const end = note.lastIndexOf('\n\n') + 1;
  const [text, signatures] = [note.slice(0, end), note.slice(end + 1)];
  const head = headIn(text);
  if (head === undefined || !signatures.endsWith('\n')) return undefined;
  const lines = signatures.slice(0, -1).split('\n');
  if (!lines.every((line) => /^— [^\s+]+ [A-Za-z0-9+/=]+$/.test(line))) return undefined;
  const own = lines.some((line) => {
    const [, name, base64 = ''] = line.split(' ');
    const bytes = bytesOfText(base64);
    if (name !== head.origin || bytes?.length !== 68) return false;
    const isNamed = base64Of(bytes.subarray(0, 4)) === base64Of(keyIdOf(name, publicKey));
    return isNamed && isEd25519Signed(new TextEncoder().encode(text), publicKey, bytes.subarray(4));
  });
  return own ? head : undefined;
}

/** The size that a note says it is of, whoever signed it; -1 when it is no checkpoint. */
export const sizeSaid = (note: string): number =>
  headIn(note.slice(0, note.lastIndexOf('\n\n') + 1))?.size ?? -1;

/** The key in the words of other verifiers of signed notes: name, key id and key. */
export function verifierKey(origin: string, publicKey: string): string {
  const id = [...keyIdOf(origin, publicKey)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${origin}+${id}+${base64Of(joined([ED25519, rawKey(publicKey)]))}`;
}

function keyIdOf(name: string, publicKey: string): Uint8Array {
  return sha256Of(new TextEncoder().encode(`${name}\n`), ED25519, rawKey(publicKey)).subarray(0, 4);
}

function rawKey(publicKey: string): Uint8Array {
  const raw = ed25519KeyIn(publicKey);
  if (raw === undefined) throw new TypeError('not an Ed25519 public key');
  return raw;
}
