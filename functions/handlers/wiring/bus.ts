import type { Bus } from '../../ports/bus.ts';
import type { Environment } from '../environment.ts';
import { onDemand } from './on-demand.ts';

/** The bus. Throws when the function was not told which. */
export function wireBus({ busName }: Pick<Environment, 'busName'>): Bus {
  if (busName === undefined) throw new Error('BUS_NAME is not set');
  const open = onDemand(async () =>
    (await import('../../adapters/eventbridge/open-bus.ts')).openBus(busName),
  );
  return { publish: async (events) => (await open()).publish(events) };
}
