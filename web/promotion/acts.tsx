import { useSignal } from '@preact/signals';
import type { Outcome } from '../api/problem.ts';
import { type Act, consequence, type Possible, remove, verb } from './actions.ts';
import type { Promotion } from './live.ts';

type Props = {
  readonly promotion: Promotion;
  readonly acts: readonly Possible[];
  readonly busy: boolean;
  readonly act: (said: string, run: () => Promise<Outcome<Promotion>>) => Promise<boolean>;
  /** Acts that lead elsewhere. */
  readonly other: (act: Act) => void;
};

const SAID: { readonly [act in Act]: string } = {
  execute: 'It executes now.',
  schedule: 'It is scheduled.',
  unschedule: 'It has no time any more.',
  assess: 'It was assessed again.',
  resubmit: 'It was resubmitted.',
  cancel: 'It is cancelled.',
  retry: 'It was asked for again.',
  rollback: '',
};

/** The acts on a promotion beside deciding: each says what it will do, and is done by a second press. */
export const Acts = ({ promotion, acts, busy, act, other }: Props) => {
  const chosen = useSignal<Act | undefined>(undefined);
  const time = useSignal('');
  if (acts.length === 0) return undefined;
  const { id } = promotion;
  const run = async (name: Act): Promise<void> => {
    if (busy) return;
    if (name === 'retry') return other(name);
    const done = await act(SAID[name], () => perform(id, name, time.value));
    if (done) chosen.value = undefined;
  };
  const open = acts.find((one) => one.act === chosen.value);
  return (
    <>
      <div class="more">
        {acts.map(({ act: name, name: label, why }) => (
          <button
            key={name}
            type="button"
            class={name === 'execute' ? 'btn go' : name === 'cancel' ? 'btn bare' : 'btn'}
            aria-disabled={why === undefined ? undefined : 'true'}
            aria-expanded={name === 'rollback' ? undefined : chosen.value === name}
            title={why}
            onClick={() => {
              if (why !== undefined) return;
              if (name === 'rollback') other(name);
              else chosen.value = chosen.value === name ? undefined : name;
            }}
          >
            {label}
            {why === undefined ? undefined : <span class="sr"> ({why})</span>}
          </button>
        ))}
      </div>
      {acts.every(({ why }) => why !== undefined) ? (
        <p class="sm sec">You cannot do this here: it {acts[0]?.why}.</p>
      ) : undefined}
      {open === undefined ? undefined : (
        <form
          class="confirm"
          onSubmit={(event) => {
            event.preventDefault();
            void run(open.act);
          }}
        >
          <p class="conseq">
            <b>{open.name.replace('…', '')}</b>
            {consequence(open.act, promotion)}
          </p>
          {open.act === 'schedule' ? (
            <p>
              <label class="f" for="time">
                When, in your time zone
              </label>
              <input
                class="in"
                id="time"
                type="datetime-local"
                required
                value={time.value}
                onInput={({ currentTarget }) => {
                  time.value = currentTarget.value;
                }}
              />
            </p>
          ) : undefined}
          <div class="btns">
            <button type="submit" class={open.act === 'cancel' ? 'btn no' : 'btn go'}>
              {open.name.replace('…', '')}
            </button>
            <button
              type="button"
              class="btn"
              onClick={() => {
                chosen.value = undefined;
              }}
            >
              Not now
            </button>
          </div>
        </form>
      )}
    </>
  );
};

function perform(id: string, act: Exclude<Act, 'retry'>, time: string): Promise<Outcome<Promotion>> {
  switch (act) {
    case 'execute':
      return verb(id, 'execute');
    case 'schedule':
      return verb(id, 'schedule', { at: new Date(time).toISOString() });
    case 'unschedule':
      return remove(id, '/schedule');
    case 'assess':
      return verb(id, 'validate');
    case 'resubmit':
      return verb(id, 'resubmit');
    case 'cancel':
      return remove(id, '');
    case 'rollback':
      throw new Error('a rollback has a page of its own');
    default:
      return act satisfies never;
  }
}
