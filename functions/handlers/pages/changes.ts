import { type Html, html } from '../../domain/html.ts';
import { differenceOf } from '../../domain/link/difference.ts';
import type { Change } from '../../domain/promotion/manifest.ts';

/** Longer values are shown around their difference, with the whole of them when somebody asks. */
const SHORT = 60;

/** Changes with their values, as the dashboard shows them. */
export const changesTable = (changes: readonly Change[]): Html => html`<table class="diff">
<thead><tr><th scope="col">Key</th><th scope="col">Change</th></tr></thead>
<tbody>${changes.map(
  ({
    key,
    from,
    to,
  }) => html`<tr><td><span class="ky">${key}</span><span class="op">${operation({ from, to })}</span></td>
<td class="val">${value({ from, to })}</td></tr>\n`,
)}</tbody></table>`;

/** The keys alone, for who is not signed in. */
export const changedKeys = (changes: readonly Change[]): Html =>
  html`<ul>${changes.map((change) => html`<li class="row"><span class="ky">${change.key}</span> <span class="sec">${operation(change)}</span></li>\n`)}</ul>`;

function operation({ from, to }: Pick<Change, 'from' | 'to'>): string {
  if (from === null) return 'added';
  return to === null ? 'deleted' : 'modified';
}

function value({ from, to }: Pick<Change, 'from' | 'to'>): Html {
  if (from === null) return long(to ?? '', (text) => html`<ins>${text}</ins>`);
  if (to === null) return long(from, (text) => html`<del>${text}</del>`);
  const whole = html`<del>${from}</del> → <ins>${to}</ins>`;
  if ([...from].length <= SHORT && [...to].length <= SHORT) return whole;
  const { cutBefore, before, from: gone, to: come, after, cutAfter } = differenceOf(from, to);
  return html`${cut(cutBefore)}${before}<del>${gone}</del><ins>${come}</ins>${after}${cut(cutAfter)}
<details><summary>Show all</summary>${whole}</details>`;
}

function long(text: string, marked: (text: string) => Html): Html {
  const characters = [...text];
  if (characters.length <= 2 * SHORT) return marked(text);
  return html`${marked(`${characters.slice(0, SHORT).join('')}…`)}
<details><summary>Show all ${characters.length} characters</summary>${marked(text)}</details>`;
}

const cut = (number: number): Html | undefined =>
  number === 0 ? undefined : html`<span class="cut"> ${number} characters </span>`;
