import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { beforeAll, describe, expect, it } from 'vitest';
import { TABLE_DEFINITION } from '../../functions/adapters/dynamodb/table.ts';
import type { StoredEvent } from '../../functions/domain/promotion/events.ts';
import { announcements } from '../../functions/use-cases/engine/announce.ts';
import { FUNCTIONS } from '../../infra/functions.ts';
import { matchesPattern } from '../../local/events/pattern.ts';
import { promotionIn } from '../support/promotions.ts';
import { realTemplate, type SynthesizedTemplate, synthesize } from '../support/template.ts';

const { state, events } = promotionIn('completed');

let template: SynthesizedTemplate;
beforeAll(async () => {
  template = await realTemplate();
});

describe('the app', () => {
  it('names no account and no region', () => {
    expect(template.environment).toBe('aws://unknown-account/unknown-region');
  });

  it('does not synthesize with a finding that nobody gave a reason for', async () => {
    const spoil = synthesize((app) => {
      const stack = app.node.findChild('Sluice');
      if (stack instanceof Stack) new Queue(stack, 'open');
    });
    await expect(spoil).rejects.toThrow(/AwsSolutions-SQS4|Validation failed/);
  });

  it('never tells a function to reach a local endpoint or loopback', () => {
    for (const { id, properties } of template.of('AWS::Lambda::Function')) {
      const names = Object.keys(properties.Environment.Variables);
      expect(
        names.filter((name) => /^AWS_|LOOPBACK|^SLUICE_/.test(name)),
        id,
      ).toEqual([]);
    }
    expect(template.text).not.toMatch(
      /SLUICE_EGRESS_ALLOW_LOOPBACK|SLUICE_SLACK_API_URL|AWS_ENDPOINT_URL|localhost:8888|127\.0\.0\.1/,
    );
  });

  it('has room for some more resources than it has: CloudFormation takes 500 in a stack', () => {
    expect(template.resources.length).toBeLessThanOrEqual(490);
  });

  it('holds no circle of resources that wait for each other', () => {
    expect(() => Template.fromJSON(JSON.parse(template.text))).not.toThrow();
  });

  it('keeps the identity of what must outlive a deployment', () => {
    // A changed logical id replaces the resource: data would be lost, and a running execution (up to a year) would name a
    // function that is gone.
    const ids = template.resources.map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining([
        'table8235A42E',
        'peoplepool28340198',
        'peoplepoolclientB05ADB43',
        'promotion217A5430',
        'assess13CE92B5',
        'await3395024F',
        'execute613F45D9',
        'executeandwait5A75DD19',
        'settle76CCC8E1',
      ]),
    );
  });
});

describe('the table', () => {
  it('survives mistakes: deletion, overwriting, a removed stack', () => {
    const { properties } = template.the('AWS::DynamoDB::GlobalTable');
    expect(properties).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    expect(properties.SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
    expect(properties.Replicas).toEqual([
      expect.objectContaining({
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    ]);
  });

  it('costs nothing while idle and forgets what expired', () => {
    const { properties } = template.the('AWS::DynamoDB::GlobalTable');
    expect(properties.BillingMode).toBe('PAY_PER_REQUEST');
    expect(properties.TimeToLiveSpecification).toEqual({ AttributeName: 'expires_at', Enabled: true });
  });

  it('has the keys and indexes that the code was tested with', () => {
    const { properties } = template.the('AWS::DynamoDB::GlobalTable');
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = TABLE_DEFINITION;
    expect(properties).toMatchObject({ AttributeDefinitions, KeySchema, GlobalSecondaryIndexes });
  });
});

describe('the functions', () => {
  it('run on Node 24, on ARM, traced, each with a role and a bounded log of its own', () => {
    const functions = template.of('AWS::Lambda::Function');
    expect(functions).toHaveLength(FUNCTIONS.length);
    for (const { properties } of functions) {
      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
      });
    }
    const roles = functions.map(({ properties }) => properties.Role['Fn::GetAtt'][0]);
    const logs = functions.map(({ properties }) => properties.LoggingConfig.LogGroup.Ref);
    expect(new Set(roles).size).toBe(FUNCTIONS.length);
    expect(new Set(logs).size).toBe(FUNCTIONS.length);
    for (const { properties } of template.of('AWS::Logs::LogGroup'))
      expect(properties.RetentionInDays).toBe(90);
  });

  it('mark the one that creates a tenant', () => {
    const seeds = template
      .of('AWS::Lambda::Function')
      .filter(({ properties }) => properties.Metadata?.['sluice:seed']);
    expect(seeds.map(({ properties }) => properties.Environment.Variables.POWERTOOLS_SERVICE_NAME)).toEqual([
      'seed',
    ]);
  });
});

describe('the format of the table', () => {
  const functions = () => template.of('AWS::Lambda::Function');
  const judge = () => {
    const [found, ...others] = functions().filter(({ properties }) => properties.Metadata?.['sluice:judges']);
    expect(others).toEqual([]);
    return found;
  };
  const asked = (part: string) => {
    const found = template.of('Custom::SluiceFormat').filter(({ properties }) => properties.part === part);
    expect(found).toHaveLength(1);
    expect(found[0]?.properties).toMatchObject({ ServiceToken: { 'Fn::GetAtt': [judge()?.id, 'Arn'] } });
    return found[0];
  };

  it('is judged before any other function is made or changed', () => {
    for (const { id: name, properties: each } of functions()) {
      if (name !== judge()?.id) expect(each.DependsOn, name).toContain(asked('number')?.id);
    }
  });

  it('moves after every function has its new code, by calls of the judge itself', () => {
    expect(asked('moves')?.properties.DependsOn).toEqual(
      expect.arrayContaining(functions().map(({ id }) => id)),
    );
    expect(judge()?.properties).toMatchObject({ FunctionName: 'Sluice-garbage', RecursiveLoop: 'Allow' });
    const itself = { Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: expect.anything() };
    const statements = template
      .of('AWS::IAM::Policy')
      .flatMap(({ properties }) => properties.PolicyDocument.Statement)
      .filter((each) => JSON.stringify(each).includes('function:Sluice-garbage'));
    expect(statements).toEqual([itself]);
    const retried = template
      .of('AWS::Lambda::EventInvokeConfig')
      .filter(({ properties }) => properties.FunctionName.Ref === judge()?.id);
    expect(retried.map(({ properties }) => properties.MaximumRetryAttempts)).toEqual([2]);
  });
});

describe('time and events', () => {
  it('sweeps and feeds the log every minute, evaluates rules every five, and removes garbage every day', () => {
    const rates = template.of('AWS::Events::Rule').map(({ properties }) => properties.ScheduleExpression);
    expect(rates.filter(Boolean).sort()).toEqual([
      'rate(1 day)',
      'rate(1 minute)',
      'rate(1 minute)',
      'rate(5 minutes)',
    ]);
  });

  it('hears of deployments on the bus, and keeps what it could not deliver', () => {
    const [rule] = template.of('AWS::Events::Rule').filter(({ properties }) => properties.EventPattern);
    expect(rule?.properties.EventPattern).toEqual({
      source: ['sluice'],
      detail: {
        type: [
          { prefix: 'dev.cdevents.service.' },
          { prefix: 'dev.cdeventsx.sluice-deployment.' },
          { prefix: 'dev.cdeventsx.sluice-evidence.' },
        ],
      },
    });
    expect(rule?.properties.Targets[0].DeadLetterConfig.Arn).toBeDefined();
    expect(template.the('AWS::Events::EventBus').properties.Name).toBe('sluice');
  });
});

describe('the rule of notifications', () => {
  it('passes the last event alone of what is announced together, and one announced by itself', () => {
    const [pattern, ...others] = template
      .of('AWS::Events::Rule')
      .map(({ properties }) => properties.EventPattern)
      .filter((each) => JSON.stringify(each ?? '').includes('sluice-promotion.'));
    expect(others).toEqual([]);
    const passed = (events: readonly StoredEvent[]) =>
      announcements(state, events).filter((detail) => matchesPattern(pattern, { source: 'sluice', detail }));
    const [last, ...more] = passed(events);
    expect(more).toEqual([]);
    const said = { verb: 'completed', verbs: expect.arrayContaining(['requested', 'approved', 'completed']) };
    expect(last?.data.customData).toMatchObject(said);
    for (const event of events.slice(0, 2)) expect(passed([event])).toHaveLength(1);
  });
});

describe('the log', () => {
  it('outlives the stack, is versioned, and is nobody else’s to read', () => {
    const { properties } = template.the('AWS::S3::Bucket');
    expect(properties).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    const specs = template
      .of('AWS::KMS::Key')
      .map(({ properties: key }) => [key.KeySpec, key.DeletionPolicy]);
    expect(specs.sort()).toEqual([
      ['ECC_NIST_EDWARDS25519', 'RetainExceptOnCreate'],
      ['ECC_NIST_P256', 'RetainExceptOnCreate'],
    ]);
  });

  it('is written by its feeder alone, and its objects are deleted by no function', () => {
    expect(template.text).not.toContain('s3:DeleteObject');
    expect(template.text.match(/"s3:PutObject"/g)).toHaveLength(1);
  });
});

describe('the alarms', () => {
  it('each say their impact and reach someone', () => {
    const alarms = template.of('AWS::CloudWatch::Alarm');
    expect(alarms.length).toBeGreaterThan(5);
    for (const { properties } of alarms) {
      expect(properties.AlarmDescription).toMatch(/^Impact: .{20,}/);
      expect(properties.AlarmActions).toHaveLength(1);
    }
  });
});
