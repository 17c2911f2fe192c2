import type { PromotionRequest } from '../../domain/promotion/state.ts';
import type { Slot } from '../../domain/promotion/subject.ts';

/** The slot of an agent on a gateway. */
export function slotOf(request: PromotionRequest, environment: string): Slot {
  return {
    subject: { kind: 'agent', name: request.agent_id },
    environment,
    gateway: request.target_gateway_id,
  };
}
