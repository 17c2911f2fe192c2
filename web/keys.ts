import { signal } from '@preact/signals';
import { go } from './router.ts';

/** Where `g` and a letter lead. */
export const PLACES: { readonly [letter: string]: string } = {
  f: '/',
  p: '/web/promotions',
  c: '/web/compare',
  d: '/web/delivery',
  a: '/web/audit',
  e: '/web/environments',
};

/** Whether the list of keys is open. */
export const helping = signal(false);

const KEPT = 'sluice-keys';

/** Whether single letters do something; a person can switch them off in this browser. */
export const keysOn = signal(localStorage.getItem(KEPT) !== 'off');

/** Switches the keys on or off, here and from now on. */
export function switchKeys(on: boolean): void {
  keysOn.value = on;
  localStorage.setItem(KEPT, on ? 'on' : 'off');
}

/** Listens to the keys that lead from page to page and in the page. Never while a person writes, and never with a modifier. */
export function listenToKeys(): void {
  let before = '';
  addEventListener('keydown', (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (key === 'Escape') {
      helping.value = false;
      if (target instanceof HTMLElement && isField(target)) target.blur();
      return;
    }
    if (!keysOn.value || (target instanceof Element && isField(target))) return;
    const place = before === 'g' ? PLACES[key] : undefined;
    before = key;
    if (place !== undefined) {
      event.preventDefault();
      go(place);
      return;
    }
    act(event);
  });
}

function act(event: KeyboardEvent): void {
  switch (event.key) {
    case '?':
      helping.value = !helping.value;
      break;
    case '/':
      event.preventDefault();
      document.getElementById('find')?.focus();
      break;
    case 'f':
      focusOn('input[type=search]', event);
      break;
    case 'a':
      focusOn('#decision', event);
      break;
    case 'j':
    case 'k':
      walk(event.key === 'j' ? 1 : -1, event);
      break;
    case 'x':
      select(event);
      break;
    default:
  }
}

/** Picks the row that has the focus, or picks it no more. */
function select(event: KeyboardEvent): void {
  const row = document.activeElement?.closest('[data-row]');
  const box = row?.querySelector<HTMLElement>('input[type=checkbox]');
  if (box === null || box === undefined) return;
  event.preventDefault();
  box.click();
}

/** Moves along the rows of the page: their first links. */
function walk(by: number, event: KeyboardEvent): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row] a')].filter(
    (link, at, all) =>
      all.findIndex((one) => one.closest('[data-row]') === link.closest('[data-row]')) === at,
  );
  const here = rows.findIndex((row) => row.closest('[data-row]')?.contains(document.activeElement));
  const next = rows[here < 0 ? 0 : here + by];
  if (next === undefined) return;
  event.preventDefault();
  // In the matrix the place of a link has the focus, not the link.
  (next.parentElement?.closest<HTMLElement>('[data-row] [tabindex]') ?? next).focus();
}

function focusOn(selector: string, event: KeyboardEvent): void {
  const found = document.querySelector<HTMLElement>(selector);
  if (found === null) return;
  event.preventDefault();
  found.focus();
  found.scrollIntoView({ block: 'center' });
}

const isField = (target: Element): boolean => target.matches('input, textarea, select, [contenteditable]');
