import { httpsEgress } from '../adapters/egress/https.ts';
import { gatewayDriver } from '../adapters/gateway/http-driver.ts';
import { secretsManager } from '../adapters/secrets/secrets-manager.ts';
import type { GatewayDriver } from '../ports/gateway-driver.ts';
import type { Environment } from './environment.ts';

/** The way to gateways, for functions that may read secrets. */
export function wireDriver({ allowLoopback }: Pick<Environment, 'allowLoopback'>): GatewayDriver {
  return gatewayDriver({ egress: httpsEgress({ allowLoopback }), secrets: secretsManager() });
}
