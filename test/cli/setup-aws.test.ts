import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { elementsOf, named, textIn } from '../../cli/aws/xml.ts';
import { type FakeAccount, fakeAccount } from './aws-account.ts';
import { type Cli, createCli, jsonOf, removeFolders } from './cli-world.ts';

afterAll(removeFolders);

let cli: Cli;
let account: FakeAccount;
beforeEach(async () => {
  cli = await createCli();
  account = fakeAccount();
  cli.fetch = account.fetch;
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLEEXAMPLE12');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterEach(() => vi.unstubAllEnvs());

const setup = (...words: string[]) => cli.run({ AWS_REGION: 'us-east-1' }, 'setup', 'aws', ...words);
const ADA = ['--tenant', 'acme', '--email', 'ada@example.com'] as const;
const user = (email: string, sub = 'sub-1', Enabled = true) => ({
  Username: 'ada',
  Enabled,
  Attributes: [
    { Name: 'sub', Value: sub },
    { Name: 'email', Value: email },
  ],
});
const WRITES = ['AdminCreateUser'];
const wrote = () => account.asked.filter((action) => WRITES.includes(action));

describe('sluice setup aws', () => {
  it('asks nothing of AWS for what cannot be meant', async () => {
    for (const words of [
      ['--tenant', 'acme'],
      ['--email', 'ada@example.com'],
      ['--check', ...ADA],
      ['--check', '--yes'],
      ['--tenant', 'a b', '--email', 'ada@example.com'],
      ['--tenant', 'acme', '--email', 'ada'],
      [...ADA, '--stack', '$(touch pwned)'],
      [...ADA, '--region', 'us-east-1.evil.example'],
    ])
      expect(await setup(...words), words.join(' ')).toMatchObject({ exit: 2 });
    expect(account.asked).toEqual([]);
  });

  it('does nothing without --yes, and by it each once, in an order that can be repeated', async () => {
    jsonOf(await setup(...ADA, '-o', 'json'));
    expect(wrote()).toEqual([]);
    const done = jsonOf(await setup(...ADA, '--yes', '-o', 'json'));
    expect(done).toMatchObject({ written: true, account: '111122223333', missing: 7 });
    expect(account.admins).toEqual(['sub-ada.example.com']);
    jsonOf(await setup(...ADA, '--yes', '-o', 'json'));
    expect(wrote()).toHaveLength(1);
    expect(account.admins).toHaveLength(1);
  });

  it('goes on where an earlier run has ended after the user', async () => {
    account.users = [user('ada@example.com')];
    jsonOf(await setup(...ADA, '--yes', '-o', 'json'));
    expect(wrote()).toEqual([]);
    expect(account.admins).toEqual(['sub-1']);
  });

  it('keeps a context with its login, and takes the name of no other server', async () => {
    const file = join(cli.home, '.config/sluice/contexts.json');
    await setup(...ADA, '--yes');
    const kept = JSON.parse(await readFile(file, 'utf8'));
    const name = 'people.example.com';
    kept.contexts[name].auth = { type: 'token', access_token: 'mine' };
    await writeFile(file, JSON.stringify(kept));
    await setup(...ADA, '--yes');
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(kept);
    kept.contexts[name].url = 'https://other.example.com';
    await writeFile(file, JSON.stringify(kept));
    account.users = [];
    expect(await setup(...ADA, '--yes')).toMatchObject({ exit: 2, err: expect.stringContaining('--name') });
    expect(account.users).toEqual([]);
  });

  it.each([
    ['two users of one address', [user('ada@example.com'), user('ada@example.com', 'sub-2')], 'two users'],
    ['a disabled one', [user('ada@example.com', 'sub-1', false)], 'is disabled'],
  ])('changes nothing for %s', async (_, users, words) => {
    account.users = users;
    expect(await setup(...ADA, '--yes')).toMatchObject({ exit: 1, err: expect.stringContaining(words) });
    expect(account.admins).toEqual([]);
  });

  it('takes no name that another person has in the pool', async () => {
    const taken = { __type: 'UsernameExistsException', message: 'User account already exists' };
    account.instead.set('AdminCreateUser', () => Response.json(taken, { status: 400 }));
    expect(await setup(...ADA, '--yes')).toMatchObject({
      exit: 1,
      err: expect.stringContaining('another address'),
    });
    expect(account.admins).toEqual([]);
  });

  it('does not call a member an admin whom the seed left as they were', async () => {
    const left = () => Response.json({ people: 1, admins: ['somebody'] });
    account.instead.set('/2015-03-31/functions/seed/invocations', left);
    expect(await setup(...ADA, '--yes')).toMatchObject({
      exit: 12,
      err: expect.stringContaining('without being its admin'),
    });
  });

  it('works with an installation of 0.1.0, which does not say who is an admin', async () => {
    account.admins = undefined;
    const { steps } = jsonOf(await setup(...ADA, '--yes', '-o', 'json'));
    expect(steps.find(({ step }: { step: string }) => step === 'admins')).toMatchObject({ state: 'unknown' });
  });

  it('tries again what AWS throttles, and no refusal', async () => {
    let tries = 0;
    account.instead.set('ListUsers', () => {
      tries += 1;
      return tries > 2
        ? Response.json({ Users: [] })
        : Response.json({ __type: 'ThrottlingException' }, { status: 400 });
    });
    expect((await setup(...ADA)).exit).toBe(0);
    expect(tries).toBe(3);
    account.instead.set('ListUsers', () => {
      tries += 1;
      return Response.json({ __type: 'x#AccessDeniedException', message: 'no' }, { status: 400 });
    });
    expect(await setup(...ADA)).toMatchObject({
      exit: 12,
      err: expect.stringContaining('cognito-idp:ListUsers'),
    });
    expect(tries).toBe(4);
  });

  it('says what a function that failed said', async () => {
    const failed = () =>
      Response.json(
        { errorMessage: 'the table has no format number' },
        { headers: { 'x-amz-function-error': 'Unhandled' } },
      );
    account.instead.set('/2015-03-31/functions/seed/invocations', failed);
    expect(await setup(...ADA, '--yes')).toMatchObject({
      exit: 1,
      err: expect.stringContaining('no format number'),
    });
    expect(wrote()).toEqual([]);
  });

  it.each([
    ['DescribeStacks', () => new Response('<html><p>no')],
    ['ListUsers', () => new Response('{"Users": 1}')],
    ['DescribeStacks', () => new Response('<R><Stacks><member></Stacks></R>')],
  ])('does nothing by an answer of %s that is none', async (action, said) => {
    account.instead.set(action, said);
    const { exit } = await setup(...ADA, '--yes');
    expect(exit).toBeGreaterThan(0);
    expect(wrote()).toEqual([]);
  });

  it('quotes what it hands on to a shell', async () => {
    account.parameters['MailFrom'] = "o'clock;id@example.com";
    const words = ['--tenant', 'acme', '--email', "a'da$(id)@example.com"];
    const { out, err } = await setup(...words);
    expect(err).toContain(`--email 'a'\\''da$(id)@example.com'`);
    expect(out).toContain('--email-identity example.com');
  });

  it('goes to the domain of the installation, where it has one', async () => {
    account.parameters['PublicDomain'] = 'sluice.example.com';
    expect(jsonOf(await setup('--check', '-o', 'json').then((said) => ({ ...said, exit: 0 })))).toMatchObject(
      {
        url: 'https://sluice.example.com',
      },
    );
  });
});

describe('the XML of AWS', () => {
  it('is read with its entities, empty elements and namespaces', () => {
    const root = elementsOf(
      '<?xml version="1.0"?><a xmlns="b"><c>1 &lt; &#50; &#x1F600; &amp;amp; &nope;</c><d/><e x="/"></e></a>',
    );
    expect(textIn(root, 'c')).toBe('1 < 2 😀 &amp; &nope;');
    expect(named(root, 'd')).toEqual([{ name: 'd', text: '', below: [] }]);
  });

  it.each(['', 'text', '<a>', '<a></b>', '</a>', '<a><b></a></b>'])('is none: %j', (text) => {
    expect(elementsOf(text)).toBeUndefined();
  });

  it('is read in time that grows with its length, however deep', () => {
    expect(elementsOf('<a>'.repeat(20_000) + '</a>'.repeat(20_000))?.name).toBe('a');
    expect(elementsOf('<'.repeat(200_000))).toBeUndefined();
  });
});
