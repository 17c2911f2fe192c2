import type { Digest } from '../../domain/digest.ts';
import type { PromotionRequest, PromotionState } from '../../domain/promotion/state.ts';
import type { KindDeps, Planned } from './kind.ts';

/** Makes and stores what the head is to point at; nobody sees it before the head does. Making it again makes the same. */
export type Maker = (deps: KindDeps, state: PromotionState, planned: Planned) => Promise<Digest>;

/** Apart from the kinds, since only an execution makes anything: other functions need not carry it. */
const MAKERS: { readonly [kind in PromotionRequest['kind']]: Maker } = {
  agent: async (_, __, { plan }) => plan.source.digest,
  artifact: async (_, __, { plan }) => plan.source.digest,
  config: async (...asked) => (await import('./config/make.ts')).makeConfig(...asked),
};

export function makerOf(request: Pick<PromotionRequest, 'kind'>): Maker {
  return MAKERS[request.kind];
}
