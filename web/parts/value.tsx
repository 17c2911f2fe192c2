import { useSignal } from '@preact/signals';
import { differenceOf } from '../../functions/domain/link/difference.ts';

/** A value of configuration as a text: a text as it is, anything else as JSON. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Longer than this, only what differs of a value is shown. */
const SHORT = 60;

/** A change of a value: what goes, and what comes; of long values the difference, and all of them when asked. */
export const Change = ({ from, to }: { readonly from?: unknown; readonly to?: unknown }) => {
  const whole = useSignal(false);
  if (from === undefined) return <ins>{textOf(to)}</ins>;
  if (to === undefined) return <del>{textOf(from)}</del>;
  const [old, fresh] = [textOf(from), textOf(to)];
  if (whole.value || (old.length <= SHORT && fresh.length <= SHORT)) return <Both old={old} fresh={fresh} />;
  const { cutBefore, before, from: gone, to: come, after, cutAfter } = differenceOf(old, fresh);
  return (
    <>
      <Cut number={cutBefore} />
      {before}
      {gone === '' ? undefined : <del>{gone}</del>}
      {come === '' ? undefined : <ins>{come}</ins>}
      {after}
      <Cut number={cutAfter} />{' '}
      <button
        type="button"
        class="btn bare"
        onClick={() => {
          whole.value = true;
        }}
      >
        Show all
      </button>
    </>
  );
};

const Both = ({ old, fresh }: { readonly old: string; readonly fresh: string }) => (
  <>
    <del>{old}</del>
    <span class="arr">
      <span aria-hidden="true">→</span>
      <span class="sr"> becomes </span>
    </span>
    <ins>{fresh}</ins>
  </>
);

const Cut = ({ number }: { readonly number: number }) =>
  number === 0 ? undefined : <span class="cut"> {number.toLocaleString('en')} characters </span>;
