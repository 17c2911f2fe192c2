import { escaped } from '../markup.ts';
import type { Mail } from './mailbox.ts';

/** Links of a mail open in a tab of their own, as in a mail program: most pages refuse to be shown in a frame. */
const base = '<base target="_blank">';

/** The inbox as a page, newest first. A mail's HTML is shown in a frame that may run no script; what its links open may. */
export function inboxPage(items: readonly Mail[]): string {
  const mails = items.toReversed().map(
    (
      mail,
    ) => `<article><h2>${escaped(mail.subject)}</h2><p>To ${escaped(mail.to.join(', '))} at ${escaped(mail.at)}</p>
${mail.html === '' ? `<pre>${escaped(mail.text)}</pre>` : `<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="${escaped(base + mail.html)}"></iframe>`}</article>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Inbox</title><link rel="icon" href="data:,">
<style>body{font:16px/1.5 system-ui;max-width:50rem;margin:2rem auto}iframe{width:100%;height:20rem;border:1px solid #ccc}</style>
<h1>Inbox</h1>${mails.length === 0 ? '<p>No mail yet.</p>' : mails.join('\n')}</html>`;
}
