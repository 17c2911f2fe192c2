import { nameOfSecret } from '../../domain/identity/session.ts';
import type { Channel } from '../../domain/identity/via.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Clock, Ids } from '../../ports/clock.ts';
import type { Links } from '../../ports/links.ts';

export type MintLinkDeps = {
  readonly links: Links;
  readonly clock: Clock;
  readonly ids: Ids;
  /** 256 random bits in the alphabet of URLs. */
  readonly unguessable: () => string;
  /** Where people reach the pages, without a slash at the end. */
  readonly site: { readonly url: string };
};

/** Makes a link for one person to decide on a promotion as it is sealed now, until the promotion expires. Its URL is told nowhere else. */
export async function mintLink(
  deps: MintLinkDeps,
  input: {
    readonly promotion: PromotionState;
    readonly approver: { readonly subject: string; readonly email: string };
    readonly channel: Channel;
  },
): Promise<{ readonly url: string; readonly id: string }> {
  const { promotion, approver, channel } = input;
  const token = deps.unguessable();
  const id = deps.ids.next('link');
  await deps.links.keep({
    token_hash: nameOfSecret(token),
    id,
    tenant: promotion.tenant,
    promotion_id: promotion.id,
    manifest_digest: promotion.seal.manifest_digest,
    subject: approver.subject,
    email: approver.email,
    channel,
    created_at: deps.clock.now(),
    expires_at: promotion.expires_at,
  });
  return { url: `${deps.site.url}/approvals/${token}`, id };
}
