import { randomBytes } from 'node:crypto';

/** 256 random bits as 43 characters that a URL and a cookie carry as they are. */
export const unguessable = (): string => randomBytes(32).toString('base64url');
