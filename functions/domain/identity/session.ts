import { type Digest, digestOfBytes } from '../digest.ts';

/** A signed-in person. Only the digest of the session's token is kept; whoever has the token is the person until `expires_at`. */
export type Session = {
  readonly token_hash: Digest;
  /** The subject as the identity provider names it: the one thing believed of its token. */
  readonly subject: string;
  readonly created_at: string;
  readonly expires_at: string;
};

/** A working day: after it a person proves again who they are (NIST SP 800-63B section 2.2.3 allows up to 24 h). */
export const SESSION_HOURS = 8;

/** The name under which a bearer secret (of a session, of a link) is kept: its plain digest, as 256 random bits need no salt. */
export function nameOfSecret(secret: string): Digest {
  return digestOfBytes(secret);
}

/** What the forms of a session carry, so that no foreign page can send one. It follows from the session's token and does not tell it. */
export function formToken(secret: string): string {
  return digestOfBytes(`sluice/form/v1\n${secret}`).slice('sha256:'.length);
}
