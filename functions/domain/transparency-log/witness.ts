import { base64Of, bytesOfText, ed25519PemOf, isEd25519Signed } from '../digest.ts';
import { keyIdOf } from './checkpoint.ts';
import type { Hash } from './merkle.ts';
import { isSame } from './merkle.ts';
import { type NoteSignature, noteIn, signatureLine, signatureLinesIn } from './note.ts';

/** Who states that a log only grew: a name and the key that signs such statements (C2SP tlog-cosignature, Ed25519). */
export type Cosigner = { readonly name: string; readonly keyId: Uint8Array; readonly publicKey: string };

/** A cosigner that is asked (C2SP tlog-witness), by the address below which it takes checkpoints. */
export type Witness = Cosigner & { readonly url: string };

/** One checkpoint and its cosignatures are a signed note, whose signatures are bounded: one of 16 is the log's own. */
export const MOST_WITNESSES = 15;

/** The algorithm of cosignatures by Ed25519, as signed notes number it. */
const COSIGNATURE = Uint8Array.of(4);
const VERIFIER_KEY = /^([^\s+,]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u;

/** The cosigner in a verifier key (`name+key id+key`); `undefined` for what is none, or of another algorithm. */
export function cosignerIn(verifierKey: string): Cosigner | undefined {
  const [, name = '', id = '', base64 = ''] = VERIFIER_KEY.exec(verifierKey) ?? [];
  const bytes = bytesOfText(base64);
  if (bytes?.length !== 33 || bytes[0] !== COSIGNATURE[0]) return undefined;
  const key = bytes.subarray(1);
  const keyId = keyIdOf(name, COSIGNATURE, key);
  const named = [...keyId].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return named === id ? { name, keyId, publicKey: ed25519PemOf(key) } : undefined;
}

/**
 * The witnesses that an installation asks: verifier key and address of each, a space between them, a comma after each but the last.
 * Throws `TypeError` that names what is wrong.
 */
export function witnessesIn(setting: string): readonly Witness[] {
  const entries = setting.split(',').map((each) => each.trim());
  if (setting.trim() === '') return [];
  const witnesses = entries.map((entry) => {
    const [key = '', url = '', ...more] = entry.split(/\s+/);
    const cosigner = cosignerIn(key);
    if (cosigner === undefined) throw new TypeError(`'${key}' is no verifier key of an Ed25519 cosigner`);
    if (more.length > 0 || !URL.canParse(url)) throw new TypeError(`${cosigner.name} has no address`);
    return { ...cosigner, url: url.replace(/\/+$/, '') };
  });
  if (witnesses.length > MOST_WITNESSES) throw new TypeError(`more than ${MOST_WITNESSES} witnesses`);
  const twice = witnesses.find(({ publicKey }, at) =>
    witnesses.some((other, place) => place < at && other.publicKey === publicKey),
  );
  if (twice !== undefined) throw new TypeError(`the key of ${twice.name} stands twice`);
  return witnesses;
}

/** What a witness is sent: the size that it saw last, the way from there, and the checkpoint (`add-checkpoint`). */
export const submission = (old: number, path: readonly Hash[], checkpoint: string): string =>
  `old ${old}\n${path.map((hash) => `${base64Of(hash)}\n`).join('')}\n${checkpoint}`;

/** The size in the answer of a witness that has seen another one than was named; `undefined` when it names none. */
export function sizeSeen(body: string): number | undefined {
  const [, digits] = /^(0|[1-9][0-9]{0,14})\n$/.exec(body) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** A checkpoint with the cosignature that a witness answered; `undefined` where the answer has none by its key that is good. */
export function withCosignature(checkpoint: string, answer: string, by: Cosigner): string | undefined {
  const note = noteIn(checkpoint);
  const good = signatureLinesIn(answer)?.find((one) => isOf(by, one) && isGood(by, one, note?.text ?? ''));
  if (note === undefined || good === undefined) return undefined;
  return isCosigned(checkpoint, by) ? checkpoint : `${checkpoint}${signatureLine(good)}`;
}

/** Whether a checkpoint has a good cosignature of somebody. */
export function isCosigned(checkpoint: string, by: Cosigner): boolean {
  const note = noteIn(checkpoint);
  return note?.signatures.some((one) => isOf(by, one) && isGood(by, one, note.text)) === true;
}

const isOf = (by: Cosigner, { name, keyId }: NoteSignature): boolean =>
  name === by.name && isSame(keyId, by.keyId);

/** Eight bytes of time, in seconds since 1970, and the signature of that time and the text. */
function isGood(by: Cosigner, { bytes }: NoteSignature, text: string): boolean {
  if (bytes.length !== 72) return false;
  const time = bytes.subarray(0, 8).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const message = new TextEncoder().encode(`cosignature/v1\ntime ${time}\n${text}`);
  return isEd25519Signed(message, by.publicKey, bytes.subarray(8));
}
