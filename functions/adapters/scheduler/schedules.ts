import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  type SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { digestOfBytes } from '../../domain/digest.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import type { Scheduler } from '../../ports/scheduler.ts';
import { awsFault, isNamed } from '../aws-fault.ts';

/** Where schedules are kept, what they call under which role, and where calls end that nobody took. ARNs but for the group's name. */
export type ScheduleTarget = {
  readonly group: string;
  readonly functionArn: string;
  readonly roleArn: string;
  readonly deadLetterArn: string;
};

/** The service tries to call the function for an hour; by then the sweep has done the work sixty times over. */
const RETRIES = { MaximumEventAgeInSeconds: 3_600, MaximumRetryAttempts: 30 };

/** Rounds in which a schedule may appear or vanish between two calls before that is `Unavailable`. */
const ROUNDS = 3;

/** EventBridge Scheduler: a one-time schedule per promotion, which deletes itself once it has called. */
export function oneTimeSchedules(client: SchedulerClient, target: ScheduleTarget): Scheduler {
  return {
    async put(ref, at) {
      const schedule = scheduleOf(target, ref, at);
      for (let round = 1; ; round += 1) {
        if (await done(client.send(new CreateScheduleCommand(schedule)), 'ConflictException')) return;
        if (await done(client.send(new UpdateScheduleCommand(schedule)), 'ResourceNotFoundException')) return;
        if (round === ROUNDS) throw awsFault('Scheduler', new Error('a schedule that comes and goes'));
      }
    },

    async remove(ref) {
      const command = new DeleteScheduleCommand({ Name: scheduleName(ref), GroupName: target.group });
      await done(client.send(command), 'ResourceNotFoundException');
    },
  };
}

/** 64 characters, the most that a name has, for ids of any length; the same promotion has the same name always. */
export function scheduleName({ tenant, id }: PromotionRef): string {
  return digestOfBytes(`${tenant}#${id}`).slice('sha256:'.length);
}

function scheduleOf(target: ScheduleTarget, ref: PromotionRef, at: string) {
  return {
    Name: scheduleName(ref),
    GroupName: target.group,
    ScheduleExpression: `at(${wholeSecond(at)})`,
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'DELETE',
    Target: {
      Arn: target.functionArn,
      RoleArn: target.roleArn,
      Input: JSON.stringify({ tenantId: ref.tenant, promotionId: ref.id, at }),
      DeadLetterConfig: { Arn: target.deadLetterArn },
      RetryPolicy: RETRIES,
    },
  } as const satisfies CreateScheduleCommandInput;
}

/** Schedules know whole seconds: the first one that is not before the instant. */
function wholeSecond(at: string): string {
  return new Date(Math.ceil(Date.parse(at) / 1_000) * 1_000).toISOString().slice(0, 19);
}

/** `false`: the service said what was expected instead. */
async function done(call: Promise<unknown>, otherwise: string): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (isNamed(error, otherwise)) return false;
    throw awsFault('Scheduler', error);
  }
}
