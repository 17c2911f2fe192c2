import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundled } from '../../cli/bundle.mjs';
import { type Credential, type Emulator, startEmulator } from '../support/aws-emulator.ts';
import {
  ALLOWED,
  CLOUDFORMATION,
  installed,
  makeStack,
  policy,
  TABLE,
} from '../support/emulated-installation.ts';
import { skipWithout } from '../support/programs.ts';

const REGION = 'us-east-1';

describe.skipIf(skipWithout('ministack'))(
  'sluice setup aws, on the emulator of another maker with IAM on',
  () => {
    let base: string;
    let program: string;
    let aws: Emulator;
    let operator: Credential;
    let outputs: Readonly<Record<string, string>>;

    beforeAll(async () => {
      base = await mkdtemp(join(tmpdir(), 'sluice-setup-'));
      program = await bundled(join(base, 'program'));
      aws = await startEmulator();
      outputs = await installed(aws, base);
      operator = await aws.user('operator', policy(ALLOWED));
    });
    afterAll(async () => {
      await aws?.stop();
      await rm(base, { recursive: true, force: true });
    });

    type Ended = { readonly code: number; readonly out: string; readonly err: string };
    function typed(who: Credential, ...words: string[]): Promise<Ended> {
      const env = {
        PATH: process.env['PATH'],
        HOME: base,
        SLUICE_CONFIG: join(base, 'contexts.json'),
        AWS_ENDPOINT_URL: aws.url,
        AWS_ACCESS_KEY_ID: who.access_key_id,
        AWS_SECRET_ACCESS_KEY: who.secret_access_key,
      };
      return new Promise((resolve) => {
        execFile(
          process.execPath,
          [program, 'setup', 'aws', '--region', REGION, ...words],
          { cwd: base, env },
          (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
        );
      });
    }
    const json = async (who: Credential, ...words: string[]) => {
      const said = await typed(who, ...words, '--output', 'json');
      return { ...said, body: JSON.parse(said.out) };
    };
    const ADA = ['--tenant', 'acme', '--email', 'ada@example.com'];
    const users = async () =>
      (
        await aws.json('cognito-idp', 'AWSCognitoIdentityProviderService.ListUsers', {
          UserPoolId: outputs['UserPoolId'],
        })
      ).Users;
    const items = async () =>
      (await aws.json('dynamodb', 'DynamoDB_20120810.Scan', { TableName: TABLE })).Count - 1;
    const nothing = async () => {
      expect(await users()).toEqual([]);
      expect(await items()).toBe(0);
      await expect(readFile(join(base, 'contexts.json'))).rejects.toThrow('ENOENT');
    };
    const states = (body: { steps: { step: string; state: string }[] }) =>
      Object.fromEntries(body.steps.map(({ step, state }) => [step, state]));

    it('creates nothing by default, and says what it would and what remains', async () => {
      const { code, body } = await json(operator, ...ADA);
      expect(code, JSON.stringify(body)).toBe(0);
      expect(body).toMatchObject({
        written: false,
        account: '000000000000',
        url: 'https://people.sluice.example.com',
      });
      expect(states(body)).toMatchObject({
        ...{ user: 'planned', admin: 'planned', context: 'planned' },
        ...{ protection: 'missing', alarms: 'missing', 'mail sender': 'missing', admins: 'missing' },
        'checkpoints elsewhere': 'missing',
      });
      for (const { state, command } of body.steps)
        expect(typeof command).toBe(state === 'missing' ? 'string' : 'object');
      await nothing();
    });

    // The emulator asks for no right to read the settings of the account; the right to create is the next test's.
    const seen = ALLOWED.filter((action) => !/AdminCreateUser|GetAccountSettings/.test(action));
    it.each(seen)(
      'creates nothing, or leaves what it may not see unknown, without the right %s',
      async (action) => {
        const name = action.replace(':', '-');
        const who = await aws.user(name, policy(ALLOWED.filter((each) => each !== action)));
        const { code, body } = await json(who, ...ADA);
        if (/DescribeStacks|ListUsers|InvokeFunction/.test(action)) {
          expect(code, JSON.stringify(body)).toBe(12);
          expect(body.error.message).toContain(action);
          expect((await json(who, ...ADA, '--yes')).code).toBe(12);
        } else {
          expect(code, JSON.stringify(body)).toBe(0);
          const [unknown] = body.steps.filter(({ state }: { state: string }) => state === 'unknown');
          expect(unknown?.detail, JSON.stringify(body.steps)).toContain(action.split(':')[1]);
        }
        await nothing();
      },
    );

    it('creates nothing without the right to create a user', async () => {
      const who = await aws.user(
        'without-create',
        policy(ALLOWED.filter((each) => !each.includes('AdminCreate'))),
      );
      const { code, body } = await json(who, ...ADA, '--yes');
      expect({ code, said: body.error.message }).toEqual({
        code: 12,
        said: expect.stringContaining('cognito-idp:AdminCreateUser'),
      });
      await nothing();
    });

    it('creates nothing while the stack is being made', async () => {
      const wait = {
        Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
        Wait: {
          Type: 'AWS::CloudFormation::WaitCondition',
          Properties: { Handle: { Ref: 'Handle' }, Timeout: '600' },
        },
      };
      const TemplateBody = JSON.stringify({ Resources: wait });
      await aws.query('cloudformation', CLOUDFORMATION, {
        Action: 'CreateStack',
        StackName: 'Young',
        TemplateBody,
      });
      const { code, body } = await json(operator, '--stack', 'Young', ...ADA, '--yes');
      expect({ code, error: body.error }).toMatchObject({ code: 9, error: { code: 'stack_not_ready' } });
      expect(body.error.message).toContain('CREATE_IN_PROGRESS');
      await nothing();
    });

    it('creates nothing with keys that AWS does not know, or that sign wrongly', async () => {
      const forged = { ...operator, secret_access_key: 'another-secret-of-this-length-000000000' };
      expect(await json(forged, ...ADA, '--yes')).toMatchObject({ code: 12 });
      const stranger = { access_key_id: 'AKIANOBODYNOBODYNOBO', secret_access_key: 'x' };
      expect(await json(stranger, ...ADA, '--yes')).toMatchObject({ code: 12 });
      await nothing();
    });

    it('creates nothing for a stack that is not there, is not ours, or is elsewhere', async () => {
      expect((await json(operator, '--stack', 'Other', ...ADA, '--yes')).body.error.code).toBe('no_stack');
      await makeStack(aws, 'Foreign', { Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: {} } } });
      const foreign = await json(operator, '--stack', 'Foreign', ...ADA, '--yes');
      expect(foreign.body.error).toMatchObject({ code: 'not_ours', exit_code: 2 });
      const elsewhere = await json(operator, '--region', 'eu-central-1', ...ADA, '--yes');
      expect(elsewhere.body.error).toMatchObject({ code: 'no_stack', exit_code: 3 });
      expect(elsewhere.err).toContain('eu-central-1');
      await nothing();
    });

    it('creates the user, the tenant with its admin and the context, once', async () => {
      const first = await json(operator, ...ADA, '--yes');
      expect(first.code, first.out).toBe(0);
      expect(states(first.body)).toMatchObject({ user: 'done', admin: 'done', context: 'done' });
      const [user, other] = await users();
      expect(other).toBeUndefined();
      expect(user.Attributes).toContainEqual({ Name: 'email_verified', Value: 'true' });
      const kept = await readFile(join(base, 'contexts.json'), 'utf8');
      expect(JSON.parse(kept)).toMatchObject({
        current: 'people.sluice.example.com',
        contexts: {
          'people.sluice.example.com': { url: 'https://people.sluice.example.com', tenant: 'acme' },
        },
      });
      const before = await items();
      const again = await json(operator, ...ADA, '--yes');
      expect(again.code, again.out).toBe(0);
      expect(await users()).toEqual([user]);
      expect(await items()).toBe(before);
      expect(await readFile(join(base, 'contexts.json'), 'utf8')).toBe(kept);
    });

    it('takes a user who exists, and does not change them', async () => {
      const UserPoolId = outputs['UserPoolId'];
      const target = 'AWSCognitoIdentityProviderService.AdminCreateUser';
      const attributes = [{ Name: 'email', Value: 'grace@example.com' }];
      await aws.json('cognito-idp', target, { UserPoolId, Username: 'grace', UserAttributes: attributes });
      const before = (await users()).find(({ Username }: { Username: string }) => Username === 'grace');
      const { code, body } = await json(
        operator,
        '--tenant',
        'acme',
        '--email',
        'grace@example.com',
        '--yes',
      );
      expect(code, JSON.stringify(body)).toBe(0);
      expect((await users()).find(({ Username }: { Username: string }) => Username === 'grace')).toEqual(
        before,
      );
      expect(body.steps.find(({ step }: { step: string }) => step === 'admins')).toMatchObject({
        detail: '2 of 3',
      });
    });

    it('only looks with --check, and says by its exit whether something is missing', async () => {
      const before = await items();
      const { code, body } = await json(operator, '--tenant', 'acme', '--check');
      expect({ code, error: body.error.code, of: body.steps.length }).toEqual({
        code: 1,
        error: 'not_ready',
        of: 7,
      });
      expect(await items()).toBe(before);
      const table = await typed(operator, '--tenant', 'acme', '--check');
      expect(table.out).toContain('DeletionProtection=on');
    });

    it('finds done what an operator has done', async () => {
      const { TableName, UserPoolId, AlarmTopicArn = '' } = outputs;
      await aws.json('dynamodb', 'DynamoDB_20120810.UpdateTable', {
        TableName,
        DeletionProtectionEnabled: true,
      });
      const update = { UserPoolId, DeletionProtection: 'ACTIVE' };
      await aws.json('cognito-idp', 'AWSCognitoIdentityProviderService.UpdateUserPool', update);
      const subscription = {
        TopicArn: AlarmTopicArn,
        Protocol: 'sqs',
        Endpoint: 'arn:aws:sqs:us-east-1:000000000000:pager',
      };
      await aws.query('sns', '2010-03-31', { Action: 'Subscribe', ...subscription });
      const { body } = await json(operator, '--tenant', 'acme', '--check');
      expect(states(body)).toMatchObject({ protection: 'done', alarms: 'done' });
    });
  },
);
