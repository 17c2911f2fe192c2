import { useSignal } from '@preact/signals';
import { lockEnvironment, unlockEnvironment } from '../../functions/contract/environments.ts';
import { ask } from '../api/client.ts';
import type { Environment } from '../api/environments.ts';
import type { Problem } from '../api/problem.ts';
import { iMay } from '../me.ts';
import { Icon } from '../parts/icon.tsx';
import { ProblemNote } from '../parts/notes.tsx';
import { Time } from '../parts/time.tsx';

/** The manual stop of an environment: who set it and why, and the way to set or lift it. */
export const Lock = ({
  environment: { name, lock, tenant_lock },
  changed,
}: {
  readonly environment: Environment;
  readonly changed: () => void;
}) => {
  const reason = useSignal('');
  const wrong = useSignal<Problem | undefined>(undefined);
  const allowed = iMay('lock', name);
  const act = async () => {
    const text = reason.value.trim();
    if (!allowed || text === '') return;
    const outcome = await ask(lock === null ? lockEnvironment : unlockEnvironment, {
      at: { environment: name },
      body: { reason: text },
    });
    wrong.value = outcome.ok ? undefined : outcome.problem;
    if (!outcome.ok) return;
    reason.value = '';
    changed();
  };
  return (
    <section class="sect" aria-labelledby="lock">
      <header>
        <h2 id="lock">Lock</h2>
      </header>
      <form
        class="pad"
        onSubmit={(event) => {
          event.preventDefault();
          void act();
        }}
      >
        <p>
          {lock === null ? (
            `Nobody has locked ${name}. A lock stops everything, rollbacks included, until somebody lifts it.`
          ) : (
            <>
              <Icon name="lock" tone="wait" /> {lock.by} locked {name} <Time at={lock.at} />: {lock.reason}.
            </>
          )}
          {tenant_lock === null ? '' : ` The whole tenant is locked: ${tenant_lock.reason}.`}
        </p>
        {wrong.value === undefined ? undefined : <ProblemNote problem={wrong.value} />}
        <p>
          <label class="f" for="lock-reason">
            {lock === null ? 'Why it is locked' : 'Why the lock is lifted'}, everyone sees it
          </label>
          <input
            class="in"
            id="lock-reason"
            required
            maxLength={4000}
            value={reason.value}
            onInput={({ currentTarget }) => {
              reason.value = currentTarget.value;
            }}
          />
        </p>
        <button type="submit" class="btn" aria-disabled={allowed ? undefined : 'true'}>
          <Icon name="lock" /> {lock === null ? `Lock ${name}` : `Lift the lock of ${name}`}
        </button>
        {allowed ? undefined : <p class="sm sec">It requires the role admin.</p>}
      </form>
    </section>
  );
};
