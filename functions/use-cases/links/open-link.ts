import type { Digest } from '../../domain/digest.ts';
import { nameOfSecret } from '../../domain/identity/session.ts';
import { judgeLink } from '../../domain/link/judge.ts';
import type { ApprovalLink } from '../../domain/link/link.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Links } from '../../ports/links.ts';
import type { Deps } from '../deps.ts';

export type OpenLinkDeps = Pick<Deps, 'promotions' | 'catalog' | 'clock'> & { readonly links: Links };

/** A link that is there, whatever it still opens. */
export type OpenedLink = {
  readonly link: ApprovalLink;
  readonly state: PromotionState;
  /** Whether whoever has the link may act by it without signing in. */
  readonly alone: boolean;
  /** Why it opens nothing any more; absent while it does. */
  readonly stale?: Refusal;
};

/** Looks a link up by the digest of its token. Changes nothing, however often and by whatever it is asked. Refuses `not_found`. */
export async function openLink(
  deps: OpenLinkDeps,
  { token }: { readonly token: string },
): Promise<OpenedLink | Refusal> {
  const link = TOKEN.test(token) ? await deps.links.find(nameOfSecret(token)) : undefined;
  const stored = link === undefined ? undefined : await deps.promotions.read(link.tenant, link.promotion_id);
  if (link === undefined || stored === undefined) return refuse('not_found', 'there is no such link');
  const { state } = stored;
  const stale = judgeLink(link, state, deps.clock.now());
  const alone = stale === undefined && (await actsAlone(deps, state));
  return { link, state, alone, ...(stale === undefined ? {} : { stale }) };
}

/** Judged when it is used: a target that is protected by now asks who somebody is, whatever was sealed. */
async function actsAlone({ catalog }: Pick<Deps, 'catalog'>, state: PromotionState): Promise<boolean> {
  const { requirements } = state.seal;
  if (requirements.link_only !== true || requirements.protected) return false;
  const environment = await catalog.item(state.tenant, 'environment', state.target_environment);
  return environment?.protected === false;
}

/** Judges a link by what stands in the table now, for each attempt to use it. */
export async function judgedNow(
  deps: Pick<OpenLinkDeps, 'links'>,
  token_hash: Digest,
  state: PromotionState,
  now: string,
): Promise<Refusal | undefined> {
  const link = await deps.links.find(token_hash);
  return link === undefined ? refuse('not_found', 'there is no such link') : judgeLink(link, state, now);
}

const TOKEN = /^[A-Za-z0-9_-]{43}$/;
