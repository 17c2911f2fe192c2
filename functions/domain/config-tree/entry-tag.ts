import { type Digest, digestOfBytes } from '../digest.ts';
import type { Body } from './node.ts';

/** What names an entry's content: it changes with the entry and with nothing else. Of a sensitive one nobody can guess it. */
export function entryTag(body: Body): Digest {
  return digestOfBytes('inline' in body ? body.inline : `${body.size} ${body.parts.join(' ')}`);
}
