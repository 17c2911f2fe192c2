import { escaped } from '../markup.ts';
import type { Person } from './demo-people.ts';

/** The page of the local issuer: whoever sits at this machine may be anybody. */
export function signInPage(people: readonly Person[], query: URLSearchParams): string {
  const fields = [...query].map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  const buttons = people.map(
    ({ email }) =>
      `<p class="act"><button class="btn big" name="person" value="${escaped(email)}">${escaped(email)}</button></p>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Who are you?</title><meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/web/style.css">
<body><main class="one"><p class="brand">Sluice</p><h1>Who are you?</h1><p class="lead">This is the identity provider of the local runtime: pick a person.</p>
<form method="get">${fields.join('')}${buttons.join('')}</form></main></body></html>`;
}
