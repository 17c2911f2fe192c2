import type { IconName } from './icon-name.ts';

/** A symbol beside a word that says the same: a reader of the screen hears the word alone. */
export const Icon = ({ name, tone = '' }: { readonly name: IconName; readonly tone?: string }) => (
  <svg class={`i ${tone}`} aria-hidden="true">
    <use href={`#i-${name}`} />
  </svg>
);
