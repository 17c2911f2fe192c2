import type { Gateway } from '../domain/catalog/gateway.ts';
import type { Deployment } from '../domain/deployment/deployment.ts';
import type { Digest } from '../domain/digest.ts';

/** What a gateway is asked to run. `idempotency_key` is the deployment's id; `fence` rises with every claim of the slot. */
export type DeployRequest = {
  readonly tenant: string;
  readonly gateway: Gateway;
  readonly idempotency_key: string;
  readonly fence: number;
  readonly agent_id: string;
  readonly digest: Digest;
  readonly deployment_id: string;
  readonly promotion_id: string;
  readonly environment: string;
  readonly source_deployment_id: string;
};

/**
 * `live`: it serves. `accepted`: the gateway reports later. `refused`: the gateway said no for good (4xx), nothing changed.
 * `unsent`: this attempt never reached the gateway, or left nothing there; `lasting` when another one would not either. `unfinished`: it went
 * as far as one call's time allows, and the next call goes on. `unknown`: no answer, a 5xx, or a
 * word that says nothing: the same key may be sent again until the outcome is known.
 */
export type DeployOutcome =
  | ({ readonly outcome: 'live' } & Detailed)
  | { readonly outcome: 'accepted' }
  | ({ readonly outcome: 'refused'; readonly message: string } & Worded & Detailed)
  | ({ readonly outcome: 'unsent'; readonly message: string; readonly lasting: boolean } & Worded & Detailed)
  | ({ readonly outcome: 'unfinished'; readonly message: string } & Detailed)
  | ({ readonly outcome: 'unknown'; readonly message: string } & Detailed);

/** How a failure is called, and told to people; absent: as one of a gateway. */
export type Worded = { readonly code?: string; readonly says?: string };

/** What the deployment's record keeps of it. */
type Detailed = { readonly details?: Deployment['details'] };

export interface GatewayDriver {
  deploy(request: DeployRequest): Promise<DeployOutcome>;
}
