import * as contract from '../../contract/artifacts.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { type PublishDeps, publishVersion } from '../../use-cases/artifacts/publish.ts';
import {
  listVersions,
  readVersion,
  resolveVersion,
  type ShownVersion,
} from '../../use-cases/artifacts/read.ts';
import { type RetentionDeps, retain } from '../../use-cases/artifacts/retention.ts';
import { type LifecycleDeps, setLifecycle } from '../../use-cases/artifacts/set-lifecycle.ts';
import { artifactStatus, type StatusDeps } from '../../use-cases/artifacts/status.ts';
import { statusView, versionView } from './artifact-views.ts';
import type { CursorDeps } from './cursor.ts';
import { etag, ifMatch } from './etag.ts';
import { type Answer, created, ok } from './reply.ts';
import { type Route, route } from './route.ts';

export type ArtifactDeps = PublishDeps & LifecycleDeps & RetentionDeps & StatusDeps & CursorDeps;

/** A version; its tag covers what the passing of time makes of it. */
function shownVersion(tenant: string, found: ShownVersion, now: string): Answer {
  const body = versionView(tenant, found, now);
  return ok(body, etag(found.version.edition, body));
}

/** Publishing artifacts, and reading their versions. */
export const artifactRoutes: readonly Route<ArtifactDeps>[] = [
  route(contract.publishArtifactVersion, async ({ principal, param, body, keeping, now }, deps) => {
    const artifact = param('name');
    const made = (shown: ShownVersion): Answer =>
      created(
        versionView(principal.tenant, shown, now),
        `/api/v1/artifacts/${artifact}/versions/${shown.version.label}`,
      );
    const published = await publishVersion(deps, { principal, artifact, ...body, ...keeping(made) });
    if (isRefusal(published)) return published;
    return published.created
      ? made(published.shown)
      : ok(versionView(principal.tenant, published.shown, now));
  }),
  route(contract.listArtifactVersions, async ({ principal, param, page, paged, now }, deps) => {
    const artifact = param('name');
    const asked = await page(deps, { artifact });
    if ('refused' in asked) return asked;
    const found = await listVersions(deps, { principal, artifact, page: asked });
    if (isRefusal(found)) return found;
    return paged(deps, found, (one) => versionView(principal.tenant, one, now), { artifact });
  }),
  route(contract.resolveArtifactVersion, async ({ principal, param, query, now }, deps) => {
    const found = await resolveVersion(deps, { principal, artifact: param('name'), ...query });
    if (isRefusal(found)) return found;
    const { warning } = found;
    return ok({ constraint: query.constraint, version: versionView(principal.tenant, found, now), warning });
  }),
  route(contract.getArtifactVersion, async ({ principal, param, now }, deps) => {
    const asked = { principal, artifact: param('name'), version: param('version') };
    const found = await readVersion(deps, asked);
    return isRefusal(found) ? found : shownVersion(principal.tenant, found, now);
  }),
  route(contract.retainArtifact, async ({ principal, param, query: { dry_run = false } }, deps) => {
    const found = await retain(deps, { principal, artifact: param('name'), dry_run });
    if (isRefusal(found)) return found;
    const removed = found.removed.map(({ places, ...one }) => ({
      ...one,
      places: places.map(({ kept_because = null, ...place }) => ({ ...place, kept_because })),
    }));
    return ok({ dry_run, kept: found.kept, removed });
  }),
  route(contract.setArtifactLifecycle, async ({ principal, param, body, headers, now }, deps) => {
    const match = ifMatch(headers);
    if ('refused' in match) return match;
    const asked = { principal, artifact: param('name'), version: param('version') };
    const set = await setLifecycle(deps, { ...asked, lifecycle: body, ifMatch: match.versions });
    if (isRefusal(set)) return set;
    return shownVersion(principal.tenant, set, now);
  }),
  route(contract.getArtifactStatus, async ({ principal, param, query }, deps) => {
    const artifact = param('name');
    const status = await artifactStatus(deps, { principal, artifact, verify: query.verify ?? false });
    return isRefusal(status) ? status : ok(statusView(artifact, status));
  }),
];
