import { httpsEgress } from '../../adapters/egress/https.ts';
import { gatewayDriver } from '../../adapters/gateway/http-driver.ts';
import type { GatewayDriver } from '../../ports/gateway-driver.ts';
import type { Environment } from '../environment.ts';
import { wireSecrets } from './secrets.ts';

type Outside = Pick<Environment, 'allowLoopback' | 'secretsPrefix'>;

/** The way to gateways, for functions that may read secrets. */
export function wireDriver(environment: Outside): GatewayDriver {
  return gatewayDriver({ egress: httpsEgress(environment), secrets: wireSecrets(environment) });
}
