import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { Outcome, Problem } from '../api/problem.ts';
import { ProblemNote } from '../parts/notes.tsx';
import { Moment } from '../parts/time.tsx';
import type { Changed } from './change.ts';

/** Closes a form: with what came of it, or without a word where nothing was changed. */
export type Close = (said: ComponentChildren | undefined) => void;

/** What was done to an item, and what the button that does it says. */
const DOING = {
  added: 'Add',
  changed: 'Save the change',
  planned: 'Plan the freeze',
  ended: 'End the freeze',
} as const;

/** The control for the reason: what it says, what stands in it at first, and whether it may stay empty. */
type Why = { readonly label: string; readonly first?: string; readonly required?: boolean };
const WHY: Why = { label: 'Why. Everyone who reads the audit sees it' };

/** A form that changes what is set up for a tenant: its controls, why, and what happens on saving. */
export const Saving = ({
  name,
  effect,
  made = 'changed',
  why: { label, first = '', required = false } = WHY,
  save,
  removal,
  close,
  children,
}: {
  /** Names the form and what it changes. */
  readonly name: string;
  /** What saving causes, for everyone else. */
  readonly effect: string;
  readonly made?: keyof typeof DOING;
  readonly why?: Why;
  readonly save: (reason: string) => Promise<Outcome<Changed>>;
  /** Takes the item away; absent where that is not done here. */
  readonly removal?: (reason: string) => Promise<Outcome<Changed>>;
  readonly close: Close;
  readonly children: ComponentChildren;
}) => {
  const why = useId();
  const reason = useSignal(first);
  const busy = useSignal(false);
  const wrong = useSignal<Problem | undefined>(undefined);
  const act = async (run: (reason: string) => Promise<Outcome<Changed>>, done: string) => {
    if (busy.value) return;
    busy.value = true;
    const outcome = await run(reason.value.trim());
    busy.value = false;
    wrong.value = outcome.ok ? undefined : outcome.problem;
    if (outcome.ok) close(<Told name={name} done={done} changed={outcome.value} />);
  };
  return (
    <form
      class="pad plan"
      aria-label={made === 'changed' ? `Change ${name}` : name}
      onSubmit={(event) => {
        event.preventDefault();
        void act(save, made);
      }}
    >
      {children}
      <div>
        <label class="f" for={why}>
          {label}
        </label>
        <input
          class="in"
          id={why}
          maxLength={4000}
          required={required}
          value={reason.value}
          onInput={({ currentTarget }) => (reason.value = currentTarget.value)}
        />
      </div>
      <p class="conseq">{effect}</p>
      {wrong.value === undefined ? undefined : <ProblemNote problem={wrong.value} />}
      <div class="btns">
        <button type="submit" class="btn go" aria-disabled={busy.value ? 'true' : undefined}>
          {DOING[made]}
        </button>
        <button type="button" class="btn" onClick={() => close(undefined)}>
          Discard
        </button>
        {removal === undefined ? undefined : (
          <Remove name={name} busy={busy.value} remove={() => act(removal, 'removed')} />
        )}
      </div>
    </form>
  );
};

/** What saving causes where it changes whom or what later decisions ask. */
export const GOVERNS =
  'Saving changes what every later decision asks for, also those on open promotions. A change that asks for less takes a reason; where it concerns a protected environment, a second admin confirms it first.';

/** Takes something away: asked for once, and confirmed once. */
const Remove = ({
  name,
  busy,
  remove,
}: {
  readonly name: string;
  readonly busy: boolean;
  readonly remove: () => void;
}) => {
  const asked = useSignal(false);
  return (
    <button
      type="button"
      class="btn no"
      aria-disabled={busy ? 'true' : undefined}
      onClick={() => {
        if (asked.value) remove();
        else asked.value = true;
      }}
    >
      {asked.value ? `Remove ${name} now` : `Remove ${name}`}
    </button>
  );
};

const Told = ({
  name,
  done,
  changed,
}: {
  readonly name: string;
  readonly done: string;
  readonly changed: Changed;
}) =>
  changed.waits_until === undefined ? (
    <>
      {name} is {done}.{changed.says === undefined ? '' : ` ${changed.says}`}
    </>
  ) : (
    <>
      Nothing changed yet: the change of {name} asks for less, and waits until{' '}
      <Moment at={changed.waits_until} /> for a second admin. It stands under{' '}
      <a href="/web/settings/waiting">Waiting changes</a>.
    </>
  );
