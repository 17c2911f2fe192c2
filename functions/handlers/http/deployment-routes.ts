import * as contract from '../../contract/deployments.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { checkAutoPromotion } from '../../use-cases/auto-promotion/check.ts';
import { measureDeployment } from '../../use-cases/deployments/measure.ts';
import { listDeployments, readDeployment } from '../../use-cases/deployments/read.ts';
import { recordDeployment } from '../../use-cases/deployments/record.ts';
import { agentReport } from './deployment-reports.ts';
import { autoPromotionView, deploymentView } from './deployment-views.ts';
import { driftRoutes } from './drift-routes.ts';
import { type DeploymentDeps, platformDeploymentRoutes } from './platform-deployment-routes.ts';
import { created, ok } from './reply.ts';
import { type Route, route } from './route.ts';

/** The operations on deployments, bound to their code. */
export const deploymentRoutes: readonly Route<DeploymentDeps>[] = [
  route(contract.recordAgentDeployment, async ({ principal, body, keeping, dry_run }, deps) => {
    const answerOf = (deployment: Parameters<typeof deploymentView>[1]) =>
      created(deploymentView(principal.tenant, deployment), `/api/v1/deployments/${deployment.id}`);
    const recorded = await recordDeployment(deps, {
      principal,
      report: agentReport(body),
      ...keeping(answerOf),
    });
    if (isRefusal(recorded)) return recorded;
    return dry_run
      ? ok(deploymentView(principal.tenant, recorded.deployment))
      : answerOf(recorded.deployment);
  }),
  route(contract.listAgentDeployments, async ({ principal, query, page, paged }, deps) => {
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
  route(contract.getAgentDeployment, async ({ principal, param }, deps) => {
    const found = await readDeployment(deps, { principal, id: param('id') });
    return isRefusal(found) ? found : ok(deploymentView(principal.tenant, found));
  }),
  route(contract.putDeploymentMetrics, async ({ principal, param, body }, deps) => {
    const measured = await measureDeployment(deps, { principal, id: param('id'), metrics: body });
    return isRefusal(measured) ? measured : ok(deploymentView(principal.tenant, measured));
  }),
  route(contract.getAutoPromotion, async ({ principal, param }, deps) => {
    const check = await checkAutoPromotion(deps, { principal, deployment_id: param('id') });
    return isRefusal(check) ? check : ok(autoPromotionView(check));
  }),
  ...platformDeploymentRoutes,
  ...driftRoutes,
];
