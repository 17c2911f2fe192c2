import { vi } from 'vitest';
import type { Scene } from './noun-scenes.ts';

/** An account of AWS as far as `setup aws` reads it, with the words of AWS's own documentation; the long tests ask an emulator with IAM. */
export type FakeAccount = {
  /** What was asked, in order: the service and the action. */
  readonly asked: string[];
  readonly fetch: typeof fetch;
  users: { Username: string; Enabled: boolean; Attributes: { Name: string; Value: string }[] }[];
  /** What the seed function answers; absent members are those of 0.1.0. */
  admins: string[] | undefined;
  parameters: Record<string, string>;
  status: string;
  /** Answers in place of the account's own, by action. */
  instead: Map<string, () => Response>;
};

const OUTPUTS = {
  PeopleApiUrl: 'https://people.example.com',
  UserPoolId: 'us-east-1_pool',
  TableName: 'table',
  AlarmTopicArn: 'arn:aws:sns:us-east-1:111122223333:alarms',
  SeedFunctionName: 'seed',
  LogBucketName: 'log',
};
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const members = (pairs: Record<string, string>, name: string) =>
  Object.entries(pairs)
    .map(
      ([key, value]) =>
        `<member><${name}Key>${key}</${name}Key><${name}Value>${escaped(value)}</${name}Value></member>`,
    )
    .join('');

export function fakeAccount(): FakeAccount {
  const account: FakeAccount = {
    asked: [],
    users: [],
    admins: [],
    parameters: { DeletionProtection: 'off', MailFrom: 'sluice@mail.invalid' },
    status: 'CREATE_COMPLETE',
    instead: new Map(),
    async fetch(input, init = {}) {
      const request = new Request(input, init);
      const text = await request.text();
      const url = new URL(request.url);
      const action =
        request.headers.get('x-amz-target')?.split('.')[1] ??
        new URLSearchParams(text).get('Action') ??
        url.pathname;
      account.asked.push(action);
      return account.instead.get(action)?.() ?? answer(account, action, text);
    },
  };
  return account;
}

function answer(account: FakeAccount, action: string, text: string): Response {
  const { users, parameters, status } = account;
  switch (action) {
    case 'DescribeStacks':
      return new Response(
        `<?xml version="1.0"?><DescribeStacksResponse xmlns="x"><DescribeStacksResult><Stacks><member><StackId>arn:aws:cloudformation:us-east-1:111122223333:stack/Sluice/1</StackId>
        <StackStatus>${status}</StackStatus><Outputs>${members(OUTPUTS, 'Output')}</Outputs><Parameters>${members(parameters, 'Parameter')}</Parameters><Tags/></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
      );
    case 'ListUsers':
      return Response.json({ Users: users });
    case 'AdminCreateUser': {
      const { Username, UserAttributes } = JSON.parse(text);
      const user = {
        Username,
        Enabled: true,
        Attributes: [...UserAttributes, { Name: 'sub', Value: `sub-${Username}` }],
      };
      users.push(user);
      return Response.json({ User: user });
    }
    case 'DescribeUserPool':
      return Response.json({ UserPool: { DeletionProtection: 'INACTIVE' } });
    case 'DescribeTable':
      return Response.json({ Table: {} });
    case 'ListSubscriptionsByTopic':
      return new Response('<R><Subscriptions/></R>');
    case '/2015-03-31/functions/seed/invocations': {
      const { people } = JSON.parse(text);
      for (const { user_id } of people) account.admins?.push(user_id);
      return Response.json({
        people: people.length,
        ...(account.admins === undefined ? {} : { admins: account.admins }),
      });
    }
    case '/v2/email/account':
      return Response.json({ ProductionAccessEnabled: false });
    case '/2016-08-19/account-settings/':
      return Response.json({ AccountLimit: { ConcurrentExecutions: 10 } });
    default:
      return Response.json(
        { message: 'no such thing' },
        { status: 404, headers: { 'x-amzn-errortype': 'NotFoundException' } },
      );
  }
}

/** A dry run in front of the account; whoever takes it unstubs the environment. */
export const setupScene: Scene = async (cli) => {
  cli.fetch = fakeAccount().fetch;
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLEEXAMPLE12');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  const words = ['--region', 'us-east-1', '--tenant', 'acme', '--email', 'ada@example.com'];
  return ['dev', 'setup', 'aws', ...words];
};
