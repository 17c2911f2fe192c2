import {
  getAgentDeployment,
  getAutoPromotion,
  getCurrentDeployment,
  getDeploymentHistory,
  getPlatformDeployment,
  listAgentDeployments,
  putDeploymentMetrics,
  recordAgentDeployment,
  recordPlatformDeployment,
  reportPlatformDeployment,
} from '../../contract/deployments.ts';
import { DEFAULT_LIMIT } from '../../contract/fields.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { checkAutoPromotion } from '../../use-cases/auto-promotion/check.ts';
import { measureDeployment } from '../../use-cases/deployments/measure.ts';
import { currentDeployment, listDeployments, readDeployment } from '../../use-cases/deployments/read.ts';
import { recordDeployment } from '../../use-cases/deployments/record.ts';
import { reportDeployment } from '../../use-cases/deployments/report.ts';
import type { Deps } from '../../use-cases/deps.ts';
import { agentReport, PLATFORM, platformReport } from './deployment-reports.ts';
import { autoPromotionView, deploymentView, platformView } from './deployment-views.ts';
import { created, ok } from './reply.ts';
import { type Route, route } from './route.ts';

/** Nothing here calls a gateway. */
type DeploymentDeps = Omit<Deps, 'driver'>;

/** The operations on deployments, bound to their code. */
export const deploymentRoutes: readonly Route<DeploymentDeps>[] = [
  route(recordAgentDeployment, async ({ principal, body, keeping }, deps) => {
    const answerOf = (deployment: Parameters<typeof deploymentView>[1]) =>
      created(deploymentView(principal.tenant, deployment), `/api/v1/deployments/${deployment.id}`);
    const recorded = await recordDeployment(deps, {
      principal,
      report: agentReport(body),
      ...keeping(answerOf),
    });
    return isRefusal(recorded) ? recorded : answerOf(recorded.deployment);
  }),
  route(listAgentDeployments, async ({ principal, query, page, paged }, deps) => {
    const { agent_id, environment } = query;
    const filter = { agent_id, environment };
    const asked = await page(deps, filter);
    if ('refused' in asked) return asked;
    const found = await listDeployments(deps, {
      principal,
      ...(agent_id === undefined ? {} : { agent_id }),
      ...(environment === undefined ? {} : { environment }),
      page: asked,
    });
    if (isRefusal(found)) return found;
    return paged(deps, found, (deployment) => deploymentView(principal.tenant, deployment), filter);
  }),
  route(getAgentDeployment, async ({ principal, param }, deps) => {
    const found = await readDeployment(deps, { principal, id: param('id') });
    return isRefusal(found) ? found : ok(deploymentView(principal.tenant, found));
  }),
  route(putDeploymentMetrics, async ({ principal, param, body }, deps) => {
    const measured = await measureDeployment(deps, { principal, id: param('id'), metrics: body });
    return isRefusal(measured) ? measured : ok(deploymentView(principal.tenant, measured));
  }),
  route(getAutoPromotion, async ({ principal, param }, deps) => {
    const check = await checkAutoPromotion(deps, { principal, deployment_id: param('id') });
    return isRefusal(check) ? check : ok(autoPromotionView(check));
  }),
  route(recordPlatformDeployment, async ({ principal, body, keeping }, deps) => {
    const answerOf = (deployment: Parameters<typeof platformView>[0]) =>
      created(platformView(deployment, body.environment), `/api/v1/platform/deployments/${deployment.id}`);
    const recorded = await recordDeployment(deps, {
      principal,
      report: platformReport(body),
      ...keeping(answerOf),
    });
    return isRefusal(recorded) ? recorded : answerOf(recorded.deployment);
  }),
  route(reportPlatformDeployment, async ({ principal, param, body }, deps) => {
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
  route(getPlatformDeployment, async ({ principal, param }, deps) => {
    const found = await readDeployment(deps, { principal, id: param('id') });
    return isRefusal(found) ? found : ok(platformView(found));
  }),
  route(getCurrentDeployment, async ({ principal, query }, deps) => {
    const found = await currentDeployment(deps, { principal, subject: PLATFORM, ...query });
    return isRefusal(found) ? found : ok(platformView(found, query.environment));
  }),
  route(getDeploymentHistory, async ({ principal, query }, deps) => {
    const { environment, limit = DEFAULT_LIMIT } = query;
    const found = await listDeployments(deps, { principal, environment, page: { limit } });
    return isRefusal(found)
      ? found
      : ok(found.items.map((deployment) => platformView(deployment, environment)));
  }),
];
