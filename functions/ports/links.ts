import type { Digest } from '../domain/digest.ts';
import type { ApprovalLink } from '../domain/link/link.ts';

/** Approval links, outside any tenant: who presses one is known by it alone. A link is used up by the write `link_use` of a commit. */
export interface Links {
  /** Keeps a new link, for 30 days beyond its expiry. */
  keep(link: ApprovalLink): Promise<void>;
  /** The link of a token's digest, used, expired or not; strongly consistent. */
  find(token_hash: Digest): Promise<ApprovalLink | undefined>;
}
