import { AwsError, type RestService } from '../aws-endpoint.ts';
import { textOf } from '../json.ts';
import { localAccountId, localRegion } from '../surroundings.ts';
import { readSchedule } from './schedule.ts';
import type { Alarms } from './timers.ts';

const path = '/schedules/{Name}';

/** EventBridge Scheduler for one-time schedules: create, update, get and delete, each in a group of the template. */
export function schedulerService(alarms: Alarms, groups: ReadonlySet<string>): readonly RestService[] {
  const named = (name: string, group: string) => {
    const found = alarms.find(group, name);
    if (found === undefined) throw missing(`Schedule ${name} does not exist.`);
    return found;
  };
  const write = (name: string, input: Readonly<Record<string, unknown>>) => {
    const { ClientToken: _, ...request } = input;
    const schedule = readSchedule(name, request);
    if (!groups.has(schedule.GroupName))
      throw missing(`Schedule group ${schedule.GroupName} does not exist.`);
    return {
      schedule,
      put() {
        alarms.put(schedule, request);
        return { ScheduleArn: arnOf(schedule.GroupName, name) };
      },
    };
  };
  return [
    {
      name: 'scheduler',
      method: 'POST',
      path,
      operation: 'CreateSchedule',
      answer(input, { path: { Name = '' } }) {
        const { schedule, put } = write(Name, input);
        if (alarms.find(schedule.GroupName, Name) === undefined) return put();
        throw new AwsError('ConflictException', `Schedule ${Name} already exists.`, 409);
      },
    },
    {
      name: 'scheduler',
      method: 'PUT',
      path,
      operation: 'UpdateSchedule',
      answer(input, { path: { Name = '' } }) {
        const { schedule, put } = write(Name, input);
        named(Name, schedule.GroupName);
        return put();
      },
    },
    {
      name: 'scheduler',
      method: 'GET',
      path,
      operation: 'GetSchedule',
      answer(_, { path: { Name = '' }, query }) {
        const group = textOf(query['groupName']) ?? 'default';
        return Object.assign({ Name, GroupName: group, Arn: arnOf(group, Name) }, named(Name, group));
      },
    },
    {
      name: 'scheduler',
      method: 'DELETE',
      path,
      operation: 'DeleteSchedule',
      answer(_, { path: { Name = '' }, query }) {
        const group = textOf(query['groupName']) ?? 'default';
        if (!alarms.remove(group, Name)) throw missing(`Schedule ${Name} does not exist.`);
        return {};
      },
    },
  ];
}

const arnOf = (group: string, name: string): string =>
  `arn:aws:scheduler:${localRegion}:${localAccountId}:schedule/${group}/${name}`;

const missing = (message: string): AwsError => new AwsError('ResourceNotFoundException', message, 404);
