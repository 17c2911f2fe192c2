import { escaped } from '../markup.ts';
import type { Person } from './demo-people.ts';

/** The page of the local issuer: whoever sits at this machine may be anybody. */
export function signInPage(people: readonly Person[], query: URLSearchParams): string {
  const fields = [...query].map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  const buttons = people.map(
    ({ email }) => `<p><button name="person" value="${escaped(email)}">${escaped(email)}</button></p>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Who are you?</title>
<style>body{font:16px/1.5 system-ui;max-width:30rem;margin:4rem auto}button{font:inherit;padding:.5rem 1rem;width:100%}</style>
<h1>Who are you?</h1><p>This is the identity provider of the local runtime: pick a person.</p>
<form method="get">${fields.join('')}${buttons.join('')}</form></html>`;
}
