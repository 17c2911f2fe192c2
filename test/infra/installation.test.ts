import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { METRIC_NAMES } from '../../infra/metrics.ts';
import { fixtureApp } from '../support/fixture-app.ts';
import { realTemplate, type SynthesizedTemplate, synthesize } from '../support/template.ts';

let template: SynthesizedTemplate;
let dev: SynthesizedTemplate;
beforeAll(async () => {
  template = await realTemplate();
  dev = await synthesize(() => {}, { stage: 'dev' });
});

/** Names that an account and region, or the world, has once: explicit ones in a template. */
function namesIn({ of }: SynthesizedTemplate): string[] {
  return [
    ...of('AWS::Events::EventBus').map(({ properties }) => properties.Name),
    ...of('AWS::Scheduler::ScheduleGroup').map(({ properties }) => properties.Name),
    ...of('AWS::Cognito::UserPoolDomain').map(({ properties }) => JSON.stringify(properties.Domain)),
    ...of('AWS::StepFunctions::StateMachine').map(({ properties }) => properties.StateMachineName),
    ...of('AWS::Lambda::Function').flatMap(({ properties }) => properties.FunctionName ?? []),
    ...of('AWS::CloudWatch::Dashboard').map(({ properties }) => properties.DashboardName),
  ];
}

describe('a stage', () => {
  it('shares no explicit name with another installation', () => {
    expect(namesIn(template).length).toBeGreaterThan(5);
    expect(namesIn(dev)).toHaveLength(namesIn(template).length);
    expect(namesIn(dev).filter((name) => namesIn(template).includes(name))).toEqual([]);
  });

  it('leaves every name as it was when none is given', () => {
    expect(namesIn(template)).toEqual(expect.arrayContaining(['sluice', 'Sluice-promotion', 'Sluice-fire']));
    expect(dev.of('AWS::Events::EventBus')[0]?.properties.Name).toBe('sluice-dev');
  });

  it('reads the secrets of its own installation and no others', () => {
    expect(template.text).toContain(':secret:sluice/*/');
    expect(dev.text).toContain(':secret:sluice-dev/*/');
    expect(dev.text).not.toContain(':secret:sluice/*/');
    for (const { properties } of dev.of('AWS::Lambda::Function')) {
      const { SECRETS_PREFIX, INSTALLATION } = properties.Environment.Variables;
      expect([undefined, 'sluice-dev']).toContain(SECRETS_PREFIX);
      expect(INSTALLATION).toBe('sluice-dev');
    }
  });

  it.each(['Dev', 'a b', 'x'.repeat(17), '1st', ''])('is not called %j', async (stage) => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-stage-'));
    await expect(fixtureApp(folder, { context: { stage } })).rejects.toThrow('stage is not a name');
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  });
});

describe('what must outlive the stack', () => {
  it('is kept but when its own creation fails', () => {
    const policies = template.resources.map(({ properties }) => properties.DeletionPolicy);
    expect(policies).not.toContain('Retain');
    const kept = ['AWS::DynamoDB::GlobalTable', 'AWS::Cognito::UserPool', 'AWS::KMS::Key', 'AWS::S3::Bucket'];
    for (const type of kept) {
      const found = template.of(type);
      expect(found.length, type).toBeGreaterThan(0);
      for (const { properties } of found) {
        expect(properties, type).toMatchObject({
          DeletionPolicy: 'RetainExceptOnCreate',
          UpdateReplacePolicy: 'Retain',
        });
      }
    }
  });

  it('refuses deletion only once a parameter says so, so that a failed first deployment rolls back', () => {
    const { Parameters, Conditions } = JSON.parse(template.text);
    expect(Parameters.DeletionProtection).toMatchObject({ Default: 'off', AllowedValues: ['on', 'off'] });
    const [name] = Object.keys(Conditions).filter((each) => each.startsWith('deletionprotection'));
    expect(Conditions[String(name)]).toEqual({ 'Fn::Equals': [{ Ref: 'DeletionProtection' }, 'on'] });
    const [replica] = template.the('AWS::DynamoDB::GlobalTable').properties.Replicas;
    expect(replica.DeletionProtectionEnabled).toEqual({ 'Fn::If': [name, true, false] });
    const { DeletionProtection } = template.the('AWS::Cognito::UserPool').properties;
    expect(DeletionProtection).toEqual({ 'Fn::If': [name, 'ACTIVE', 'INACTIVE'] });
  });
});

describe('alarms', () => {
  it('may publish to their topic, which only this account’s alarms can make happen', () => {
    const { PolicyDocument } = template.the('AWS::SNS::TopicPolicy').properties;
    const [allowed] = PolicyDocument.Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow');
    expect(allowed).toMatchObject({
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: 'sns:Publish',
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
    expect(JSON.stringify(allowed.Condition.ArnLike)).toMatch(/:cloudwatch:.*:alarm:\*/);
  });

  it('reach the address of a parameter, and nobody when it is empty', () => {
    const { Parameters, Conditions } = JSON.parse(template.text);
    expect(Parameters.AlarmEmail.Default).toBe('');
    const { properties } = template.the('AWS::SNS::Subscription');
    expect(properties).toMatchObject({ Protocol: 'email', Endpoint: { Ref: 'AlarmEmail' } });
    expect(Object.values(Conditions)).toContainEqual({
      'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AlarmEmail' }, ''] }],
    });
  });

  it('ring when something is stuck although every function answers', () => {
    const own = template
      .of('AWS::CloudWatch::Alarm')
      .filter(({ properties }) => properties.Namespace === 'Sluice')
      .map(({ properties }) => [properties.MetricName, properties.Dimensions]);
    const dimensions = [{ Name: 'installation', Value: 'sluice' }];
    expect(own).toEqual([
      ['sweep_faults', dimensions],
      ['overdue_seconds', dimensions],
      ['corrupt_answers', dimensions],
    ]);
  });

  it('have one dashboard beside them, which shows every metric', () => {
    const body = JSON.stringify(template.the('AWS::CloudWatch::Dashboard').properties.DashboardBody);
    for (const name of METRIC_NAMES) expect(body).toContain(name);
  });
});

describe('a domain of one’s own', () => {
  it('exists once its parameter is given, and then links lead there', () => {
    const { Parameters, Resources, Outputs } = JSON.parse(template.text);
    expect([Parameters.PublicDomain.Default, Parameters.PublicDomainCertificate.Default]).toEqual(['', '']);
    const [domain] = template.of('AWS::ApiGatewayV2::DomainName');
    const condition = Resources[domain?.id ?? ''].Condition;
    expect(condition).toMatch(/^publicdomain/);
    expect(Resources[template.the('AWS::ApiGatewayV2::ApiMapping').id].Condition).toBe(condition);
    expect(Outputs.PublicDomainTarget.Condition).toBe(condition);
    const urls = template
      .of('AWS::Lambda::Function')
      .flatMap(({ properties }) => properties.Environment.Variables.PUBLIC_URL ?? []);
    expect(urls.length).toBeGreaterThan(2);
    for (const url of urls) expect(url['Fn::If'][0]).toBe(condition);
  });
});
