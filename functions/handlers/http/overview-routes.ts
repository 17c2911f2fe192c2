import type { OverviewView } from '../../contract/overview.ts';
import { getOverview } from '../../contract/overview.ts';
import { digestOfBytes } from '../../domain/digest.ts';
import { isRefusal } from '../../domain/refusal.ts';
import {
  type Glimpse,
  glimpseOverview,
  type OverviewDeps,
  type Running,
  readRunning,
  standingOf,
} from '../../use-cases/overview/overview.ts';
import { FORM } from './etag.ts';
import { promotionView } from './promotion-views.ts';
import { ok } from './reply.ts';
import { type Route, route } from './route.ts';

/** What runs where. */
export const overviewRoutes: readonly Route<OverviewDeps>[] = [
  route(getOverview, async ({ principal, headers }, deps) => {
    const glimpse = await glimpseOverview(deps, { principal });
    if (isRefusal(glimpse)) return glimpse;
    const known = headers['if-none-match'];
    const moving = movingView(glimpse);
    const etag = tagOf(moving, standingOf(glimpse));
    if (known === etag) return { status: 304, headers: kept(etag) };
    const running = await readRunning(deps, principal.tenant, glimpse);
    const body = { as_of: glimpse.as_of, ...moving, subjects: subjectsView(running) };
    if (running.counted) return ok(body, kept(etag));
    // Heads that the environments have not counted so: what they say is all that is known of them.
    const read = tagOf(moving, body.subjects);
    return known === read ? { status: 304, headers: kept(read) } : ok(body, kept(read));
  }),
];

/** The instant of the answer is in no tag: it changes with every answer, what it says does not. So the tag is a weak one. */
const tagOf = (...said: readonly unknown[]): string => `W/"${digestOfBytes(JSON.stringify([FORM, said]))}"`;

const kept = (etag: string) => ({ etag, 'cache-control': 'private, no-cache' });

function movingView({ environments, promotions, waiting, complete }: Glimpse) {
  return {
    environments: environments.map(({ environment, freeze }) => {
      const { name, aliases, lock, tenant_lock } = environment;
      const held = lock ?? tenant_lock;
      return {
        name,
        aliases: [...aliases],
        protected: environment.protected,
        lock: held === undefined ? null : { reason: held.reason, by: held.by, at: held.at },
        freeze: freeze === undefined ? null : { reason: freeze.reason, ends_at: freeze.ends_at ?? null },
      };
    }),
    promotions: promotions.map(promotionView),
    waiting: [...waiting],
    complete,
  };
}

function subjectsView({ subjects }: Running): OverviewView['subjects'] {
  return subjects.map(({ subject, heads }) => ({
    ...subject,
    active: heads.map(({ slot, digest, revision, deployment_id, version_label, updated_at }) => ({
      environment: slot.environment,
      gateway_id: slot.gateway ?? null,
      digest,
      revision,
      version: version_label ?? null,
      deployment_id: deployment_id ?? null,
      since: updated_at,
    })),
  }));
}
