import { base64Of, bytesOfText, ed25519KeyIn, isEd25519Signed, sha256Of } from '../digest.ts';
import { joined } from './entry.ts';
import { type Hash, isSame } from './merkle.ts';
import { noteIn, signatureLine } from './note.ts';

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
  const line = signatureLine({
    name: head.origin,
    keyId: keyIdOf(head.origin, ED25519, rawKey(publicKey)),
    bytes: signature,
  });
  return `${checkpointText(head)}\n${line}`;
}

/** What a key (SPKI, PEM) is said to have signed of a checkpoint under the name of its origin; nothing of it is verified yet. */
export type Signed = {
  readonly head: TreeHead;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
};

/** The signature of a checkpoint by a key; `undefined` when there is none. Signatures by others stand beside it and say nothing here. */
export function signatureBy(publicKey: string, checkpoint: string): Signed | undefined {
  const [note, key] = [noteIn(checkpoint), ed25519KeyIn(publicKey)];
  const head = note === undefined ? undefined : headIn(note.text);
  if (note === undefined || head === undefined || key === undefined) return undefined;
  const keyId = keyIdOf(head.origin, ED25519, key);
  const own = note.signatures.find((each) => each.name === head.origin && isSame(each.keyId, keyId));
  if (own?.bytes.length !== 64) return undefined;
  return { head, message: new TextEncoder().encode(note.text), signature: own.bytes };
}

/** The head that a checkpoint names, when a key signed it under the name of its origin; `undefined` otherwise. */
export function openCheckpoint(checkpoint: string, publicKey: string): TreeHead | undefined {
  const signed = signatureBy(publicKey, checkpoint);
  if (signed === undefined) return undefined;
  return isEd25519Signed(signed.message, publicKey, signed.signature) ? signed.head : undefined;
}

/** The head that a checkpoint claims, whoever signed it; `undefined` when it is no checkpoint. */
export const headSaid = (checkpoint: string): TreeHead | undefined => headIn(noteIn(checkpoint)?.text ?? '');

/** The key in the words of other verifiers of signed notes: name, key id and key. */
export function verifierKey(origin: string, publicKey: string): string {
  const keyId = keyIdOf(origin, ED25519, rawKey(publicKey));
  const id = [...keyId].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${origin}+${id}+${base64Of(joined([ED25519, rawKey(publicKey)]))}`;
}

/** The four bytes that name a key: of its holder's name, its algorithm and the key itself (C2SP signed-note). */
export function keyIdOf(name: string, algorithm: Uint8Array, key: Uint8Array): Uint8Array {
  return sha256Of(new TextEncoder().encode(`${name}\n`), algorithm, key).subarray(0, 4);
}

function rawKey(publicKey: string): Uint8Array {
  const raw = ed25519KeyIn(publicKey);
  if (raw === undefined) throw new TypeError('not an Ed25519 public key');
  return raw;
}
