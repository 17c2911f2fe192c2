import type { Bus } from '../ports/bus.ts';
import type { Clock, Ids } from '../ports/clock.ts';
import type { GatewayDriver } from '../ports/gateway-driver.ts';
import type { LateReads } from '../ports/late-reads.ts';
import type { Registries } from '../ports/registries.ts';
import type { Scheduler } from '../ports/scheduler.ts';
import type { CommonStores } from '../ports/stores.ts';
import type { Workflow } from '../ports/workflow.ts';

/** Everything use cases may ask for; each takes a `Pick` of it. Randomness and waiting are inputs, as time and ids are. */
export type Deps = CommonStores & {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly workflow: Workflow;
  readonly bus: Bus;
  readonly scheduler: Scheduler;
  readonly driver: GatewayDriver;
  readonly registries: Registries;
  /** Absent: everything is read strongly. */
  readonly late?: LateReads;
  /** Evenly in [0, 1). */
  random(): number;
  sleep(ms: number): Promise<void>;
};
