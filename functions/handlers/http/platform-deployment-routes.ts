import * as contract from '../../contract/platform-deployments.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import type { Kind } from '../../domain/subject.ts';
import {
  currentDeployment,
  deploymentsOf,
  listDeployments,
  readDeployment,
} from '../../use-cases/deployments/read.ts';
import { recordDeployment } from '../../use-cases/deployments/record.ts';
import { reportDeployment } from '../../use-cases/deployments/report.ts';
import type { Deps } from '../../use-cases/deps.ts';
import { PLATFORM, platformReport } from './deployment-reports.ts';
import { platformView } from './deployment-views.ts';
import { created, ok } from './reply.ts';
import { type Route, route } from './route.ts';

/** Nothing here calls a gateway. */
export type DeploymentDeps = Omit<Deps, 'driver' | 'registries'>;

/** `/api/v1/platform/deployments`. */
export const platformDeploymentRoutes: readonly Route<DeploymentDeps>[] = [
  route(contract.recordPlatformDeployment, async ({ principal, body, keeping }, deps) => {
    const answerOf = (deployment: Parameters<typeof platformView>[0]) =>
      created(platformView(deployment, body.environment), `/api/v1/platform/deployments/${deployment.id}`);
    const recorded = await recordDeployment(deps, {
      principal,
      report: platformReport(body),
      ...keeping(answerOf),
    });
    return isRefusal(recorded) ? recorded : answerOf(recorded.deployment);
  }),
  route(contract.reportPlatformDeployment, async ({ principal, param, body }, deps) => {
    const { status, completedAt, liveAt, notes } = body;
    const reported = await reportDeployment(deps, {
      principal,
      id: param('id'),
      report: {
        status,
        ...(completedAt === undefined ? {} : { completed_at: completedAt }),
        ...(liveAt === undefined ? {} : { live_at: liveAt }),
        ...(notes === undefined ? {} : { notes }),
      },
    });
    return isRefusal(reported) ? reported : ok(platformView(reported));
  }),
  route(contract.getPlatformDeployment, async ({ principal, param }, deps) => {
    const found = await readDeployment(deps, { principal, id: param('id') });
    return isRefusal(found) ? found : ok(platformView(found));
  }),
  route(contract.getCurrentDeployment, async ({ principal, query }, deps) => {
    const found = await currentDeployment(deps, { principal, subject: PLATFORM, ...query });
    return isRefusal(found) ? found : ok(platformView(found, query.environment));
  }),
  route(contract.getDeploymentHistory, async ({ principal, query, page, listed }, deps) => {
    const { environment, kind, agentId } = query;
    const filter = { environment, kind, agentId };
    const asked = await page(deps, filter);
    if ('refused' in asked) return asked;
    const found = await listDeployments(deps, {
      principal,
      environment,
      ...kindAsked(kind, agentId),
      ...(agentId === undefined ? {} : { agent_id: agentId }),
      page: asked,
    });
    if (isRefusal(found)) return found;
    return listed(deps, found, (deployment) => platformView(deployment, environment), filter);
  }),
  route(contract.listDeploymentsOfTag, async ({ principal, param, page, listed }, deps) => {
    const filter = { imageTag: param('imageTag') };
    const asked = await page(deps, filter);
    if ('refused' in asked) return asked;
    const list = { by: 'label', subject: PLATFORM, label: filter.imageTag } as const;
    const found = await deploymentsOf(deps, { principal, list, page: asked });
    if (isRefusal(found)) return found;
    if (found.items.length === 0) return refuse('not_found', `the tag ${filter.imageTag} was never deployed`);
    return listed(deps, found, (deployment) => platformView(deployment), filter);
  }),
  route(contract.getTagExists, async ({ principal, param }, deps) => {
    const imageTag = param('imageTag');
    const list = { by: 'label', subject: PLATFORM, label: imageTag } as const;
    const found = await deploymentsOf(deps, { principal, list, page: { limit: 1 } });
    return isRefusal(found) ? found : ok({ imageTag, exists: found.items.length > 0 });
  }),
  route(contract.listDeploymentsOfBranch, async ({ principal, param, page, listed }, deps) => {
    const filter = { gitBranch: param('gitBranch') };
    const asked = await page(deps, filter);
    if ('refused' in asked) return asked;
    const list = { by: 'branch', subject: PLATFORM, branch: filter.gitBranch } as const;
    const found = await deploymentsOf(deps, { principal, list, page: asked });
    return isRefusal(found) ? found : listed(deps, found, (deployment) => platformView(deployment), filter);
  }),
];

/** The history is that of artifacts, unless the caller asks for another kind, for all of them or for an agent. */
function kindAsked(kind: Kind | 'all' | undefined, agent: string | undefined): { readonly kind?: Kind } {
  if (kind === 'all' || (kind === undefined && agent !== undefined)) return {};
  return { kind: kind ?? PLATFORM.kind };
}
