import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { oneTimeSchedules, scheduleName } from '../../functions/adapters/scheduler/schedules.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../../local/aws-endpoint.ts';
import { readCrashPlan } from '../../local/crash-plan.ts';
import { schedulerService } from '../../local/schedules/service.ts';
import { Alarms } from '../../local/schedules/timers.ts';
import { openStore } from '../../local/store.ts';

const NOW = Date.parse('2026-11-21T09:00:00.000Z');
/** For what never comes. */
const AT_LAST = { timeout: 600_000 };
const REF = { tenant: 'acme', id: 'prom-1' };
const TARGET = {
  group: 'sluice',
  functionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:fire',
  roleArn: 'arn:aws:iam::000000000000:role/alarms',
  deadLetterArn: 'arn:aws:sqs:eu-central-1:000000000000:missed',
};

let directory: string;
let machine: Awaited<ReturnType<typeof open>>;

/** One life of a runtime: its database, its alarms behind the endpoint, and the real client. */
async function open(group = 'sluice') {
  const database = openStore(directory);
  const called: unknown[] = [];
  const time = { now: NOW };
  const alarms = new Alarms(database, {
    accept: (name, event) => () => void called.push([name, event]),
    now: () => time.now,
  });
  const endpoint: AwsEndpoint = await startAwsEndpoint(readCrashPlan({}));
  endpoint.serve([], schedulerService(alarms, new Set(['default', 'sluice'])));
  const client = new SchedulerClient({
    endpoint: endpoint.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  alarms.start();
  return {
    called,
    time,
    alarms,
    client,
    scheduler: oneTimeSchedules(client, { ...TARGET, group }),
    stored: () => client.send(new GetScheduleCommand({ Name: scheduleName(REF), GroupName: 'sluice' })),
    async stop() {
      alarms.stop();
      await endpoint.stop();
      database.close();
    },
    /** The clock moves on, and timers with it. */
    async until(instant: string) {
      time.now = Date.parse(instant);
      alarms.arm();
      await new Promise((resolve) => setTimeout(resolve, 30));
    },
  };
}

const call = (at: string) => ['fire', { tenantId: 'acme', promotionId: 'prom-1', at }];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-schedules-'));
  machine = await open();
});
afterEach(async () => {
  vi.useRealTimers();
  await machine.stop();
  await rm(directory, { recursive: true, force: true, maxRetries: 20 });
});

describe('an alarm, through the real client', () => {
  it('calls its function once, not before its second has come, and is gone then', async () => {
    const at = '2026-11-21T10:00:00.250Z';
    await machine.scheduler.put(REF, at);
    expect(await machine.stored()).toMatchObject({
      ScheduleExpression: 'at(2026-11-21T10:00:01)',
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
      Target: { DeadLetterConfig: { Arn: TARGET.deadLetterArn }, RoleArn: TARGET.roleArn },
    });
    await machine.until('2026-11-21T10:00:00.999Z');
    expect(machine.called).toEqual([]);
    await machine.until('2026-11-21T10:00:01.000Z');
    await machine.until('2026-11-21T11:00:00.000Z');
    expect(machine.called).toEqual([call(at)]);
    await expect(machine.stored()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('is moved by setting it again, set anew after it has called, and taken back', async () => {
    await machine.scheduler.put(REF, '2026-11-21T10:00:00.000Z');
    await machine.scheduler.put(REF, '2026-11-21T12:00:00.000Z');
    await machine.until('2026-11-21T11:00:00.000Z');
    expect(machine.called).toEqual([]);
    await machine.until('2026-11-21T12:00:00.000Z');
    expect(machine.called).toHaveLength(1);
    await machine.scheduler.put(REF, '2026-11-21T13:00:00.000Z');
    await machine.scheduler.remove(REF);
    await machine.scheduler.remove(REF);
    await machine.until('2026-11-21T14:00:00.000Z');
    expect(machine.called).toHaveLength(1);
  });

  it('survives the end of the process, and what came due meanwhile is called at the start', async () => {
    const due = '2026-11-21T10:00:00.000Z';
    await machine.scheduler.put(REF, due);
    await machine.scheduler.put({ tenant: 'acme', id: 'prom-2' }, '2027-11-20T10:00:00.000Z');
    await machine.stop();
    machine = await open();
    expect(machine.called).toEqual([]);
    await machine.until('2026-12-24T10:00:00.000Z');
    expect(machine.called).toEqual([call(due)]);
  });

  it('waits a year without going off on the way', async () => {
    vi.useFakeTimers({ now: NOW });
    const alarms = new Alarms(openStore(join(directory, 'other')), {
      accept: (_, event) => () => void machine.called.push(event),
      now: Date.now,
    });
    const request = {
      ScheduleExpression: 'at(2027-11-20T09:00:00)',
      GroupName: 'sluice',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: TARGET.functionArn, RoleArn: TARGET.roleArn },
    };
    const [create] = schedulerService(alarms, new Set(['sluice']));
    alarms.start();
    create?.answer(request, { path: { Name: 'year' }, query: {} });
    await vi.advanceTimersByTimeAsync(363 * 86_400_000);
    expect(machine.called).toEqual([]);
    await vi.advanceTimersByTimeAsync(86_400_000);
    expect(machine.called).toHaveLength(1);
    alarms.stop();
  });

  it('is refused in a group that the template has not', async () => {
    const { client } = machine;
    const lost = oneTimeSchedules(client, { ...TARGET, group: 'other' });
    await expect(lost.put(REF, '2026-11-21T10:00:00.000Z')).rejects.toMatchObject({ name: 'Unavailable' });
  });
});

describe('a thousand alarms of one minute', () => {
  it('all call once, also over an end in between', async () => {
    const at = '2026-11-21T10:00:00.000Z';
    await Promise.all(
      Array.from({ length: 1_000 }, (_, n) => machine.scheduler.put({ tenant: 'acme', id: `prom-${n}` }, at)),
    );
    machine.time.now = Date.parse(at);
    machine.alarms.arm();
    await vi.waitFor(() => expect(machine.called.length).toBeGreaterThan(100), AT_LAST);
    const before = machine.called;
    await machine.stop();
    machine = await open();
    machine.time.now = Date.parse(at);
    machine.alarms.arm();
    await vi.waitFor(() => expect(before.length + machine.called.length).toBe(1_000), AT_LAST);
    const ids = new Set([...before, ...machine.called].map((one) => JSON.stringify(one)));
    expect(ids.size).toBe(1_000);
  });
});

describe('what the service answers instead', () => {
  it.each([
    ['ThrottlingException', 'Throttled'],
    ['ServiceQuotaExceededException', 'Throttled'],
    ['TimeoutError', 'Unavailable'],
    ['AccessDeniedException', 'Unavailable'],
  ])('%s is the fault %s', async (name, fault) => {
    const { client, scheduler } = machine;
    client.middlewareStack.add(() => () => Promise.reject(Object.assign(new Error(name), { name })), {
      step: 'initialize',
    });
    await expect(scheduler.put(REF, '2026-11-21T10:00:00.000Z')).rejects.toMatchObject({ name: fault });
    await expect(scheduler.remove(REF)).rejects.toMatchObject({ name: fault });
  });

  it('a schedule that comes and goes is no endless loop', async () => {
    const { client, scheduler } = machine;
    const sent: string[] = [];
    client.middlewareStack.add(
      (_, { commandName }) =>
        () => {
          sent.push(String(commandName));
          const name =
            commandName === 'CreateScheduleCommand' ? 'ConflictException' : 'ResourceNotFoundException';
          return Promise.reject(Object.assign(new Error(name), { name }));
        },
      { step: 'initialize' },
    );
    await expect(scheduler.put(REF, '2026-11-21T10:00:00.000Z')).rejects.toMatchObject({
      name: 'Unavailable',
    });
    expect(sent).toHaveLength(6);
  });
});
