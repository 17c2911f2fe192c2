import { keysOn } from '../keys.ts';

/** Places of the matrix that can have the focus: the name of a row, and its cells. */
const PLACE = '[role=rowheader], [role=cell]';

/** Where a key leads: rows down, and places to the right. */
const STEPS: { readonly [key: string]: readonly [down: number, right: number] } = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
};
const LETTERS: typeof STEPS = { j: [1, 0], k: [-1, 0], l: [0, 1], h: [0, -1] };

/** The matrix is one stop of the tab key: that of the place that had the focus last, or else of its first one. */
export function settleStop(matrix: HTMLElement): void {
  if (matrix.querySelector('[data-row] [tabindex="0"]') !== null) return;
  const first = matrix.querySelector<HTMLElement>(`[data-row] :is(${PLACE})`);
  if (first !== null) first.tabIndex = 0;
}

/** The stop goes along with the focus, whether a key or the pointer moved that. */
export function followFocus(matrix: HTMLElement, { target }: FocusEvent): void {
  const place = target instanceof Element ? target.closest<HTMLElement>(PLACE) : null;
  if (place === null || place.closest('[data-row]') === null) return;
  for (const stop of matrix.querySelectorAll<HTMLElement>('[data-row] [tabindex="0"]')) stop.tabIndex = -1;
  place.tabIndex = 0;
}

/** Moves the focus by one row or environment, or opens what the place shows. */
export function steer(matrix: HTMLElement, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return;
  const row = event.target.closest('[data-row]');
  const place = event.target.closest<HTMLElement>(PLACE);
  if (row === null || place === null) return;
  if (event.key === 'Enter' && event.target === place) {
    (place.querySelector('a') ?? row.querySelector('a'))?.click();
    event.preventDefault();
    return;
  }
  const step = STEPS[event.key] ?? (keysOn.value ? LETTERS[event.key] : undefined);
  if (step === undefined) return;
  event.preventDefault();
  const [down, right] = step;
  const at = placesOf(row).indexOf(place);
  const places = placesOf(down === 0 ? row : (neighbour(matrix, row, down) ?? row));
  places[Math.min(places.length - 1, Math.max(0, at + right))]?.focus();
}

const placesOf = (row: Element): readonly HTMLElement[] => [...row.querySelectorAll<HTMLElement>(PLACE)];

/** The next row that shows: groups that are closed keep theirs. */
function neighbour(matrix: HTMLElement, row: Element, by: number): Element | undefined {
  const rows = [...matrix.querySelectorAll('[data-row]')];
  let at = rows.indexOf(row) + by;
  while (rows[at]?.checkVisibility() === false) at += by;
  return rows[at];
}
