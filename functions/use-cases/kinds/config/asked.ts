import { Fault } from '../../../domain/faults.ts';
import type { ConfigAsked, PromotionRequest } from '../../../domain/promotion/state.ts';

/** The registry hands requests to their own kind: any other here is corrupt. */
export function configAsked(request: PromotionRequest): ConfigAsked {
  if (request.kind !== 'config') throw new Fault('Corrupt', `${request.kind} request is no config's`);
  return request;
}
