import { digestOfBytes, rawOfDigest } from '../../domain/digest.ts';
import { type Html, html } from '../../domain/html.ts';
import type { Answer } from '../http/reply.ts';

/** Works without scripts and without anything from elsewhere; follows the browser's light or dark. */
const STYLE = html`:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}dt{font-weight:600}dd{margin:0 0 .5rem;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .5rem;border-bottom:1px solid #8886;overflow-wrap:anywhere}
textarea{width:100%;box-sizing:border-box;font:inherit}button,.button{font:inherit;padding:.5rem 1rem;margin:.5rem .5rem .5rem 0}
.problem{border-left:.3rem solid #c33;padding-left:.8rem}code{overflow-wrap:anywhere}footer{margin-top:3rem;font-size:.9rem}
@media(max-width:40rem){table{table-layout:fixed}}`;

const STYLE_HASH = Buffer.from(rawOfDigest(digestOfBytes(STYLE.toString()))).toString('base64');

/** Nothing runs, nothing is loaded, nothing frames the page, and its address (which holds a link's secret) is told to nobody. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
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

/** A whole page as an answer. */
export function page({ status, title, body, cookies = [] }: Page): Answer {
  const document = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · Sluice</title>
<style>${STYLE}</style></head>
<body><main><h1>${title}</h1>
${body}</main></body></html>
`;
  return { status, text: document.toString(), headers: HEADERS, cookies };
}

/** Sends a browser on, without keeping where it came from. */
export function onward(location: string, cookies: readonly string[]): Answer {
  return { status: 303, text: '', headers: { location, 'referrer-policy': 'no-referrer' }, cookies };
}
