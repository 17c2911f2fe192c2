import type { PromotionRequest } from '../../domain/promotion/state.ts';
import { agentKind } from './agent/agent.ts';
import { artifactKind } from './artifact/artifact.ts';
import { configKind } from './config/config.ts';
import type { PromotionKind } from './kind.ts';

const KINDS: { readonly [kind in PromotionRequest['kind']]: PromotionKind } = {
  agent: agentKind,
  artifact: artifactKind,
  config: configKind,
};

/** What a request is handled by. */
export function kindOf(request: Pick<PromotionRequest, 'kind'>): PromotionKind {
  return KINDS[request.kind];
}
