import { id, type Key, scope } from './key-parts.ts';

/** When flag keys were last used, of one tenant in one partition. */
export const flagKeyUsesPartition = (tenant: string): string => `${scope(tenant)}FLAGKEYS#USES`;
export const flagKeyUseKey = (tenant: string, key: string): Key => ({
  PK: flagKeyUsesPartition(tenant),
  SK: id(key),
});
