import { Fault } from '../../domain/faults.ts';
import type { Scheduler } from '../../ports/scheduler.ts';
import type { Environment } from '../environment.ts';
import { onDemand } from './on-demand.ts';

/** For functions that have no right to set timers: the intent stays for the sweep, which has. */
const noScheduler: Scheduler = {
  put: () => Promise.reject(new Fault('Unavailable', 'this function sets no timers')),
  remove: () => Promise.reject(new Fault('Unavailable', 'this function takes no timers back')),
};

/** Timers. */
export function wireScheduler({ schedules }: Pick<Environment, 'schedules'>): Scheduler {
  if (schedules === undefined) return noScheduler;
  const open = onDemand(async () =>
    (await import('../../adapters/scheduler/open-scheduler.ts')).openScheduler(schedules),
  );
  return {
    put: async (ref, at) => (await open()).put(ref, at),
    remove: async (ref) => (await open()).remove(ref),
  };
}
