import { type Html, html } from '../../domain/html.ts';
import type { Answer } from '../http/reply.ts';
import { HEADERS, STYLE } from './page.ts';

/** A way to a page of the documentation. */
export type Way = { readonly to: string; readonly name: string };

/** A page of the documentation: beside what it says, the ways to all guides and to all groups of operations. */
export function docsLayout({
  title,
  here,
  guides,
  groups,
  body,
}: {
  readonly title: string;
  /** The path of the page. */
  readonly here: string;
  readonly guides: readonly Way[];
  readonly groups: readonly Way[];
  readonly body: Html;
}): Answer {
  const way = ({ to, name }: Way): Html =>
    to === here
      ? html`<li><a href="${to}" aria-current="page">${name}</a></li>\n`
      : html`<li><a href="${to}">${name}</a></li>\n`;
  const document = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · Sluice</title>
<meta name="color-scheme" content="light dark"><link rel="stylesheet" href="${STYLE}"></head>
<body class="docs"><a class="skip" href="#main">Skip to content</a>
<header class="top"><a class="brand" href="/">Sluice</a><nav class="nav" aria-label="Main"><a href="/">Dashboard</a><a href="/docs" aria-current="${here === '/docs' ? 'page' : 'true'}">Documentation</a></nav></header>
<div class="page manual"><main id="main" tabindex="-1"><h1>${title}</h1>
${body}</main>
<nav class="contents" aria-label="Documentation"><h2>Guides</h2>
<ul>${guides.map(way)}</ul>
<h2>API</h2>
<ul>${groups.map(way)}</ul></nav></div></body></html>
`;
  const headers = { ...HEADERS, 'cache-control': 'public, max-age=300' };
  return { status: 200, text: document.toString(), headers };
}
