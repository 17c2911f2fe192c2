import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import {
  GetSecretValueCommand,
  SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { SendTaskSuccessCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import {
  ChangeMessageVisibilityCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { eventBridgeBus } from '../../functions/adapters/eventbridge/bus.ts';
import { kmsSigner } from '../../functions/adapters/kms/signer.ts';
import { oneTimeSchedules } from '../../functions/adapters/scheduler/schedules.ts';
import { secretsManager } from '../../functions/adapters/secrets/secrets-manager.ts';
import { sesMailer } from '../../functions/adapters/ses/mailer.ts';
import { sqsQueue } from '../../functions/adapters/sqs/queue.ts';
import { sqsReturns } from '../../functions/adapters/sqs/returns.ts';
import { stepFunctionsWorkflow } from '../../functions/adapters/step-functions/workflow.ts';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import { AT } from '../ports/samples.ts';
import { named, outcomeOf, THROWN } from '../support/sdk-faults.ts';

/** What each adapter makes of each thing that the SDK throws, command by command. Conditions are proven on the engine, never here. */

type Act = (thrown: Error) => Promise<unknown>;

const region = { region: 'eu-central-1' };
const REF = { tenant: 'acme', id: 'prom-1' };
const target = { group: 'g', functionArn: 'arn:f', roleArn: 'arn:r', deadLetterArn: 'arn:d' };
const event = {
  specversion: '1.0',
  id: 'e',
  source: '/sluice/acme',
  type: 't',
  subject: 's',
  time: AT,
  datacontenttype: 'application/cdevents+json',
  data: {
    context: { specversion: '0.5.0', id: 'e', source: 's', type: 't', timestamp: AT },
    subject: { id: 's', source: 's', content: {} },
    customData: { tenant: 'acme' },
    customDataContentType: 'application/json',
  },
} as const;

const SERVICES: readonly (readonly [string, Act])[] = [
  [
    'PutEvents',
    (thrown) => {
      const client = new EventBridgeClient(region);
      mockClient(client).on(PutEventsCommand).rejects(thrown);
      return eventBridgeBus({ client, name: 'bus' }).publish([event]);
    },
  ],
  [
    'StartExecution',
    (thrown) => {
      const client = new SFNClient(region);
      mockClient(client).on(StartExecutionCommand).rejects(thrown);
      return stepFunctionsWorkflow({ client, promotionArn: 'arn:m' }).start(REF, 1);
    },
  ],
  [
    'SendTaskSuccess',
    (thrown) => {
      const client = new SFNClient(region);
      mockClient(client).on(SendTaskSuccessCommand).rejects(thrown);
      return stepFunctionsWorkflow({ client }).wake('token', REF, 'assess');
    },
  ],
  [
    'CreateSchedule',
    (thrown) => {
      const client = new SchedulerClient(region);
      mockClient(client).on(CreateScheduleCommand).rejects(thrown);
      return oneTimeSchedules(client, target).put(REF, AT);
    },
  ],
  [
    'UpdateSchedule',
    (thrown) => {
      const client = new SchedulerClient(region);
      const mock = mockClient(client);
      mock.on(CreateScheduleCommand).rejects(named('ConflictException'));
      mock.on(UpdateScheduleCommand).rejects(thrown);
      return oneTimeSchedules(client, target).put(REF, AT);
    },
  ],
  [
    'DeleteSchedule',
    (thrown) => {
      const client = new SchedulerClient(region);
      mockClient(client).on(DeleteScheduleCommand).rejects(thrown);
      return oneTimeSchedules(client, target).remove(REF);
    },
  ],
  [
    'SendMessageBatch',
    (thrown) => {
      const client = new SQSClient(region);
      mockClient(client).on(SendMessageBatchCommand).rejects(thrown);
      return sqsQueue({ client, url: 'https://sqs/q' }).send(['message']);
    },
  ],
  [
    'ChangeMessageVisibility',
    (thrown) => {
      const client = new SQSClient(region);
      mockClient(client).on(ChangeMessageVisibilityCommand).rejects(thrown);
      return sqsReturns({ client, url: 'https://sqs/q', deadUrl: 'https://sqs/d' }).postpone('receipt', 5);
    },
  ],
  [
    'SendMessage',
    (thrown) => {
      const client = new SQSClient(region);
      mockClient(client).on(SendMessageCommand).rejects(thrown);
      return sqsReturns({ client, url: 'https://sqs/q', deadUrl: 'https://sqs/d' }).deadLetter({
        id: 'm',
        body: '{}',
      });
    },
  ],
  [
    'Sign',
    (thrown) => {
      const client = new KMSClient(region);
      mockClient(client).on(SignCommand).rejects(thrown);
      return kmsSigner('key', client).sign(digestOfBytes('x'));
    },
  ],
  [
    'GetPublicKey',
    (thrown) => {
      const client = new KMSClient(region);
      mockClient(client).on(GetPublicKeyCommand).rejects(thrown);
      return kmsSigner('key', client).publicKey();
    },
  ],
];

describe.each(SERVICES)('%s', (_, act) => {
  it.each(THROWN)('told of %s is a fault of the closed set, with its cause', async (__, thrown, expected) => {
    expect(await outcomeOf(act(thrown))).toBe(expected);
    await expect(act(thrown)).rejects.toMatchObject({ cause: { name: thrown.name } });
  });
});

describe('what is an answer and no fault', () => {
  const sfn = (name: string) => {
    const client = new SFNClient(region);
    mockClient(client).onAnyCommand().rejects(named(name));
    return stepFunctionsWorkflow({ client, promotionArn: 'arn:m' });
  };

  it('an execution that was started before is over', async () => {
    expect(await sfn('ExecutionAlreadyExists').start(REF, 1)).toBe('over');
  });

  it.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])('a token after %s is gone', async (name) => {
    expect(await sfn(name).wake('token', REF, 'assess')).toBe('gone');
  });

  it('a schedule that is not there is removed', async () => {
    const client = new SchedulerClient(region);
    mockClient(client).on(DeleteScheduleCommand).rejects(named('ResourceNotFoundException'));
    await expect(oneTimeSchedules(client, target).remove(REF)).resolves.toBeUndefined();
  });

  it('a schedule that comes and goes between two calls is tried three times', async () => {
    const client = new SchedulerClient(region);
    const mock = mockClient(client);
    mock.on(CreateScheduleCommand).rejects(named('ConflictException'));
    mock.on(UpdateScheduleCommand).rejects(named('ResourceNotFoundException'));
    expect(await outcomeOf(oneTimeSchedules(client, target).put(REF, AT))).toBe('Unavailable');
    expect(mock.commandCalls(CreateScheduleCommand)).toHaveLength(3);
  });

  it.each([...THROWN])('a mail that meets %s is tried again', async (_, thrown) => {
    const client = new SESv2Client(region);
    mockClient(client).on(SendEmailCommand).rejects(thrown);
    const mail = { to: 'a@acme.com', subject: 's', text: 't', html: 'h' };
    expect(await sesMailer({ client, from: 'b@acme.com' }).send(mail)).toMatchObject({ outcome: 'retry' });
  });

  const secret = (thrown: Error) => {
    const client = new SecretsManagerClient(region);
    mockClient(client).on(GetSecretValueCommand).rejects(thrown);
    const use = { tenant: 'acme', purpose: 'webhook' } as const;
    return secretsManager({ prefix: 'sluice', client }).read(use, 'sluice/acme/webhook/x');
  };
  const known = (name: string) =>
    new SecretsManagerServiceException({ name, $fault: 'client', $metadata: { httpStatusCode: 400 } });

  it.each(['ResourceNotFoundException', 'DecryptionFailure', 'AccessDeniedException'])(
    'a secret after %s is none',
    async (name) => {
      expect(await secret(known(name))).toBeUndefined();
    },
  );

  it('a secret store that throttles, times out or has no credentials is a fault', async () => {
    expect(await outcomeOf(secret(known('ThrottlingException')))).toBe('Throttled');
    for (const thrown of [
      named('TimeoutError'),
      named('ExpiredTokenException'),
      known('InternalServiceError'),
    ])
      expect(await outcomeOf(secret(thrown))).toBe('Unavailable');
  });

  it('an answer of 200 that leaves something out is a fault', async () => {
    const events = new EventBridgeClient(region);
    mockClient(events)
      .on(PutEventsCommand)
      .resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] });
    expect(await outcomeOf(eventBridgeBus({ client: events, name: 'bus' }).publish([event]))).toBe(
      'Unavailable',
    );
    const queue = new SQSClient(region);
    mockClient(queue)
      .on(SendMessageBatchCommand)
      .resolves({
        Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false }],
      });
    expect(await outcomeOf(sqsQueue({ client: queue, url: 'https://sqs/q' }).send(['message']))).toBe(
      'Unavailable',
    );
  });
});
