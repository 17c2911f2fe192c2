import type { Deployment } from '../../domain/deployment/deployment.ts';
import { Fault } from '../../domain/faults.ts';
import type { CloudEvent } from '../../ports/bus.ts';
import type { Deps } from '../deps.ts';

/** CDEvents where one exists: a service came to an environment, or was replaced there (DESIGN section 11). */
export const DEPLOYED = 'dev.cdevents.service.deployed.0.3.0';
export const UPGRADED = 'dev.cdevents.service.upgraded.0.3.0';
/** Our own: run-time metrics of a deployment arrived. */
export const MEASURED = 'dev.cdeventsx.sluice-deployment.measured.0.1.0';

/** The event that says something about a deployment. Repeating it repeats its id. */
export function deploymentEvent(
  tenant: string,
  type: string,
  deployment: Deployment,
  now: string,
): CloudEvent {
  return {
    specversion: '1.0',
    id: `${deployment.id}-${deployment.version}`,
    source: `/sluice/${tenant}`,
    type,
    subject: deployment.id,
    time: now,
    data: {
      tenant,
      deployment_id: deployment.id,
      environment: deployment.environment,
      kind: deployment.subject.kind,
      name: deployment.subject.name,
      digest: deployment.digest,
    },
  };
}

/** Publishes a hint. Losing it loses nothing: the evaluation every five minutes finds the same deployment. */
export async function hint(deps: Pick<Deps, 'bus'>, event: CloudEvent): Promise<void> {
  try {
    await deps.bus.publish([event]);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
}
