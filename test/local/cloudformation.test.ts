import { describe, expect, it } from 'vitest';
import { readAssembly } from '../../local/cloudformation/assembly.ts';
import { readBusNames, readPatternRules, readScheduleRules } from '../../local/cloudformation/event-rules.ts';
import { readFunctions } from '../../local/cloudformation/functions.ts';
import { readHttpApis } from '../../local/cloudformation/http-apis.ts';
import { evaluateCondition, type Lookup, resolveValue } from '../../local/cloudformation/intrinsics.ts';
import { readQueueMappings, readQueues } from '../../local/cloudformation/queues.ts';
import { deploy } from '../../local/cloudformation/stack.ts';
import { readStateMachines } from '../../local/cloudformation/state-machines.ts';
import { readTables } from '../../local/cloudformation/tables.ts';
import { readUserPools } from '../../local/cloudformation/user-pools.ts';
import { fixtureAssembly } from './fixture.ts';

const at = { region: 'us-east-1', accountId: '000000000000', httpUrl: 'http://127.0.0.1:8888' };

const lookup: Lookup = {
  ref: (name) => ({ Table: 'table-1', Count: 3 })[name] ?? `ref:${name}`,
  attribute: (logicalId, name) => `${logicalId}.${name}`,
  condition: (name) => name === 'Yes',
  mapping: (...path) => path.join('/'),
  importValue: (name) => `import:${name}`,
};

describe('intrinsic functions', () => {
  it.each([
    [{ Ref: 'Table' }, 'table-1'],
    [{ 'Fn::GetAtt': ['Table', 'Arn'] }, 'Table.Arn'],
    [{ 'Fn::GetAtt': 'Table.Stream.Arn' }, 'Table.Stream.Arn'],
    [{ 'Fn::Join': [':', ['a', { Ref: 'Count' }, { 'Fn::GetAtt': ['T', 'Arn'] }]] }, 'a:3:T.Arn'],
    [{ 'Fn::Sub': `\${Table}/\${T.Arn}/\${!kept}` }, `table-1/T.Arn/\${kept}`],
    [{ 'Fn::Sub': [`\${own}/\${Table}`, { own: { Ref: 'Count' } }] }, '3/table-1'],
    [{ 'Fn::Select': ['1', { 'Fn::Split': [',', 'a,b,c'] }] }, 'b'],
    [{ 'Fn::If': ['Yes', 'then', 'else'] }, 'then'],
    [{ 'Fn::If': ['No', 'then', { Ref: 'Table' }] }, 'table-1'],
    [{ 'Fn::FindInMap': ['M', 'a', 'b'] }, 'M/a/b'],
    [{ 'Fn::ImportValue': { 'Fn::Join': ['-', ['x', 'y']] } }, 'import:x-y'],
    [{ 'Fn::Base64': 'hi' }, 'aGk='],
    [
      {
        kept: 1,
        dropped: { Ref: 'AWS::NoValue' },
        list: ['a', { 'Fn::If': ['No', 'b', { Ref: 'AWS::NoValue' }] }],
      },
      { kept: 1, list: ['a'] },
    ],
    [{ Condition: { StringEquals: { a: 'b' } } }, { Condition: { StringEquals: { a: 'b' } } }],
  ])('%j is %j', (value, expected) => {
    expect(resolveValue(value, lookup)).toEqual(expected);
  });

  it('refuses a function it does not know', () => {
    expect(() => resolveValue({ a: { 'Fn::Transform': {} } }, lookup)).toThrow('Fn::Transform');
  });

  it.each([
    [{ 'Fn::Equals': [{ Ref: 'Table' }, 'table-1'] }, true],
    [{ 'Fn::Not': [{ Condition: 'Yes' }] }, false],
    [{ 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] }, false],
    [{ 'Fn::Or': [{ Condition: 'No' }, { 'Fn::Equals': ['a', 'a'] }] }, true],
  ])('the condition %j is %j', (condition, expected) => {
    expect(evaluateCondition(condition, lookup)).toBe(expected);
  });
});

describe('the fixture stack', async () => {
  const deployed = deploy(await readAssembly(fixtureAssembly), at);

  it('has its functions, without the one whose condition is false', () => {
    const functions = readFunctions(deployed);
    expect(functions.map(({ name }) => name)).toEqual([
      'Api',
      'Step',
      'Listener',
      'Claims',
      'Seed',
      'Worker',
    ]);
    expect(functions[0]).toMatchObject({
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:Api',
      file: `${fixtureAssembly}/asset.app/index.mjs`,
      exportName: 'api',
      timeoutMs: 28_000,
      memoryMb: 256,
      isSeed: false,
    });
    expect(functions[3]).toMatchObject({ timeoutMs: 3000, memoryMb: 128 });
    expect(functions.filter(({ isSeed }) => isSeed).map(({ name }) => name)).toEqual(['Seed']);
  });

  it('has its table', () => {
    expect(readTables(deployed)).toMatchObject([
      {
        name: 'Table',
        GlobalSecondaryIndexes: [{ IndexName: 'GSI1', Projection: { ProjectionType: 'KEYS_ONLY' } }],
      },
    ]);
  });

  it('has its routes with their authorizers', () => {
    const routes = readHttpApis(deployed).map(({ id, routes }) => [id, routes]);
    const target = { functionName: 'Api', timeoutMs: 30_000 };
    const issuer = 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Pool';
    expect(routes).toEqual([
      [
        'People',
        [
          {
            key: 'ANY /api/{proxy+}',
            ...target,
            authorizer: { kind: 'jwt', issuer, audience: ['client'], scopes: [] },
          },
          { key: 'GET /open/{name}', ...target, authorizer: { kind: 'none' } },
        ],
      ],
      ['Machines', [{ key: 'ANY /api/{proxy+}', ...target, authorizer: { kind: 'iam' } }]],
    ]);
  });

  it('has its state machine with the substitutions made', () => {
    const [machine] = readStateMachines(deployed);
    expect(machine?.arn).toBe('arn:aws:states:us-east-1:000000000000:stateMachine:fixture');
    expect(JSON.stringify(machine?.definition)).toContain(
      'arn:aws:lambda:us-east-1:000000000000:function:Step',
    );
    expect(JSON.stringify(machine?.definition)).not.toContain('StepArn');
  });

  it('has its queues, with their dead letters and the function that they call', () => {
    const queues = readQueues(deployed);
    const jobs = 'arn:aws:sqs:us-east-1:000000000000:Jobs';
    expect(queues).toMatchObject([
      {
        arn: jobs,
        visibilityMs: 180_000,
        redrive: { arn: expect.stringMatching(/:DeadJobs$/), maxReceives: 3 },
      },
      { name: 'DeadJobs', retentionMs: 1_209_600_000 },
    ]);
    const mapping = {
      queueArn: jobs,
      functionName: 'Worker',
      batchSize: 5,
      windowMs: 0,
      reportsFailures: true,
    };
    expect(readQueueMappings(deployed, queues, 4)).toEqual([{ ...mapping, concurrency: 2 }]);
    expect(() => readQueueMappings(deployed, [], 4)).toThrow('its own queues');
  });

  it('has its rules, schedules and user pool', () => {
    expect([...readBusNames(deployed)]).toEqual(['default', 'fixture']);
    expect(readPatternRules(deployed)).toEqual([
      {
        name: 'Rule',
        busName: 'fixture',
        pattern: { source: ['fixture'], detail: { type: [{ prefix: 'thing.' }] } },
        targets: [{ functionName: 'Listener', input: undefined }],
      },
    ]);
    expect(readScheduleRules(deployed)).toMatchObject([
      {
        expression: 'rate(1 minute)',
        targets: [{ functionName: 'Listener', input: { detail: { id: 'schedule' } } }],
      },
    ]);
    expect(readUserPools(deployed)).toMatchObject([
      {
        id: 'us-east-1_Pool',
        clientId: 'client',
        tokenTrigger: 'arn:aws:lambda:us-east-1:000000000000:function:Claims',
      },
    ]);
  });
});
