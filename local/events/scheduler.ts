import { randomUUID } from 'node:crypto';
import type { ScheduleRule } from '../cloudformation/event-rules.ts';
import { longTimeout } from '../long-timeout.ts';
import { localAccountId, localRegion } from '../surroundings.ts';
import { readSchedule } from './schedule-expression.ts';

/** The clock-driven rules of the template. */
export interface Scheduler {
  /** Fires rates once at once (a rate has no phase, and work may be waiting), then each rule in its rhythm. */
  start(): void;
  stop(): void;
}

/** Throws when an expression is not known. Times are those of the real clock. */
export function createScheduler(
  rules: readonly ScheduleRule[],
  enqueue: (functionName: string, event: unknown) => void,
): Scheduler {
  const plans = rules.map((rule) => ({ rule, next: readSchedule(rule.expression) }));
  const cancels = new Map<string, () => void>();
  const fire = (rule: ScheduleRule) => {
    for (const target of rule.targets) enqueue(target.functionName, target.input ?? scheduledEvent(rule));
  };
  const arm = (plan: (typeof plans)[number]) => {
    const now = Date.now();
    const at = plan.next(now);
    if (!Number.isFinite(at)) return;
    cancels.set(
      plan.rule.arn,
      longTimeout(at - now, () => {
        fire(plan.rule);
        arm(plan);
      }),
    );
  };
  return {
    start() {
      for (const plan of plans) {
        if (plan.rule.expression.startsWith('rate')) fire(plan.rule);
        arm(plan);
      }
    },
    stop() {
      for (const cancel of cancels.values()) cancel();
    },
  };
}

/** The event a schedule rule sends. */
export function scheduledEvent(rule: ScheduleRule): Record<string, unknown> {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: localAccountId,
    time: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    region: localRegion,
    resources: [rule.arn],
    detail: {},
  };
}
