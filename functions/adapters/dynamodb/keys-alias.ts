import { digestOfBytes } from '../../domain/digest.ts';
import { hex, type Key, name, scope } from './key-parts.ts';

/** The subjects that once had a name: an e-mail address, or that of a machine's owner, in any case. Names are hashed. */
export const aliasKey = (tenant: string, called: string, subject: string): Key => ({
  PK: aliasPartition(tenant, called),
  SK: name(subject),
});
export const aliasPartition = (tenant: string, called: string): string =>
  `${scope(tenant)}NAMED#${hex(digestOfBytes(called.toLowerCase())).slice(0, 32)}`;
