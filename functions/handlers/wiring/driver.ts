import { httpsEgress } from '../../adapters/egress/https.ts';
import { httpGateProviders } from '../../adapters/gate-provider/http-providers.ts';
import { gatewayDriver } from '../../adapters/gateway/http-driver.ts';
import type { GateProviders } from '../../ports/gate-providers.ts';
import type { GatewayDriver } from '../../ports/gateway-driver.ts';
import type { Environment } from '../environment.ts';
import { wireSecrets } from './secrets.ts';

type Outside = Pick<Environment, 'allowLoopback' | 'secretsPrefix'>;

/** The way to gateways, for functions that may read secrets. */
export function wireDriver(environment: Outside): GatewayDriver {
  return gatewayDriver({ egress: httpsEgress(environment), secrets: wireSecrets(environment) });
}

/** The way to gate providers, for a function that may read secrets. */
export function wireProviders(environment: Outside): GateProviders {
  return httpGateProviders({ egress: httpsEgress(environment), secrets: wireSecrets(environment) });
}
