import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { eventBridgeBus } from '../../adapters/eventbridge/bus.ts';
import { inTime } from '../../adapters/in-time.ts';
import type { Bus } from '../../ports/bus.ts';
import type { Environment } from '../environment.ts';

/** The bus. Throws when the function was not told which. */
export function wireBus({ busName }: Pick<Environment, 'busName'>): Bus {
  if (busName === undefined) throw new Error('BUS_NAME is not set');
  return eventBridgeBus({ client: inTime(new EventBridgeClient({})), name: busName });
}
