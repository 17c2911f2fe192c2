import type { Scheduler } from '../../functions/ports/scheduler.ts';

/** Alarms that nobody hears: what is due, the sweep finds. */
export const noAlarms: Scheduler = { put: async () => {}, remove: async () => {} };
