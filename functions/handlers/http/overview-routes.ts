import type { OverviewView } from '../../contract/overview.ts';
import { getOverview } from '../../contract/overview.ts';
import { digestOfBytes } from '../../domain/digest.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { type Overview, type OverviewDeps, readOverview } from '../../use-cases/overview/overview.ts';
import { promotionView } from './promotion-views.ts';
import { ok } from './reply.ts';
import { type Route, route } from './route.ts';

/** What runs where. */
export const overviewRoutes: readonly Route<OverviewDeps>[] = [
  route(getOverview, async ({ principal, headers }, deps) => {
    const overview = await readOverview(deps, { principal });
    if (isRefusal(overview)) return overview;
    const body = overviewView(overview);
    // The instant of the answer changes with every answer: what it says does not.
    const etag = `"${digestOfBytes(JSON.stringify({ ...body, as_of: '' }))}"`;
    const kept = { etag, 'cache-control': 'private, no-cache' };
    return headers['if-none-match'] === etag ? { status: 304, headers: kept } : ok(body, kept);
  }),
];

function overviewView({ as_of, environments, subjects, promotions, waiting }: Overview): OverviewView {
  return {
    as_of,
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
    subjects: subjects.map(({ subject, heads }) => ({
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
    })),
    promotions: promotions.map(promotionView),
    waiting: [...waiting],
  };
}
