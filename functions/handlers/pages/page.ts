import { type Html, html } from '../../domain/html.ts';
import type { Answer } from '../http/reply.ts';

/** The one style sheet of the dashboard, under the name that pages without a build of their own know. */
export const STYLE = '/web/style.css';

/** Nothing runs, only our own style is loaded, nothing frames the page, and its address (which holds a link's secret) is told to nobody. */
export const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex',
} as const;

export type Page = {
  readonly status: number;
  readonly title: string;
  readonly body: Html;
  readonly cookies?: readonly string[];
};

/** A whole page as an answer; it works without scripts, and can be read without its style. */
export function page({ status, title, body, cookies = [] }: Page): Answer {
  const document = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · Sluice</title>
<meta name="color-scheme" content="light dark"><link rel="stylesheet" href="${STYLE}"></head>
<body><main class="one" id="main"><p class="brand">Sluice</p><h1>${title}</h1>
${body}</main></body></html>
`;
  return { status, text: document.toString(), headers: HEADERS, cookies };
}

/** Sends a browser on, without keeping where it came from. */
export function onward(location: string, cookies: readonly string[]): Answer {
  return { status: 303, text: '', headers: { location, 'referrer-policy': 'no-referrer' }, cookies };
}
