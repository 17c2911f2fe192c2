import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { MatrixRow } from './matrix.tsx';
import type { Row } from './rows.ts';

/** Rows that are drawn before anything is shown: more than a screen has. And rows that are drawn at a time behind them. */
const FIRST = 20;
const STEP = 100;

/**
 * Rows of the matrix. What fits a screen is there at once; the rest follows a part at a time, so that a thousand subjects keep nobody
 * waiting for the first, and are all in the document for the browser's own search.
 */
export const MatrixRows = ({
  rows,
  tight = false,
  first = FIRST,
}: {
  readonly rows: readonly Row[];
  readonly tight?: boolean;
  readonly first?: number;
}) => (
  <div class={`mx-b ${tight ? 'tight' : ''}`} role="rowgroup">
    {rows.slice(0, first).map((row) => (
      <MatrixRow key={row.key} row={row} />
    ))}
    {partsOf(rows.slice(first)).map((part, at) => (
      <Part key={at} rows={part} after={at + 1} />
    ))}
  </div>
);

/** A part that draws itself once those before it have: parts that are drawn already are not looked at again. */
const Part = ({ rows, after }: { readonly rows: readonly Row[]; readonly after: number }) => {
  const drawn = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      drawn.value = true;
    }, after);
    return () => clearTimeout(timer);
  }, []);
  return drawn.value ? rows.map((row) => <MatrixRow key={row.key} row={row} />) : undefined;
};

const partsOf = (rows: readonly Row[]): readonly (readonly Row[])[] =>
  Array.from({ length: Math.ceil(rows.length / STEP) }, (_, at) => rows.slice(at * STEP, (at + 1) * STEP));
