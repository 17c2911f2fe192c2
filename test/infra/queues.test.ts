import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alarms } from '../../infra/constructs/alarms.ts';
import { Queues } from '../../infra/constructs/queues.ts';
import { SluiceFunction } from '../../infra/constructs/sluice-function.ts';
import type { FunctionDeclaration, Grants, Trigger } from '../../infra/declaration.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-queues-'));
  for (const name of ['worker', 'sender']) {
    await mkdir(join(folder, 'bundles', name), { recursive: true });
    await writeFile(join(folder, 'bundles', name, 'index.mjs'), 'export const handler = () => 1;\n');
  }
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 20 }));

const declare = (name: string, trigger: Trigger, grants: Grants): FunctionDeclaration => ({
  name,
  entry: `${name}.ts`,
  description: `The ${name}.`,
  memory: 512,
  timeout: 40,
  trigger,
  grants,
});
const worker = declare(
  'worker',
  {
    type: 'queue',
    queue: 'slack-actions',
    batch: 5,
    concurrency: 10,
    impact: 'clicks of people in Slack did nothing.',
  },
  {},
);
const ordered = declare(
  'worker',
  { type: 'queue', queue: 'deliveries', batch: 'ordered', concurrency: 10, impact: 'people were not told.' },
  {},
);
const sender = declare('sender', { type: 'seed' }, { sends: ['slack-actions'] });

/** The template of both, which most tests ask. */
let both: Template;
beforeAll(() => {
  both = templateOf([worker, sender]);
});

/** A stack of these functions and their queues, checked by cdk-nag while it is synthesized. */
function templateOf(declarations: readonly FunctionDeclaration[]): Template {
  const app = new App({ analyticsReporting: false, outdir: join(folder, 'cdk.out') });
  const stack = new Stack(app, 'Queues');
  const functions = declarations.map(
    (declaration) =>
      new SluiceFunction(stack, declaration.name, {
        declaration,
        bundles: { folder: join(folder, 'bundles'), shared: false },
        prefix: 'sluice',
      }),
  );
  const queues = new Queues(stack, 'queues', functions);
  const alarms = new Alarms(stack, 'alarms', 'sluice');
  for (const { name, dead, impact } of queues.all) alarms.deadLetters(`${name}-dead`, dead, impact);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
  return Template.fromStack(stack);
}

describe('a queue', () => {
  it('holds a message back for six times what a try may take, and gives it up after 50', () => {
    both.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 240,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { maxReceiveCount: 50, deadLetterTargetArn: Match.anyValue() },
    });
  });

  it('keeps dead letters longer than a message may wait, and rings when there is one', () => {
    const retentions = Object.values(both.findResources('AWS::SQS::Queue')).map(
      ({ Properties }) => Properties.MessageRetentionPeriod,
    );
    expect(retentions.sort()).toEqual([1_209_600, 345_600]);
    both.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: 'Impact: clicks of people in Slack did nothing.',
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 1,
    });
  });

  it('is read by TLS only', () => {
    both.resourcePropertiesCountIs(
      'AWS::SQS::QueuePolicy',
      {
        PolicyDocument: {
          Statement: [
            {
              Action: 'sqs:*',
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
              Effect: 'Deny',
              Principal: { AWS: '*' },
              Resource: Match.anyValue(),
            },
          ],
          Version: '2012-10-17',
        },
      },
      2,
    );
  });

  it('calls its function with batches of which each message fails by itself, so many at once', () => {
    both.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 5,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 10 },
    });
  });

  it('that is ordered is a FIFO queue with FIFO dead letters, deduplicates by group, and hands over one message', () => {
    const template = templateOf([ordered]);
    template.resourcePropertiesCountIs(
      'AWS::SQS::Queue',
      { FifoQueue: true, DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' },
      2,
    );
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { BatchSize: 1 });
  });

  it('does not exist when no function is called by it', () => {
    expect(() => templateOf([sender])).toThrow('No function is called by the queue slack-actions.');
  });
});

describe('the roles', () => {
  const granted = (role: RegExp) =>
    Object.values(both.findResources('AWS::IAM::Policy'))
      .filter(({ Properties }) => Properties.Roles.some(({ Ref }: { Ref: string }) => role.test(Ref)))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .map(({ Action, Resource }) => [[Action].flat(), JSON.stringify(Resource)] as const)
      .filter(([actions]) => actions.some((action) => action.startsWith('sqs:')));

  it('let who sends send, to that queue alone', () => {
    const [[actions, resource] = [[], ''], ...more] = granted(/^sender/);
    expect(more).toEqual([]);
    expect(actions).toEqual(['sqs:SendMessage']);
    expect(resource).toMatch(/"queuesslackactions[0-9A-F]{8}","Arn"/);
  });

  it('let who works it off take, postpone and deadLetter, and not send anew', () => {
    const found = granted(/^worker/);
    expect(found.map(([actions]) => [...actions].sort())).toEqual([
      ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
      ['sqs:SendMessage'],
    ]);
    expect(found[0]?.[1]).toMatch(/"queuesslackactions[0-9A-F]{8}","Arn"/);
    expect(found[1]?.[1]).toMatch(/"queuesslackactionsdead[0-9A-F]{8}","Arn"/);
  });

  it('come with the variables by which the code finds its queues', () => {
    const variables = Object.values(both.findResources('AWS::Lambda::Function')).map(({ Properties }) =>
      Object.keys(Properties.Environment.Variables).filter((name) => name.includes('QUEUE')),
    );
    expect(variables).toEqual([
      ['SLACK_ACTIONS_QUEUE_URL', 'SLACK_ACTIONS_DEAD_QUEUE_URL', 'SLACK_ACTIONS_QUEUE_ATTEMPTS'],
      ['SLACK_ACTIONS_QUEUE_URL'],
    ]);
  });
});
