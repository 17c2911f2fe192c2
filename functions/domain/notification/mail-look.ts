import { type Html, html } from '../html.ts';

/**
 * The look of the dashboard for mail programs: they read no style sheet, so that each element carries its style, and the dark colours stand
 * in the one block that some of them do read.
 */
const DARK = html`@media (prefers-color-scheme:dark){.bg{background:#0b1212!important}.cd{background:#121a1a!important}.cd,.cd td,.cd th,.cd h1,.cd p{color:#e7edeb!important}.cd .s{color:#b4c0bc!important}.cd .bt{background:#66c6d9!important;color:#04222a!important}}`;

const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const CELL = 'padding:6px 16px 6px 0;font-size:14px;line-height:20px;vertical-align:top;text-align:left';
const NAME = `${CELL};color:#43524f;font-weight:400`;
const TEXT = `${CELL};color:#12201e`;

/** A whole mail: a card with what it is about, what stands under it, and one way on where there is one. */
export const mailLook = ({
  title,
  lead,
  body,
  action,
  small,
}: {
  readonly title: string;
  readonly lead?: string;
  readonly body: Html;
  readonly action?: { readonly name: string; readonly url: string };
  readonly small: string;
}): Html => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title}</title>
<style>${DARK}</style></head>
<body class="bg" style="margin:0;background:#f2f4f2;${FONT}"><table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:24px 8px">
<table role="presentation" class="cd" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;background:#fcfdfc;border-radius:3px;text-align:left"><tr><td style="padding:22px 32px 26px">
<p style="margin:0;font-size:16px;font-weight:700;color:#12201e">Sluice</p>
<h1 style="margin:14px 0 0;font-size:24px;line-height:30px;font-weight:600;color:#12201e">${title}</h1>
${lead === undefined ? undefined : html`<p class="s" style="margin:8px 0 16px;font-size:16px;line-height:24px;color:#43524f">${lead}</p>`}
${body}
${action === undefined ? undefined : html`<p style="margin:22px 0 10px"><a class="bt" href="${action.url}" style="display:inline-block;background:#0a5c73;color:#ffffff;font-size:16px;font-weight:600;line-height:20px;padding:13px 22px;border-radius:3px;text-decoration:none">${action.name}</a></p>`}
<p class="s" style="margin:8px 0 0;color:#43524f;font-size:13px;line-height:19px">${small}</p>
</td></tr></table></td></tr></table></body></html>
`;

/** Names with what they say, or keys with their values: rows of a table whose first column names. */
export const mailRows = (rows: readonly (readonly [string, ...string[]])[]): Html =>
  html`<table role="presentation" cellpadding="0" cellspacing="0" width="100%" style="margin:0 0 12px">
${rows.map(
  ([name, ...texts]) =>
    html`<tr><th style="${NAME}">${name}</th>${texts.map((text) => html`<td style="${TEXT}">${text}</td>`)}</tr>\n`,
)}</table>`;
