import { getDeploymentMetrics, scrapeMetrics } from '../../contract/deployment-metrics.ts';
import { PROMETHEUS, prometheusText } from '../../domain/deployment/prometheus.ts';
import { lengthOf } from '../../domain/deployment/roll-up.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { type MetricsDeps, readMetrics } from '../../use-cases/deployments/metrics.ts';
import { type OpenedKey, type OpenKeyDeps, openKey } from '../../use-cases/flags/open-key.ts';
import { metricsView } from './deployment-metrics-view.ts';
import { presentedKey } from './flag-credential.ts';
import { ok, problemReply } from './reply.ts';
import { type Route, route } from './route.ts';

/** Deployments in numbers. */
export const deploymentMetricsRoutes: readonly Route<MetricsDeps & OpenKeyDeps>[] = [
  route(getDeploymentMetrics, async ({ principal, query }, deps) => {
    const asked = { ...query, interval: query.interval ?? 'day' };
    const found = await readMetrics(deps, { principal, ...asked });
    return isRefusal(found) ? found : ok(metricsView(found, asked));
  }),
  route(scrapeMetrics, async ({ headers, instance }, deps) => {
    const opened = await openKey(deps, presentedKey(headers) ?? '', ['scrape']);
    if (opened === undefined) {
      return problemReply('unauthenticated', 'send a flag key of type scrape as bearer token', instance);
    }
    const { environment } = opened.key;
    const found = await readMetrics(deps, {
      principal: scraper(opened),
      environment,
      interval: 'month',
    });
    if (isRefusal(found)) return found;
    const by_kind = found.environments.flatMap((one) => one.by_kind);
    const text = prometheusText({ environment, days: lengthOf(found), by_kind });
    return { status: 200, text, headers: { 'content-type': PROMETHEUS } };
  }),
];

/** What a key of type scrape may read: its own environment. */
function scraper({ tenant, key: { id, environment } }: OpenedKey): Principal {
  const grants = [{ role: 'viewer', environment }] as const;
  return { tenant, subject: id, email: '', kind: 'machine', groups: [], grants };
}
