import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startAwsEndpoint } from '../../local/aws-endpoint.ts';
import { readCrashPlan } from '../../local/crash-plan.ts';
import { inboxPage } from '../../local/mail/inbox-page.ts';
import { Mailbox } from '../../local/mail/mailbox.ts';
import { openStore } from '../../local/store.ts';

it('keeps the mail that functions send, and shows it without running any of it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-mail-'));
  const database = openStore(directory);
  const mailbox = new Mailbox(database);
  const endpoint = await startAwsEndpoint(readCrashPlan({}));
  endpoint.serve([], [mailbox.service()]);
  const send = (body: unknown) =>
    fetch(`${endpoint.url}/v2/email/outbound-emails`, { method: 'POST', body: JSON.stringify(body) });
  const sent = await send({
    FromEmailAddress: 'sluice@example.com',
    Destination: { ToAddresses: ['alice@acme.com'] },
    Content: {
      Simple: {
        Subject: { Data: 'Approve <b>it</b>' },
        Body: { Text: { Data: 'plain' }, Html: { Data: '<a href="x">"open"</a><script>1</script>' } },
      },
    },
  });
  expect([sent.status, await sent.json()]).toEqual([200, { MessageId: expect.any(String) }]);
  expect((await send({ Destination: { ToAddresses: [] } })).status).toBe(400);
  expect(mailbox.items()).toEqual([
    {
      to: ['alice@acme.com'],
      subject: 'Approve <b>it</b>',
      text: 'plain',
      html: '<a href="x">"open"</a><script>1</script>',
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    },
  ]);
  const page = inboxPage(mailbox.items());
  expect(page).not.toContain('<script>');
  expect(page).not.toContain('<b>it');
  expect(page).toContain('" sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="');
  expect(page.split('<iframe ')).toHaveLength(2);
  expect(page).toContain('srcdoc="&#60;base target=&#34;_blank&#34;&#62;&#60;a href=');
  await endpoint.stop();
  database.close();
  await rm(directory, { recursive: true, force: true, maxRetries: 20 });
});
