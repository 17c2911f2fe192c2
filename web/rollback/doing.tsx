import { useSignal } from '@preact/signals';
import type { Problem } from '../api/problem.ts';
import { ProblemNote } from '../parts/notes.tsx';
import { go, pathTo } from '../router.ts';
import type { Asked } from './asked.ts';
import { rollBack } from './asked.ts';
import type { Impact } from './words.ts';

/** The reason, the risk, and the button. */
export const Doing = ({
  id,
  target,
  asked,
  impact,
  button,
}: {
  readonly id: string;
  readonly target: string;
  readonly asked: Asked;
  readonly impact: Impact;
  readonly button: string;
}) => {
  const reason = useSignal('');
  const known = useSignal(false);
  const busy = useSignal(false);
  const wrong = useSignal<Problem | undefined>(undefined);
  const risky = impact.recommendation === 'RISKY';
  const off = busy.value || reason.value.trim() === '' || (risky && !known.value);
  const doIt = async () => {
    if (off) return;
    busy.value = true;
    const made = await rollBack(id, { ...asked, reason: reason.value.trim(), risky });
    busy.value = false;
    if (!made.ok) wrong.value = made.problem;
    else if ('id' in made.value) go(pathTo('promotions', made.value.id));
  };
  return (
    <section class="sect" aria-labelledby="doit">
      <header>
        <h2 id="doit">3. Roll back</h2>
      </header>
      <form
        class="pad"
        onSubmit={(event) => {
          event.preventDefault();
          void doIt();
        }}
      >
        {risky ? (
          <p>
            <label>
              <input
                type="checkbox"
                checked={known.value}
                onChange={({ currentTarget }) => {
                  known.value = currentTarget.checked;
                }}
              />{' '}
              I have looked at the reasons above and take the risk.
            </label>
          </p>
        ) : undefined}
        <p>
          <label class="f" for="reason">
            Reason, goes into the record
          </label>
          <textarea
            class="in"
            id="reason"
            required
            maxLength={4000}
            value={reason.value}
            onInput={({ currentTarget }) => {
              reason.value = currentTarget.value;
            }}
          />
        </p>
        <p class="conseq">
          <b>It executes as soon as nothing is missing.</b>
          Where {target} asks for an approval, another person gives it first. Freezes do not stop a rollback,
          locks do.
        </p>
        {wrong.value === undefined ? undefined : <ProblemNote problem={wrong.value} />}
        <div class="btns">
          <button type="submit" class="btn go big" aria-disabled={off ? 'true' : undefined}>
            {button}
          </button>
          <a class="btn bare big" href={pathTo('promotions', id)}>
            Leave it
          </a>
        </div>
        {off && !busy.value ? (
          <p class="sm sec">Say the reason{risky ? ' and take the risk' : ''} to continue.</p>
        ) : undefined}
      </form>
    </section>
  );
};
