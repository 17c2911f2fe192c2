import { base64Of, bytesOfText } from '../digest.ts';
import { joined } from './entry.ts';

/** A signature of a note: who signed, the four bytes that name the key, and what the algorithm of that key makes. */
export type NoteSignature = {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly bytes: Uint8Array;
};

/** A text and its signatures (C2SP signed-note). The text ends with a line feed. */
export type SignedNote = { readonly text: string; readonly signatures: readonly NoteSignature[] };

const KEY_ID = 4;
/** No note has more than 16 signatures here; C2SP lets a reader bound them. */
const MOST_SIGNATURES = 16;
const LINE = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/u;

/** The note in a text; `undefined` when it is none. */
export function noteIn(given: string): SignedNote | undefined {
  const end = given.lastIndexOf('\n\n') + 1;
  const [text, rest] = [given.slice(0, end), given.slice(end + 1)];
  const lines = signatureLinesIn(rest);
  return text === '' || lines === undefined ? undefined : { text, signatures: lines };
}

/** The signatures in lines of their own, as they stand below a note and as witnesses answer them; `undefined` when a line is none. */
export function signatureLinesIn(lines: string): readonly NoteSignature[] | undefined {
  if (!lines.endsWith('\n')) return undefined;
  const all = lines.slice(0, -1).split('\n');
  if (all.length > MOST_SIGNATURES) return undefined;
  const signatures = all.map((line) => {
    const [, name, base64 = ''] = LINE.exec(line) ?? [];
    const bytes = bytesOfText(base64);
    return name === undefined || bytes === undefined || bytes.length <= KEY_ID
      ? undefined
      : { name, keyId: bytes.subarray(0, KEY_ID), bytes: bytes.subarray(KEY_ID) };
  });
  const found = signatures.filter((each) => each !== undefined);
  return found.length === signatures.length ? found : undefined;
}

export const signatureLine = ({ name, keyId, bytes }: NoteSignature): string =>
  `— ${name} ${base64Of(joined([keyId, bytes]))}\n`;
