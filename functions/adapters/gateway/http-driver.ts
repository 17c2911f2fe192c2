import type { Gateway } from '../../domain/catalog/gateway.ts';
import { Fault } from '../../domain/faults.ts';
import type { Egress, EgressResult } from '../../ports/egress.ts';
import type { DeployOutcome, DeployRequest, GatewayDriver } from '../../ports/gateway-driver.ts';
import type { Secrets } from '../../ports/secrets.ts';

/** A gateway that takes longer answers 202 and reports later. */
const TIMEOUT_MS = 10_000;
/** Of a gateway's answer only the status counts; this much of its text is kept for people. */
const MAX_BYTES = 2_048;

/**
 * 4xx that do not say no (RFC 9110 15.5.9 and 15.5.10, RFC 8470, RFC 6585): "not now", and 409, by which gateways answer a key whose
 * first request still runs. The same key may be sent again.
 */
const UNDECIDED_4XX: readonly number[] = [408, 409, 425, 429];

/**
 * Deploys through a gateway's own endpoint (`driver: http`); a `record` gateway has nothing to call and is live at once.
 *
 * One POST of JSON with `Idempotency-Key` = the deployment's id, and `Authorization: Bearer` with the gateway's secret when it
 * has one. 200 is live, 202 accepted, 4xx refused but for 408, 409, 425 and 429, everything else unknown.
 */
export function gatewayDriver(deps: { egress: Egress; secrets: Secrets }): GatewayDriver {
  return {
    async deploy(request) {
      const { gateway } = request;
      switch (gateway.driver) {
        case 'record':
          return { outcome: 'live' };
        case 'http':
          return post(deps, request);
        default:
          return gateway.driver satisfies never;
      }
    },
  };
}

async function post(
  deps: { egress: Egress; secrets: Secrets },
  request: DeployRequest,
): Promise<DeployOutcome> {
  const { endpoint } = request.gateway;
  if (endpoint === undefined) return unsent('the gateway has no endpoint', true);
  const credential = await credentialOf(deps.secrets, request.tenant, request.gateway);
  if ('outcome' in credential) return credential;
  const result = await deps.egress.send({
    method: 'POST',
    url: endpoint,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      'idempotency-key': request.idempotency_key,
      ...credential,
    },
    body: bodyOf(request),
    timeout_ms: TIMEOUT_MS,
    max_bytes: MAX_BYTES,
  });
  return outcomeOf(result);
}

/** The header that carries the gateway's secret; without a readable one nothing is sent. */
async function credentialOf(
  secrets: Secrets,
  tenant: string,
  gateway: Gateway,
): Promise<{ readonly authorization?: string } | DeployOutcome> {
  if (gateway.secret_ref === undefined) return {};
  try {
    const secret = (await secrets.read({ tenant, purpose: 'gateway' }, gateway.secret_ref))?.trim();
    // A header takes visible ASCII; anything else in a credential is a mistake in the secret.
    if (secret === undefined || !/^[\x21-\x7e]+$/.test(secret)) {
      return unsent('the gateway’s secret_ref names no usable secret', true);
    }
    return { authorization: `Bearer ${secret}` };
  } catch (error) {
    if (error instanceof Fault) return unsent(error.message, false);
    throw error;
  }
}

function bodyOf(request: DeployRequest): string {
  const { deployment_id, promotion_id, agent_id, digest, environment, source_deployment_id, fence } = request;
  return JSON.stringify({
    deployment_id,
    promotion_id,
    agent_id,
    digest,
    environment,
    source_deployment_id,
    fence,
  });
}

const unsent = (message: string, lasting: boolean): DeployOutcome => ({
  outcome: 'unsent',
  message,
  lasting,
});

function outcomeOf(result: EgressResult): DeployOutcome {
  switch (result.result) {
    case 'answered':
      return outcomeOfStatus(result.status, result.body);
    case 'forbidden':
      return unsent(`the endpoint must not be called: ${result.message}`, true);
    case 'unanswered':
      return result.sent
        ? { outcome: 'unknown', message: `the gateway did not answer: ${result.message}` }
        : unsent(`the gateway was not reached: ${result.message}`, false);
    default:
      return result satisfies never;
  }
}

function outcomeOfStatus(status: number, body: string): DeployOutcome {
  const message = `the gateway answered ${status}${body === '' ? '' : `: ${oneLine(body)}`}`;
  if (status === 200) return { outcome: 'live' };
  if (status === 202) return { outcome: 'accepted' };
  if (status >= 400 && status < 500 && !UNDECIDED_4XX.includes(status))
    return { outcome: 'refused', message };
  return { outcome: 'unknown', message };
}

/** At most 200 printable characters: it ends up in a record that people read. */
function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
