import { Fault } from '../../domain/faults.ts';
import type { Scheduler } from '../../ports/scheduler.ts';
import type { Environment } from '../environment.ts';

/** For functions that have no right to set timers: the intent stays for the sweep, which has. */
const noScheduler: Scheduler = {
  put: () => Promise.reject(new Fault('Unavailable', 'this function sets no timers')),
  remove: () => Promise.reject(new Fault('Unavailable', 'this function takes no timers back')),
};

/** Timers. Most invocations set none, so that the client is loaded by the first that does. */
export function wireScheduler({ schedules }: Pick<Environment, 'schedules'>): Scheduler {
  if (schedules === undefined) return noScheduler;
  let opened: Promise<Scheduler> | undefined;
  const open = () => {
    opened ??= import('../../adapters/scheduler/open-scheduler.ts').then((late) =>
      late.openScheduler(schedules),
    );
    return opened;
  };
  return {
    put: async (ref, at) => (await open()).put(ref, at),
    remove: async (ref) => (await open()).remove(ref),
  };
}
