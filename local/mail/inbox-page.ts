import { escaped } from '../markup.ts';
import type { Mail } from './mailbox.ts';

/** Links of a mail open in a tab of their own, as in a mail program: most pages refuse to be shown in a frame. */
const base = '<base target="_blank">';

/** The inbox as a page, newest first. A mail's HTML is shown in a frame that may run no script; what its links open may. */
export function inboxPage(items: readonly Mail[]): string {
  const mails = items.toReversed().map(
    (
      mail,
    ) => `<article class="sect"><header><h2>${escaped(mail.subject)}</h2><p>To ${escaped(mail.to.join(', '))} at ${escaped(mail.at)}</p></header>
${mail.html === '' ? `<pre>${escaped(mail.text)}</pre>` : `<iframe title="${escaped(mail.subject)}" sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="${escaped(base + mail.html)}"></iframe>`}</article>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Inbox</title><link rel="icon" href="data:,"><meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/web/style.css">
<body><main class="page inbox"><h1>Inbox</h1><p class="lead">Mail of this machine: nothing is sent anywhere.</p>${mails.length === 0 ? '<p>No mail yet.</p>' : mails.join('\n')}</main></body></html>`;
}
