import { expect, it } from 'vitest';
import { inboxPage } from '../../local/mail/inbox-page.ts';
import { Browser } from '../support/browser.ts';
import { listen } from '../support/listener.ts';

it('shows a mail so that a person can follow its links and send its forms', async () => {
  const html = `<a href="/approvals/x?a=1&amp;b=2">Look</a>
    <form method="post" action="/say"><input type="hidden" name="csrf" value="&quot;1&quot;"><textarea name="comment"></textarea>
    <button name="decision" value="approve">Approve</button></form>`;
  const mail = { to: ['alice@acme.com'], subject: 's', text: '', html, at: '2026-11-21T09:00:00Z' };
  const listener = await listen(({ path, body, headers }, _, response) => {
    if (path === '/inbox')
      response.setHeader('set-cookie', 'kept=1; Path=/; HttpOnly').end(inboxPage([mail]));
    else if (path === '/say') response.writeHead(303, { location: '/done' }).end();
    else response.end(`${path} ${headers.cookie} ${body}`);
  });
  const browser = new Browser();
  const page = await browser.get(`http://127.0.0.1:${listener.port}/inbox`);
  expect(page.links).toEqual(['/approvals/x?a=1&b=2']);
  const done = await browser.submit(page, { decision: 'approve', comment: 'fine' });
  expect(done.html).toBe('/done kept=1 ');
  expect(listener.received[1]).toMatchObject({ method: 'POST', path: '/say' });
  expect(Object.fromEntries(new URLSearchParams(listener.received[1]?.body))).toEqual({
    csrf: '"1"',
    comment: 'fine',
    decision: 'approve',
  });
  await listener.stop();
});
