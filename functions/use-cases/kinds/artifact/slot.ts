import { Fault } from '../../../domain/faults.ts';
import type { ArtifactAsked, PromotionRequest } from '../../../domain/promotion/state.ts';
import type { Slot } from '../../../domain/subject.ts';

/** The slot of an artifact in an environment. */
export function slotOf(request: PromotionRequest, environment: string): Slot {
  return { subject: { kind: 'artifact', name: artifactAsked(request).artifact }, environment };
}

/** The registry of kinds hands requests to their own kind: any other here is corrupt. */
export function artifactAsked(request: PromotionRequest): ArtifactAsked {
  if (request.kind !== 'artifact') throw new Fault('Corrupt', `a ${request.kind} request is no artifact's`);
  return request;
}

/** The recorded deployment whose content a pipeline brings back, where the request is for that. */
export function broughtBack(request: PromotionRequest): string | undefined {
  return artifactAsked(request).rollback?.deployment_id;
}
