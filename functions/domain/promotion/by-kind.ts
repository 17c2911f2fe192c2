import type { AgentAsked, ArtifactAsked, ConfigAsked, PromotionRequest } from './state.ts';

/** What is said of each kind of request. */
type Cases<T> = {
  readonly agent: (request: AgentAsked) => T;
  readonly artifact: (request: ArtifactAsked) => T;
  readonly config: (request: ConfigAsked) => T;
};

/** Returns what the case of the request's kind says: a new kind without a case does not compile. */
export function byKind<T>(request: PromotionRequest, cases: Cases<T>): T {
  switch (request.kind) {
    case 'agent':
      return cases.agent(request);
    case 'artifact':
      return cases.artifact(request);
    case 'config':
      return cases.config(request);
  }
}
