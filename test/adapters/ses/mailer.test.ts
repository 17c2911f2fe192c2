import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sesMailer } from '../../../functions/adapters/ses/mailer.ts';
import { startAwsEndpoint } from '../../../local/aws-endpoint.ts';
import { readCrashPlan } from '../../../local/crash-plan.ts';
import { Mailbox } from '../../../local/mail/mailbox.ts';
import { openStore } from '../../../local/store.ts';

const mail = { to: 'alice@acme.com', subject: 'Hello', text: 'Text', html: '<p>Text</p>' };

describe('mail by SES', () => {
  let folder: string;
  let stop: () => Promise<void>;
  let mailbox: Mailbox;
  let client: SESv2Client;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-mail-'));
    const endpoint = await startAwsEndpoint(readCrashPlan({}));
    mailbox = new Mailbox(openStore(folder));
    endpoint.serve([], [mailbox.service()]);
    client = clientAt(endpoint.url);
    stop = () => endpoint.stop();
  });
  afterAll(async () => {
    await stop?.();
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  });

  const send = (change: Partial<typeof mail>) =>
    sesMailer({ client, from: 'sluice@acme.com' }).send({ ...mail, ...change });

  it('goes to one person, as text and as HTML', async () => {
    expect(await send({})).toEqual({ outcome: 'delivered', reference: expect.any(String) });
    expect(mailbox.items().at(-1)).toMatchObject({
      to: ['alice@acme.com'],
      subject: 'Hello',
      text: 'Text',
      html: '<p>Text</p>',
    });
  });

  it('has a subject of one line, whatever it is made of', async () => {
    await send({ subject: 'a\r\nBcc: eve@evil.com\u2028\u0000b\t\ud800' });
    const subject = mailbox.items().at(-1)?.subject ?? '';
    expect(subject).toBe('a Bcc: eve@evil.com b \ufffd');
    await send({ subject: '😀'.repeat(300) });
    expect([...(mailbox.items().at(-1)?.subject ?? '')]).toHaveLength(200);
  });

  it.each([
    'a@b.com\r\nBcc: eve@evil.com',
    'a@b.com, eve@evil.com',
    '"Eve" <eve@evil.com>',
    'a@b@c.com',
    '',
    'a@',
    `${'a'.repeat(65)}@b.com`,
    `a@${'b'.repeat(260)}.com`,
    'ä@b.com',
    '@b.com',
    'a@b..com',
    'a@.com',
    'a@b.com.',
    'a@-b.com',
    'a@b-.com',
    `a@${'b'.repeat(64)}.com`,
    `a@${'b.'.repeat(126)}c`,
    // A check that backtracks doubles its work with each of these letters.
    `info@${'a'.repeat(200)}ä.example`,
    `info@${'a-'.repeat(100)}ä.example`,
    `info@${'a.'.repeat(100)}ä.example`,
  ])('never goes to %j', async (to) => {
    const before = mailbox.items().length;
    expect(await send({ to })).toEqual({ outcome: 'refused', reason: 'this is no address' });
    expect(mailbox.items()).toHaveLength(before);
  });

  it('goes to addresses that people have', async () => {
    for (const to of ['a@b', "o'neil+x@mail.example.co.uk", 'A.B_c-d@x-y.com']) {
      expect(await send({ to })).toMatchObject({ outcome: 'delivered' });
    }
  });

  it.each([
    ['MessageRejected', 'Email address is on the suppression list', 'refused'],
    ['BadRequestException', 'Illegal address', 'refused'],
    ['MessageRejected', 'Email address is not verified. The following identities failed', 'retry'],
    ['MailFromDomainNotVerifiedException', '', 'retry'],
    ['AccountSuspendedException', '', 'retry'],
    ['TooManyRequestsException', 'Maximum sending rate exceeded', 'retry'],
    ['TimeoutError', '', 'retry'],
  ])('takes %s (%s) for %s', async (name, message, outcome) => {
    const broken = clientAt('http://127.0.0.1:9');
    broken.middlewareStack.add(() => () => Promise.reject(Object.assign(new Error(message), { name })), {
      step: 'initialize',
    });
    const sent = await sesMailer({ client: broken, from: 'sluice@acme.com' }).send(mail);
    expect(sent).toEqual({ outcome, reason: `SES answered ${name}` });
  });
});

function clientAt(endpoint: string): SESv2Client {
  return new SESv2Client({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
}
