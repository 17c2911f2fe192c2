/** The symbols of `Sprite`. */
export type IconName =
  | 'pending'
  | 'blocked'
  | 'approved'
  | 'scheduled'
  | 'executing'
  | 'completed'
  | 'rejected'
  | 'cancelled'
  | 'failed'
  | 'rolled_back'
  | 'passed'
  | 'warning'
  | 'skipped'
  | 'error'
  | 'lock'
  | 'freeze'
  | 'drift'
  | 'behind'
  | 'config'
  | 'artifact'
  | 'agent'
  | 'search'
  | 'user'
  | 'no'
  | 'copy'
  | 'proof'
  | 'plus'
  | 'minus'
  | 'edit'
  | 'conflict'
  | 'owned'
  | 'comment'
  | 'next';

/** A symbol beside a word that says the same: a reader of the screen hears the word alone. */
export const Icon = ({ name, tone = '' }: { readonly name: IconName; readonly tone?: string }) => (
  <svg class={`i ${tone}`} aria-hidden="true">
    <use href={`#i-${name}`} />
  </svg>
);
