import { expect, it } from 'vitest';
import { noteIn, signatureLine, signatureLinesIn } from '../../../functions/domain/transparency-log/note.ts';

const line = (n: number) =>
  signatureLine({
    name: `witness.example/${n}`,
    keyId: Uint8Array.of(0, 0, 0, n),
    bytes: new Uint8Array(72),
  });
const lines = (count: number) => Array.from({ length: count }, (_, n) => line(n)).join('');

it('a note has at most sixteen signatures, each whole', () => {
  expect(signatureLinesIn(lines(16))).toHaveLength(16);
  expect(signatureLinesIn(lines(17))).toBeUndefined();
  expect(signatureLinesIn(lines(2).slice(0, -1))).toBeUndefined();
  expect(signatureLinesIn(`${line(1)}no signature\n`)).toBeUndefined();
  expect(noteIn(`a text\n\n${line(1)}`)).toMatchObject({ text: 'a text\n' });
  expect(noteIn(lines(1))).toBeUndefined();
});
