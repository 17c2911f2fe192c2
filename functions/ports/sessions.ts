import type { Digest } from '../domain/digest.ts';
import type { Session } from '../domain/identity/session.ts';

/** Who is signed in to the pages. Outside any tenant: a person may belong to several. */
export interface Sessions {
  open(session: Session): Promise<void>;
  /** The session of a token's digest while it lives at `now`; strongly consistent, so that who signed out is out. */
  find(token_hash: Digest, now: string): Promise<Session | undefined>;
  /** Ends it. One that is not there is over already. */
  close(token_hash: Digest): Promise<void>;
}
