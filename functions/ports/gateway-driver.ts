import type { Gateway } from '../domain/catalog/gateway.ts';
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
 * `unsent`: this attempt never reached the gateway; `lasting` when another one would not either. `unknown`: no answer, a 5xx, or a
 * word that says nothing: the same key may be sent again until the outcome is known.
 */
export type DeployOutcome =
  | { readonly outcome: 'live' }
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'refused'; readonly message: string }
  | { readonly outcome: 'unsent'; readonly message: string; readonly lasting: boolean }
  | { readonly outcome: 'unknown'; readonly message: string };

export interface GatewayDriver {
  deploy(request: DeployRequest): Promise<DeployOutcome>;
}
