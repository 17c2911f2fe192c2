import { html } from '../../domain/html.ts';
import {
  effectOfApproval,
  facts,
  gatesInWords,
  howMany,
  question,
  subjectLine,
  valueInWords,
} from '../../domain/link/wording.ts';
import { mailLook, mailRows } from '../../domain/notification/mail-look.ts';
import type { Notice } from '../../domain/notification/notice.ts';
import type { PlainMail } from '../../domain/notification/plain-mail.ts';
import { oneLine } from '../../domain/one-line.ts';
import type { KindDeps } from '../kinds/kind.ts';
import { type MintLinkDeps, mintLink } from './mint-link.ts';
import { whatChanges } from './what-changes.ts';

export type ApprovalMailDeps = KindDeps & MintLinkDeps;

/** Changes that a mail names; the page shows all. */
const NAMED = 10;

/**
 * The mail that asks one person to decide: the keys that would change, who asks, what the gates say, and a link of their own, made here. Every
 * text in it may come from somebody hostile: the HTML holds it escaped, and of the plain text it can make no line that looks like ours.
 */
export async function approvalMail(
  deps: ApprovalMailDeps,
  input: {
    readonly notice: Pick<Notice, 'promotion'>;
    readonly approver: { readonly subject: string; readonly email: string };
    /** Shows values beside the keys: only where the channel says so. */
    readonly show_values: boolean;
  },
): Promise<PlainMail> {
  const { promotion } = input.notice;
  const { changes, next } = await whatChanges(deps, promotion, { limit: NAMED });
  const { url } = await mintLink(deps, { promotion, approver: input.approver, channel: 'email' });
  const title = question(promotion);
  const more = next === undefined ? undefined : `The page shows more than these ${NAMED}.`;
  const rule = 'Nothing happens by opening the link. It is for you alone; do not forward it.';
  return {
    subject: subjectLine(promotion, changes[0]?.key),
    text: [
      oneLine(title),
      '',
      'Changes:',
      ...changes.map(({ key, from, to }) =>
        line(input.show_values ? `${key}: ${valueInWords(from)} → ${valueInWords(to)}` : key),
      ),
      ...(more === undefined ? [] : [more]),
      '',
      ...facts(promotion).map(([name, value]) => line(`${name}: ${value}`)),
      ...gatesInWords(promotion).map(({ gate, says }) => line(`Gate ${gate}: ${says}`)),
      '',
      `Review and decide: ${url}`,
      rule,
      '',
    ].join('\n'),
    html: mailLook({
      title,
      lead: effectOfApproval(promotion),
      body: html`${mailRows([['Changes', howMany(promotion)]])}
${mailRows(changes.map(({ key, from, to }) => (input.show_values ? [key, valueInWords(from), valueInWords(to)] : [key])))}
<p>${more}</p>
${mailRows([...facts(promotion), ...gatesInWords(promotion).map(({ gate, says }) => [`Gate ${gate}`, says] as const)])}`,
      action: { name: 'Review and decide', url },
      small: rule,
    }).toString(),
  };
}

/** One line, whatever is in it. */
const line = (text: string): string => `  ${oneLine(text)}`;
