import { escaped } from '../markup.ts';

/** The page that asks for the code of the start, and leads to `to` once it is right. */
export const codePage = (to: string, wrong: boolean): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Code</title><meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/web/style.css">
<body><main class="one"><p class="brand">Sluice</p><h1>Which code did the start print?</h1>
<p class="lead">${wrong ? 'That is not the code. ' : ''}Sluice printed a code with its address. Type it here; this browser keeps it.</p>
<form method="post" action="/_local/code"><input type="hidden" name="to" value="${escaped(to)}"><p><label>Code <input name="code" autocomplete="off" required autofocus></label></p><p class="act"><button class="btn big">Continue</button></p></form></main></body></html>`;
