import { httpsEgress } from '../../adapters/egress/https.ts';
import { httpGateProviders } from '../../adapters/gate-provider/http-providers.ts';
import { gatewayDriver } from '../../adapters/gateway/http-driver.ts';
import { secretsManager } from '../../adapters/secrets/secrets-manager.ts';
import type { GateProviders } from '../../ports/gate-providers.ts';
import type { GatewayDriver } from '../../ports/gateway-driver.ts';
import type { Environment } from '../environment.ts';

/** The way to gateways, for functions that may read secrets. */
export function wireDriver({ allowLoopback }: Pick<Environment, 'allowLoopback'>): GatewayDriver {
  return gatewayDriver({ egress: httpsEgress({ allowLoopback }), secrets: secretsManager() });
}

/** The way to gate providers, for a function that may read secrets. */
export function wireProviders({ allowLoopback }: Pick<Environment, 'allowLoopback'>): GateProviders {
  return httpGateProviders({ egress: httpsEgress({ allowLoopback }), secrets: secretsManager() });
}
