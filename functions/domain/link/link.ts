import type { Digest } from '../digest.ts';
import type { Channel } from '../identity/via.ts';

/** What a person may answer to a request for approval. */
export const LINK_DECISIONS = ['approve', 'reject', 'request_changes'] as const;
export type LinkDecision = (typeof LINK_DECISIONS)[number];

/** The right of one person to be asked about one manifest of one promotion, once, until it expires. Only its token's digest is kept. */
export type ApprovalLink = {
  readonly token_hash: Digest;
  /** What the record calls it: says nothing about the token. */
  readonly id: string;
  readonly tenant: string;
  readonly promotion_id: string;
  readonly manifest_digest: Digest;
  readonly subject: string;
  readonly email: string;
  readonly channel: Channel;
  readonly created_at: string;
  readonly expires_at: string;
  /** Set in the commit of the decision that it was used for. */
  readonly used?: LinkUse;
};

export type LinkUse = { readonly at: string; readonly decision: LinkDecision };
