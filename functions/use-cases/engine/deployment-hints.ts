import type { Deployment } from '../../domain/deployment/deployment.ts';
import { Fault } from '../../domain/faults.ts';
import { type CloudEvent, cloudEvent } from '../../domain/notification/cloud-event.ts';
import { serviceContent, serviceName } from '../../domain/notification/service.ts';
import type { Deps } from '../deps.ts';

/** Our own: run-time metrics of a deployment arrived. */
export const MEASURED = 'dev.cdeventsx.sluice-deployment.measured.0.1.0';

/** The event that says something about a deployment. Repeating it repeats its id. */
export function deploymentEvent(
  tenant: string,
  type: string,
  deployment: Deployment,
  now: string,
): CloudEvent {
  const { id, version, environment, subject, digest } = deployment;
  return cloudEvent({
    tenant,
    id: `${id}-${version}`,
    type,
    at: now,
    subject: type === MEASURED ? id : serviceName(subject),
    content: serviceContent({ ...subject, environment, digest }),
    custom: { deployment_id: id, environment, kind: subject.kind, name: subject.name, digest },
  });
}

/** Publishes a hint. Losing it loses nothing: the evaluation every five minutes finds the same deployment. */
export async function hint(deps: Pick<Deps, 'bus'>, event: CloudEvent): Promise<void> {
  try {
    await deps.bus.publish([event]);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
}
