import { access, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { mostStreams } from '../../functions/domain/flags/stream-event.ts';
import { FUNCTIONS } from '../../infra/functions.ts';
import { realTemplate } from '../support/template.ts';

type Json = ReturnType<typeof JSON.parse>;

let page: string;
let template: { readonly Parameters: Json; readonly Outputs: Json };
let scripts: { readonly [name: string]: string };

beforeAll(async () => {
  page = await readFile('docs/operations.md', 'utf8');
  template = JSON.parse((await realTemplate()).text);
  scripts = JSON.parse(await readFile('package.json', 'utf8')).scripts;
});

/** What is typed, in blocks and in the text. */
const commands = (): string[] => {
  const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block.replaceAll(/\\\n\s*/g, '').split('\n'),
  );
  const inline = [...page.matchAll(/`((?:aws|npx|npm|node|git) [^`]*)`/g)].map(([, typed = '']) => typed);
  return [...blocks, ...inline].map((line) => line.trim()).filter((line) => line !== '');
};
const found = (pattern: RegExp): string[] =>
  [...commands().join('\n').matchAll(pattern)].map(([, name = '']) => name);

/** The calls of AWS that the page types, with the options that each takes; AWS itself is not here to be asked. */
const AWS_CALLS: { readonly [call: string]: readonly string[] } = {
  'cognito-idp admin-create-user': ['--user-pool-id', '--username', '--user-attributes'],
  'cognito-idp admin-get-user': ['--user-pool-id', '--username'],
  'lambda invoke': ['--function-name', '--invocation-type', '--cli-binary-format', '--payload'],
  'sqs start-message-move-task': ['--source-arn'],
  'iam get-role': [],
  'dynamodb restore-table-to-point-in-time': [],
  'dynamodb get-item': ['--table-name', '--key'],
};

describe('docs/operations.md', () => {
  it('names parameters that the template has', () => {
    const named = found(/--parameters ([A-Za-z]+)=/g);
    expect(named.length).toBeGreaterThan(4);
    for (const name of named) expect(Object.keys(template.Parameters)).toContain(name);
  });

  it('names outputs that the template has', () => {
    const named = [...page.matchAll(/<([A-Z][A-Za-z]+)>/g)].map(([, name = '']) => name);
    const told = [...page.matchAll(/output(?:s)? `([A-Z][A-Za-z]+)`/g)].map(([, name = '']) => name);
    expect([...named, ...told]).toEqual(
      expect.arrayContaining(['UserPoolId', 'SeedFunctionName', 'PeopleApiUrl']),
    );
    for (const name of [...named, ...told]) expect(Object.keys(template.Outputs)).toContain(name);
  });

  it('says every parameter of the template that an operator may set', () => {
    const ours = Object.keys(template.Parameters).filter((name) => name !== 'BootstrapVersion');
    for (const name of ours) expect(page).toContain(name);
  });

  it('says what the gateway and the streams allow all tenants together, and one of them', async () => {
    const { text } = await realTemplate();
    const stages: Json[] = Object.values<Json>(JSON.parse(text).Resources).filter(
      ({ Type }) => Type === 'AWS::ApiGatewayV2::Stage',
    );
    expect(stages.length).toBeGreaterThan(0);
    for (const { Properties } of stages) {
      const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = Properties.DefaultRouteSettings;
      expect(page).toContain(`${rate} requests a second and bursts of ${burst.toLocaleString('en')}`);
      expect(page).toContain(`${(rate * 30).toLocaleString('en')} clients of flags that poll every 30 s`);
    }
    const { tenant, key } = mostStreams(Number.POSITIVE_INFINITY);
    expect(page).toContain(`never more than ${tenant} streams`);
    expect(page.replaceAll(/\s+/g, ' ')).toContain(`never more than ${key}:`);
    expect(mostStreams(tenant)).toEqual({ tenant: tenant / 2, key: tenant / 4 });
  });

  it('runs scripts and files that are there', async () => {
    for (const name of found(/npm run ([a-z:]+)/g)) expect(Object.keys(scripts)).toContain(name);
    for (const file of found(/\bnode ([a-z./-]+\.ts)/g)) await expect(access(file)).resolves.toBeUndefined();
    for (const [, name] of page.matchAll(/log of `([a-z-]+)`/g))
      expect(FUNCTIONS.map((one) => one.name)).toContain(name);
  });

  it('calls AWS with options that the calls take', () => {
    for (const line of commands().filter((typed) => typed.startsWith('aws '))) {
      const [, call = '', rest = ''] = /^aws (\S+ \S+)(.*)$/.exec(line) ?? [];
      expect(Object.keys(AWS_CALLS), line).toContain(call);
      for (const [option] of rest.matchAll(/--[a-z-]+/g)) expect(AWS_CALLS[call], line).toContain(option);
    }
  });
});
