import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Outcome, Problem } from '../api/problem.ts';
import { ProblemNote } from '../parts/notes.tsx';
import { Moment } from '../parts/time.tsx';
import type { Changed } from './change.ts';

/** A form that changes what governs: its controls, what it would have changed lately, why, and what happens on saving. */
export const Saving = ({
  name,
  save,
  close,
  children,
}: {
  /** Names the form and its fields. */
  readonly name: string;
  readonly save: (reason: string) => Promise<Outcome<Changed>>;
  readonly close: (said: ComponentChildren | undefined) => void;
  readonly children: ComponentChildren;
}) => {
  const reason = useSignal('');
  const busy = useSignal(false);
  const wrong = useSignal<Problem | undefined>(undefined);
  const act = async () => {
    if (busy.value) return;
    busy.value = true;
    const made = await save(reason.value.trim());
    busy.value = false;
    wrong.value = made.ok ? undefined : made.problem;
    if (made.ok) close(<Told name={name} changed={made.value} />);
  };
  return (
    <form
      class="pad plan"
      aria-label={`Change ${name}`}
      onSubmit={(event) => {
        event.preventDefault();
        void act();
      }}
    >
      {children}
      <div>
        <label class="f" for="change-why">
          Why. A change that asks for less needs it; everyone who reads the audit sees it
        </label>
        <input
          class="in"
          id="change-why"
          maxLength={4000}
          value={reason.value}
          onInput={({ currentTarget }) => (reason.value = currentTarget.value)}
        />
      </div>
      <p class="conseq">
        <b>Saving changes what every later decision asks for, those of open promotions too.</b> Where it asks
        for less of a protected environment, a second admin confirms it first, if there is one.
      </p>
      {wrong.value === undefined ? undefined : <ProblemNote problem={wrong.value} />}
      <div class="btns">
        <button type="submit" class="btn go" aria-disabled={busy.value ? 'true' : undefined}>
          Save the change
        </button>
        <button type="button" class="btn" onClick={() => close(undefined)}>
          Discard
        </button>
      </div>
    </form>
  );
};

const Told = ({ name, changed }: { readonly name: string; readonly changed: Changed }) =>
  changed.waits_until === undefined ? (
    <>{name} is changed.</>
  ) : (
    <>
      Nothing changed yet: the change of {name} asks for less, and waits until{' '}
      <Moment at={changed.waits_until} /> for a second admin. It stands under{' '}
      <a href="/web/settings/waiting">Waiting changes</a>.
    </>
  );

/** A number in a form. */
export const NumberField = ({
  id,
  label,
  value,
  least,
  most,
}: {
  readonly id: string;
  readonly label: string;
  readonly value: Signal<number>;
  readonly least: number;
  readonly most: number;
}) => (
  <div>
    <label class="f" for={id}>
      {label}
    </label>
    <input
      class="in"
      id={id}
      type="number"
      required
      min={least}
      max={most}
      value={value.value}
      onInput={({ currentTarget }) => (value.value = currentTarget.valueAsNumber)}
    />
  </div>
);

/** A yes or no in a form. */
export const Check = ({
  label,
  checked,
  set,
}: {
  readonly label: string;
  readonly checked: boolean;
  readonly set: (checked: boolean) => void;
}) => (
  <label>
    <input type="checkbox" checked={checked} onChange={({ currentTarget }) => set(currentTarget.checked)} />{' '}
    {label}
  </label>
);
