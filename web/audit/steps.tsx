import type { ComponentChildren } from 'preact';
import { Icon } from '../parts/icon.tsx';

/** One thing that was verified. */
export const Step = ({
  good,
  children,
}: {
  readonly good: boolean;
  readonly children: ComponentChildren;
}) => (
  <li class={good ? '' : 't-stop'}>
    <Icon name={good ? 'passed' : 'error'} tone={good ? 's ok' : 's stop'} />
    <span>{children}</span>
  </li>
);

/** What was verified as a file, for a verifier of one's own. */
export const Download = ({
  parts,
  type,
  name,
  label,
}: {
  readonly parts: readonly string[];
  readonly type: string;
  readonly name: string;
  readonly label: string;
}) => (
  <button
    type="button"
    class="btn"
    onClick={() => {
      const file = URL.createObjectURL(new Blob([...parts], { type }));
      const link = document.createElement('a');
      link.href = file;
      link.download = name;
      link.click();
      URL.revokeObjectURL(file);
    }}
  >
    {label}
  </button>
);
