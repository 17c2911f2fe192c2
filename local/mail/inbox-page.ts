import { escaped } from '../markup.ts';
import type { Mail } from './mailbox.ts';

/** The inbox as a page, newest first. A mail's HTML is shown in a frame that may run no script. */
export function inboxPage(items: readonly Mail[]): string {
  const mails = items.toReversed().map(
    (
      mail,
    ) => `<article><h2>${escaped(mail.subject)}</h2><p>To ${escaped(mail.to.join(', '))} at ${escaped(mail.at)}</p>
${mail.html === '' ? `<pre>${escaped(mail.text)}</pre>` : `<iframe sandbox="allow-popups" srcdoc="${escaped(mail.html)}"></iframe>`}</article>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Inbox</title>
<style>body{font:16px/1.5 system-ui;max-width:50rem;margin:2rem auto}iframe{width:100%;height:20rem;border:1px solid #ccc}</style>
<h1>Inbox</h1>${mails.length === 0 ? '<p>No mail yet.</p>' : mails.join('\n')}</html>`;
}
