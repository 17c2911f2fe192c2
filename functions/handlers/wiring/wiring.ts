import { httpsEgress } from '../../adapters/egress/https.ts';
import { gatewayDriver } from '../../adapters/gateway/http-driver.ts';
import type { Deps } from '../../use-cases/deps.ts';
import type { Environment } from '../environment.ts';
import { wireBus } from './bus.ts';
import { BRIEF_COPY_SECONDS, wireRegistries } from './registries.ts';
import { wireScheduler } from './scheduler.ts';
import { wireSecrets } from './secrets.ts';
import { type TableDeps, wireTable } from './table.ts';
import { wireWorkflow } from './workflow.ts';

/** What functions need that drive promotions but never call a gateway. */
export type DrivingDeps = TableDeps & Pick<Deps, 'workflow' | 'bus' | 'scheduler'>;

/** The table, the workflow and the bus. Throws when the function was not told where they are. */
export function wireDriving(environment: Environment): DrivingDeps {
  const { promotionStateMachineArn } = environment;
  if (promotionStateMachineArn === undefined) throw new Error('PROMOTION_STATE_MACHINE_ARN is not set');
  return {
    ...wireTable(environment),
    workflow: wireWorkflow({ promotionArn: promotionStateMachineArn }),
    bus: wireBus(environment),
    scheduler: wireScheduler(environment),
  };
}

/** Everything, the ways to gateways and registries included. Only functions that may read secrets need it. */
export function wire(environment: Environment): Deps {
  const egress = httpsEgress({ allowLoopback: environment.allowLoopback });
  return {
    ...wireDriving(environment),
    registries: wireRegistries(environment, BRIEF_COPY_SECONDS),
    driver: gatewayDriver({ egress, secrets: wireSecrets(environment) }),
  };
}
