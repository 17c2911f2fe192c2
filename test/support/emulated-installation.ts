import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatKey } from '../../functions/adapters/dynamodb/keys.ts';
import { bundleFunctions, FUNCTION_ENTRIES } from '../../infra/bundle.ts';
import { type Emulator, zipped } from './aws-emulator.ts';
import { releases } from './releases.ts';

/** The table of the installation. */
export const TABLE = 'sluice-table';
const SEED = 'sluice-seed';
/** The version of CloudFormation's API. */
export const CLOUDFORMATION = '2010-05-15';
const text = { Type: 'String' };
const key = (AttributeName: string, KeyType: string) => ({ AttributeName, KeyType });

/** What `setup` reads of a stack of Sluice, with the real names of its outputs and parameters. */
const template = {
  Parameters: {
    DeletionProtection: { ...text, Default: 'off' },
    MailFrom: { ...text, Default: 'sluice@example.com' },
    LogWitnesses: { ...text, Default: '' },
    AlarmEmail: { ...text, Default: 'oncall@example.com' },
  },
  Resources: {
    Pool: {
      Type: 'AWS::Cognito::UserPool',
      Properties: {
        AliasAttributes: ['email'],
        AutoVerifiedAttributes: ['email'],
        UsernameConfiguration: { CaseSensitive: false },
        DeletionProtection: 'INACTIVE',
      },
    },
    Topic: { Type: 'AWS::SNS::Topic', Properties: {} },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: TABLE,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [key('PK', 'HASH'), key('SK', 'RANGE')],
        AttributeDefinitions: ['PK', 'SK', 'GSI1PK', 'GSI1SK'].map((AttributeName) => ({
          AttributeName,
          AttributeType: 'S',
        })),
        GlobalSecondaryIndexes: [
          {
            IndexName: 'GSI1',
            KeySchema: [key('GSI1PK', 'HASH'), key('GSI1SK', 'RANGE')],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      },
    },
  },
  Outputs: {
    PeopleApiUrl: { Value: 'https://people.sluice.example.com' },
    UserPoolId: { Value: { Ref: 'Pool' } },
    TableName: { Value: { Ref: 'Table' } },
    AlarmTopicArn: { Value: { Ref: 'Topic' } },
    SeedFunctionName: { Value: SEED },
    LogBucketName: { Value: 'sluice-log' },
  },
};
/** The actions that the guide says whoever sets up must be allowed. */
export const ALLOWED = [
  'cloudformation:DescribeStacks',
  'cognito-idp:ListUsers',
  'cognito-idp:AdminCreateUser',
  'cognito-idp:DescribeUserPool',
  'dynamodb:DescribeTable',
  'lambda:InvokeFunction',
  'lambda:GetAccountSettings',
  'ses:GetAccount',
  'ses:GetEmailIdentity',
  'sns:ListSubscriptionsByTopic',
];
/** Returns a policy of IAM that allows these actions on everything. */
export const policy = (Action: readonly string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
});

/** Makes an installation in the emulator as far as `sluice setup aws` reads it, with the real seed function; answers its outputs. */
export async function installed(aws: Emulator, base: string): Promise<Readonly<Record<string, string>>> {
  const entry = FUNCTION_ENTRIES.filter(({ name }) => name === 'seed');
  await bundleFunctions(entry, base, { inOne: true });
  await makeStack(aws, 'Sluice', template);
  await seedFunction(aws, base);
  await number(aws);
  return await outputsOf(aws, 'Sluice');
}

/** Creates a stack and waits until it is there. */
export async function makeStack(aws: Emulator, StackName: string, body: object): Promise<void> {
  await aws.query('cloudformation', CLOUDFORMATION, {
    Action: 'CreateStack',
    StackName,
    TemplateBody: JSON.stringify(body),
  });
  for (;;) {
    const said = await aws.query('cloudformation', CLOUDFORMATION, {
      Action: 'DescribeStacks',
      StackName,
    });
    if (said.includes('<StackStatus>CREATE_COMPLETE')) return;
    if (/FAILED|ROLLBACK/.test(said)) throw new Error(said);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
async function outputsOf(aws: Emulator, StackName: string): Promise<Readonly<Record<string, string>>> {
  const said = await aws.query('cloudformation', CLOUDFORMATION, { Action: 'DescribeStacks', StackName });
  const pairs = said.matchAll(/<OutputKey>(.*?)<\/OutputKey>\s*<OutputValue>(.*?)<\/OutputValue>/g);
  return Object.fromEntries([...pairs].map(([, name, value]) => [name, value]));
}
/** What a deployment does to a new table: it gets the number of its format. */
async function number(aws: Emulator): Promise<void> {
  const S = (text: string) => ({ S: text });
  const { PK, SK } = formatKey;
  const N = { N: String(releases.next.format) };
  const of = { written_by: S(releases.next.version), at: S('2026-11-24T00:00:00.000Z') };
  const Item = { PK: S(PK), SK: S(SK), format: N, readable_from: N, ...of };
  await aws.json('dynamodb', 'DynamoDB_20120810.PutItem', { TableName: TABLE, Item });
}
/** The real function, as it is deployed. */
async function seedFunction(aws: Emulator, base: string): Promise<void> {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  };
  await aws.query('iam', '2010-05-08', {
    Action: 'CreateRole',
    RoleName: SEED,
    AssumeRolePolicyDocument: JSON.stringify(trust),
  });
  const PolicyDocument = JSON.stringify(policy(['dynamodb:*', 'logs:*']));
  await aws.query('iam', '2010-05-08', {
    Action: 'PutRolePolicy',
    RoleName: SEED,
    PolicyName: 'table',
    PolicyDocument,
  });
  await aws.rest('lambda', 'POST', '/2015-03-31/functions', {
    FunctionName: SEED,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Role: `arn:aws:iam::000000000000:role/${SEED}`,
    Timeout: 60,
    Code: { ZipFile: zipped(await readFile(join(base, 'seed/index.mjs'))) },
    Environment: { Variables: { TABLE_NAME: TABLE } },
  });
}
