import type { Digest } from '../../domain/digest.ts';
import { hex, type Key } from './key-parts.ts';

/** What a bearer secret opens is named by the secret's digest, outside any tenant: a guess is looked up, never compared. */
export const linkKey = (token_hash: Digest): Key => ({ PK: `LINK#${hex(token_hash)}`, SK: 'LINK' });
export const sessionKey = (token_hash: Digest): Key => ({ PK: `SESSION#${hex(token_hash)}`, SK: 'SESSION' });
