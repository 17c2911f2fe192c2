import type { Deployment } from '../../../domain/deployment/deployment.ts';
import { Fault } from '../../../domain/faults.ts';
import type { AgentAsked, PromotionRequest } from '../../../domain/promotion/state.ts';
import type { Slot, Subject } from '../../../domain/subject.ts';

export const subjectOf = ({ agent_id }: AgentAsked): Subject => ({ kind: 'agent', name: agent_id });

/** The slot of an agent on a gateway. */
export function slotOf(request: PromotionRequest, environment: string): Slot {
  const asked = agentAsked(request);
  return { subject: subjectOf(asked), environment, gateway: asked.target_gateway_id };
}

/** The registry hands requests to their own kind: any other here is corrupt. */
export function agentAsked(request: PromotionRequest): AgentAsked {
  if (request.kind !== 'agent') throw new Fault('Corrupt', `a ${request.kind} request is no agent's`);
  return request;
}

export const labelOf = ({ version_label }: Pick<Deployment, 'version_label'>) =>
  version_label === undefined ? {} : { version_label };
