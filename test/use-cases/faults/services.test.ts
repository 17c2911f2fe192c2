import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { eventBridgeBus } from '../../../functions/adapters/eventbridge/bus.ts';
import { inTime } from '../../../functions/adapters/in-time.ts';
import { oneTimeSchedules, scheduleName } from '../../../functions/adapters/scheduler/schedules.ts';
import { sesMailer } from '../../../functions/adapters/ses/mailer.ts';
import { sqsOrderedQueue } from '../../../functions/adapters/sqs/queue.ts';
import { sqsReturns } from '../../../functions/adapters/sqs/returns.ts';
import { stepFunctionsWorkflow } from '../../../functions/adapters/step-functions/workflow.ts';
import { Fault } from '../../../functions/domain/faults.ts';
import { queueHandler } from '../../../functions/handlers/queues/batch.ts';
import type { Mailer } from '../../../functions/ports/mailer.ts';
import { emailSender } from '../../../functions/use-cases/notifications/email-sender.ts';
import { notify } from '../../../functions/use-cases/notifications/notify.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { schedulePromotion } from '../../../functions/use-cases/promotions/schedule.ts';
import { unschedulePromotion } from '../../../functions/use-cases/promotions/unschedule.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { sweep } from '../../../functions/use-cases/workflow/sweep.ts';
import { testLog } from '../../handlers/log.ts';
import { channel, TARGETS } from '../../ports/channel-samples.ts';
import { type AwsCall, taking } from '../../support/aws-peer.ts';
import { faultServer } from '../../support/fault-server.ts';
import { memoryStores } from '../../support/replayed-stores.ts';
import { STORES, TENANT } from '../deployments/world.ts';
import { stageOf, WHOLE } from '../notifications/stage.ts';
import { ALICE, DEV } from '../promotions/people.ts';
import { asked, BOUNDS, staged, sure } from '../promotions/stage.ts';
import { LONG, troubles } from './troubles.ts';

const [memory] = STORES;
if (memory === undefined) throw new Error('no store');

let peer: Awaited<ReturnType<typeof faultServer>>;
let calls: AwsCall[];
beforeEach(async () => {
  peer = await faultServer();
  calls = [];
});
afterEach(() => peer.stop());

/** The services are back, at another port: what was sent to the old one and given up may come to it late, and be heard there. */
async function back() {
  await peer.stop();
  peer = await faultServer();
  peer.fault = taking(calls);
}

const there = () => ({
  endpoint: peer.url,
  region: 'eu-west-1',
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  maxAttempts: 2,
});
const queueAt = (patience: number) => ({
  client: inTime(new SQSClient({ ...there(), useQueueUrlAsEndpoint: false }), patience),
  url: 'https://sqs.eu-west-1.amazonaws.com/1/q.fifo',
});
const of = (operation: string) =>
  calls.filter((call) => call.operation === operation).map(({ body }) => body);

/** Real clients that all find the peer. */
const services = (patience: number) => ({
  workflow: stepFunctionsWorkflow({
    client: inTime(new SFNClient(there()), patience),
    promotionArn: 'arn:aws:states:eu-west-1:1:stateMachine:promotion',
  }),
  bus: eventBridgeBus({ client: inTime(new EventBridgeClient(there()), patience), name: 'bus' }),
  scheduler: oneTimeSchedules(inTime(new SchedulerClient(there()), patience), {
    group: 'g',
    functionArn: 'arn:aws:lambda:eu-west-1:1:function:fire',
    roleArn: 'arn:aws:iam::1:role/scheduler',
    deadLetterArn: 'arn:aws:sqs:eu-west-1:1:dead',
  }),
});

describe('a promotion whose workflow, bus and scheduler answer with', () => {
  const stage = staged(memory.open);
  const failing = (patience: number) => ({ ...stage().deps, ...services(patience) });
  const workOf = async (id: string) => (await stage().deps.promotions.read(TENANT, id))?.workflowRecord.work;
  const published = () =>
    of('PutEvents').flatMap(({ Entries }) =>
      Entries.map(({ Detail }: { Detail: string }) => JSON.parse(Detail).id),
    );

  /** The services are back: what was intended is done, and nothing is left. */
  async function mended(id: string) {
    await back();
    const swept = await sweep(failing(LONG), BOUNDS);
    expect(swept.faults).toEqual([]);
    expect(await workOf(id)).toEqual([]);
  }

  it.each(troubles(['sfn', 'StartExecution'], ['eventbridge', 'PutEvents']))(
    '%s is requested, and is started and told of once when they are back',
    async (_, fault, patience) => {
      peer.fault = fault;
      const { state } = sure(await createPromotion(failing(patience), asked()));
      expect(await workOf(state.id)).toContain('publish');
      await mended(state.id);
      expect(of('StartExecution')).toHaveLength(1);
      const stored = await stage().deps.promotions.events(TENANT, state.id);
      expect(published().length).toBeGreaterThan(0);
      expect(new Set(published()).size).toBe(published().length);
      expect(published().length).toBeLessThanOrEqual(stored.length);
    },
  );

  it.each(troubles(['sfn', 'SendTaskSuccess']))(
    '%s is executed once when they are back, by the execution that waits or by another',
    async (_, fault, patience) => {
      peer.fault = taking(calls);
      const { state } = sure(await createPromotion(failing(LONG), asked()));
      const { deps, ref } = stage();
      const token = { token: 'the-token', attempt: 1, entered_time: state.requested_at, retry_count: 0 };
      await deps.tokens.put(ref(state.id), { ...token, state: 'await' });
      sure(await approvePromotion(deps, { principal: ALICE, id: state.id }));
      peer.fault = fault;
      const asking = sure(await executePromotion(failing(patience), { principal: DEV, id: state.id }));
      expect(asking.status).toBe('approved');
      expect(await workOf(state.id)).toContain('wake');
      await back();
      await sweep(failing(LONG), BOUNDS);
      expect(of('SendTaskSuccess').length + of('StartExecution').length).toBeGreaterThan(1);
      for (let step = 0; step < 2; step += 1) {
        expect(await execute(failing(LONG), ref(state.id))).toMatchObject({ status: 'completed' });
      }
      await mended(state.id);
      const events = await deps.promotions.events(TENANT, state.id);
      expect(events.filter(({ event }) => event.type === 'PromotionCompleted')).toHaveLength(1);
    },
  );

  it.each(
    troubles(
      ['scheduler', 'CreateSchedule'],
      ['scheduler', 'UpdateSchedule'],
      ['scheduler', 'DeleteSchedule'],
    ),
  )('%s is scheduled and taken off again when they are back', async (_, fault, patience) => {
    peer.fault = taking(calls);
    const { id } = sure(await createPromotion(failing(LONG), asked())).state;
    sure(await approvePromotion(failing(LONG), { principal: ALICE, id }));
    calls.length = 0;
    peer.fault = fault;
    const at = '2026-03-02T09:00:00.000Z';
    const scheduled = sure(await schedulePromotion(failing(patience), { principal: DEV, id, at }));
    expect(scheduled).toMatchObject({ schedule: { at } });
    expect(await workOf(id)).toContain('schedule');
    await mended(id);
    const Name = scheduleName({ tenant: TENANT, id });
    expect(of('CreateSchedule')).toMatchObject([{ ScheduleExpression: 'at(2026-03-02T09:00:00)' }]);
    expect(of('CreateSchedule')[0].Target.Input).toContain(id);
    peer.fault = fault;
    sure(await unschedulePromotion(failing(patience), { principal: DEV, id }));
    await mended(id);
    expect(Name).toHaveLength(64);
    expect(of('CreateSchedule')).toHaveLength(1);
  });

  it('nothing, having taken it, is asked for the same again under the same name', async () => {
    peer.fault = taking(calls, { heard: false });
    const { id } = sure(await createPromotion(failing(LONG), asked())).state;
    expect(await workOf(id)).toEqual(expect.arrayContaining(['start', 'publish']));
    await mended(id);
    const names = of('StartExecution').map(({ name, input }) => `${name} ${input}`);
    expect(names.length).toBeGreaterThan(1);
    expect(new Set(names).size).toBe(1);
    expect(new Set(published()).size).toBeLessThan(published().length);
  });
});

describe('an event of the bus, where the queue of deliveries answers with', () => {
  const hint = {
    ...{ event_id: 'event-1', tenant: TENANT, promotion_id: 'prom-1', environment: 'production' },
    verb: 'approved' as const,
  };
  async function hear(patience: number) {
    const stores = memoryStores();
    const entry = { type: 'channel', item: channel(TENANT, 'chan-1') } as const;
    await stores.transactions.commit(TENANT, [{ write: 'catalog', entry, expected: 0 }]);
    const clock = { now: () => '2026-11-22T09:00:00.000Z' };
    return notify({ ...stores, clock, queue: sqsOrderedQueue(queueAt(patience)) }, hint);
  }

  it.each(troubles(['sqs', 'SendMessageBatch']))(
    '%s is a fault, by which it comes again, and is then passed on once',
    async (_, fault, patience) => {
      peer.fault = fault;
      await expect(hear(patience)).rejects.toBeInstanceOf(Fault);
      await back();
      expect(await hear(LONG)).toBe(1);
      expect(of('SendMessageBatch')).toHaveLength(1);
    },
  );

  it('nothing, having taken it, is dropped by the queue when it comes again', async () => {
    peer.fault = taking(calls, { heard: false });
    await expect(hear(LONG)).rejects.toBeInstanceOf(Fault);
    await back();
    await hear(LONG);
    const sent = of('SendMessageBatch').map(
      ({ Entries: [one] }) => `${one.MessageGroupId} ${one.MessageDeduplicationId}`,
    );
    expect(sent.length).toBeGreaterThan(1);
    expect(new Set(sent).size).toBe(1);
  });
});

describe('a mail to two people, the second of which meets', () => {
  it.each(troubles(['sesv2', 'SendEmail']))(
    '%s, is recorded, and is sent to nobody twice',
    async (name, fault, patience) => {
      const stores = memoryStores();
      const stage = stageOf(stores, TENANT);
      await stage.write(
        1,
        { filter: { events: ['completed'], environments: 'all', severities: 'all' } },
        TARGETS.email,
      );
      await stage.lead('prom-1', WHOLE);
      const mailer = (milliseconds: number) =>
        sesMailer({ client: inTime(new SESv2Client(there()), milliseconds), from: 'sluice@acme.com' });
      const look = (first: Mailer, others: Mailer) => {
        let mails = 0;
        const send: Mailer['send'] = (mail) => (mails++ === 0 ? first : others).send(mail);
        const clock = stage.deps.clock;
        const email = emailSender({ ...stores, clock, mailer: { send } });
        return stage.look('prom-1', false, { senders: { ...stage.deps.senders, email } });
      };
      let heard = 0;
      peer.fault = (socket, first) => {
        heard += 1;
        (heard === 1 ? taking(calls) : fault)(socket, first);
      };
      const looked = await look(mailer(LONG), mailer(patience));
      const refused = name.endsWith('MessageRejected') || name.endsWith('BadRequestException');
      expect(looked.outcome).toBe(refused ? 'done' : 'retry');
      expect(await stage.history()).toMatchObject([{ outcome: refused ? 'delivered' : 'retry' }]);
      await back();
      expect(await look(mailer(LONG), mailer(LONG))).toEqual({ outcome: 'done' });
      const receivers = of('SendEmail').flatMap(({ Destination }) => Destination.ToAddresses);
      expect(receivers).toEqual(refused ? ['ops@acme.com'] : ['ops@acme.com', 'oncall@acme.com']);
    },
  );
});

describe('a message of a queue whose way back answers with', () => {
  const record = (body: string) => ({
    Records: [
      {
        ...{ messageId: 'm-1', receiptHandle: 'r-1', body },
        attributes: { ApproximateReceiveCount: '1', MessageGroupId: 'g' },
      },
    ],
  });
  const again = { batchItemFailures: [{ itemIdentifier: 'm-1' }] };
  const handler = (patience: number) =>
    queueHandler({
      schema: z.object({ id: z.string() }),
      wired: () => ({}),
      queue: () => ({
        returns: sqsReturns({
          ...queueAt(patience),
          deadUrl: 'https://sqs.eu-west-1.amazonaws.com/1/dead.fifo',
        }),
        attempts: 50,
      }),
      run: async () => ({ outcome: 'retry', reason: 'not now' }),
      log: testLog(),
      random: () => 0,
    });

  it.each(troubles(['sqs', 'ChangeMessageVisibility'], ['sqs', 'SendMessage']))(
    '%s comes again, and is kept among the dead letters once when nobody can read it',
    async (_, fault, patience) => {
      peer.fault = fault;
      expect(await handler(patience)(record('{"id":"1"}'))).toEqual(again);
      expect(await handler(patience)(record('no JSON'))).toEqual(again);
      await back();
      expect(await handler(LONG)(record('no JSON'))).toEqual({ batchItemFailures: [] });
      expect(of('SendMessage')).toMatchObject([{ MessageBody: 'no JSON', MessageDeduplicationId: 'm-1' }]);
    },
  );
});
