import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { EMail } from '../../functions/domain/fields.ts';

const accepts = (text: string) => z.safeParse(EMail, text).success;

describe('an e-mail address', () => {
  it.each([
    'dev@acme.com',
    'dev+1@acme.com',
    'o’neil@acme.com',
    'jürgen@büro.example',
    '用户@例え.jp',
    '😀@acme.com',
  ])('is accepted: %s', (text) => {
    expect(accepts(text)).toBe(true);
  });

  it.each<[string, number]>([
    ['a zero-width space', 0x200b],
    ['a zero-width joiner', 0x200d],
    ['a word joiner', 0x2060],
    ['a byte-order mark', 0xfeff],
    ['a soft hyphen', 0xad],
    ['a variation selector', 0xfe0f],
    ['a Hangul filler', 0x3164],
    ['a tag character', 0xe0041],
    ['a combining grapheme joiner', 0x34f],
    ['a right-to-left override', 0x202e],
    ['a right-to-left isolate', 0x2067],
    ['a right-to-left mark', 0x200f],
    ['an Arabic letter mark', 0x61c],
    ['a control character', 0x07],
    ['a line break', 0x0a],
    ['a no-break space', 0xa0],
    ['a private-use character', 0xe000],
    ['a lone surrogate', 0xd800],
  ])('is refused with %s, before the @ and after it', (_, code) => {
    const hidden = String.fromCodePoint(code);
    expect([accepts(`al${hidden}ice@acme.com`), accepts(`alice@ac${hidden}me.com`)]).toEqual([false, false]);
  });
});
