import { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { Scheduler } from '../../ports/scheduler.ts';
import { inTime } from '../in-time.ts';
import { oneTimeSchedules, type ScheduleTarget } from './schedules.ts';

/** Timers by the real service; apart from its adapter, so that bundles load all of it late. */
export function openScheduler(target: ScheduleTarget): Scheduler {
  return oneTimeSchedules(inTime(new SchedulerClient({})), target);
}
