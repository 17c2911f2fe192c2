import { oneLine } from '../one-line.ts';
import { mailLook, mailRows } from './mail-look.ts';
import type { Notice } from './notice.ts';
import type { Verb } from './verb.ts';
import { nameOf, reasonOf, subjectOf } from './words.ts';

/** What happened, as the end of a sentence that begins with the promotion. */
const WORDS: { readonly [verb in Verb]: string } = {
  requested: 'was requested',
  assessed: 'was assessed',
  blocked: 'is blocked',
  evidenceattached: 'got new evidence',
  approvalgranted: 'got an approval',
  changesrequested: 'was given back for changes',
  resubmitted: 'was submitted again',
  approvalsvoided: 'changed, and lost its approvals',
  approved: 'is approved',
  rejected: 'was rejected',
  scheduled: 'is scheduled',
  unscheduled: 'is no longer scheduled',
  executionrequested: 'is to be executed',
  executionheld: 'waits for another person to execute it',
  executionstarted: 'is being executed',
  completed: 'is completed',
  failed: 'failed',
  cancelled: 'was cancelled',
  rolledback: 'was rolled back',
  outcomesettled: 'has a known outcome now',
  outcomereversed: 'no longer serves, its gateway reports',
  verificationdecided: 'has a verification that is decided',
  rollbackbegun: 'failed its verification, and Sluice requested its rollback',
  rollbackdeclined: 'failed its verification, and Sluice did not roll it back',
};

/** A notice in plain words: for mails, and for whatever else shows text. */
export type PlainMail = { readonly subject: string; readonly text: string; readonly html: string };

/** One line that says what happened to what, and where. */
export function headline({ promotion, verb, asks_approval }: Notice): string {
  const { source_environment, target_environment } = promotion;
  const words = asks_approval ? 'waits for approval' : WORDS[verb];
  return `${subjectOf(promotion)}, ${source_environment} to ${target_environment}: ${words}`;
}

/** A mail that tells a notice. Every text in it may come from somebody hostile: the HTML holds it escaped, the
 * plain text on one line. */
export function plainMail(notice: Notice): PlainMail {
  const { promotion, event } = notice;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Promotion', promotion.id],
    ['Now', promotion.status],
    ['Severity', notice.severity],
    ['Requested by', nameOf(promotion.requester)],
    ['Done by', nameOf(event.actor)],
    ['At', event.at],
    ['Why', reasonOf(event.event)],
  ];
  const told = facts.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [{ name, value }],
  );
  const title = headline(notice);
  return {
    subject: title,
    text: `${oneLine(title)}\n\n${told.map(({ name, value }) => `${name}: ${oneLine(value)}`).join('\n')}\n`,
    html: mailLook({
      title,
      body: mailRows(told.map(({ name, value }) => [name, value] as const)),
      small: 'A notification channel of your tenant tells you of this.',
    }).toString(),
  };
}
