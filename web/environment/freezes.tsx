import { useSignal } from '@preact/signals';
import { FreezeView, freezes, listFreezes } from '../../functions/contract/freezes.ts';
import { ask, askFor } from '../api/client.ts';
import { useData } from '../api/data.ts';
import type { Problem } from '../api/problem.ts';
import { iMay } from '../me.ts';
import { Icon } from '../parts/icon.tsx';
import { Loading, ProblemNote } from '../parts/notes.tsx';
import { Moment } from '../parts/time.tsx';

/** The freezes of a scope (an environment, or `*` for all), and a new one. */
export const Freezes = ({ scope }: { readonly scope: string }) => {
  const { value, problem, reload } = useData(`freezes ${scope}`, (signal) =>
    ask(listFreezes, { at: { scope }, signal }),
  );
  return (
    <section class="sect" aria-labelledby="freezes">
      <header>
        <h2 id="freezes">Freezes</h2>
        {value === undefined ? undefined : (
          <p>
            {value.frozen ? (
              <>
                Frozen now{value.next_open === null ? '' : ', until '}
                {value.next_open === null ? undefined : <Moment at={value.next_open} />}
              </>
            ) : value.next_close === null ? (
              'Open'
            ) : (
              <>
                Open until <Moment at={value.next_close} />
              </>
            )}
          </p>
        )}
      </header>
      {problem === undefined ? undefined : <ProblemNote problem={problem} retry={reload} />}
      {value === undefined ? (
        problem === undefined ? (
          <Loading rows={2} />
        ) : undefined
      ) : (
        <>
          {value.items.length === 0 ? <p class="pad sec">No freeze is planned.</p> : undefined}
          {value.items.map((freeze) => (
            <div class="row" key={freeze.id}>
              <span class="grow">
                <span class="st hold">
                  <Icon name="freeze" />
                  {freeze.reason}
                </span>
                <br />
                <span class="sec">
                  {freeze.mode === 'allow' ? 'Executes only from ' : 'Nothing executes from '}
                  <Moment at={freeze.starts_at} /> to <Moment at={freeze.ends_at} />
                  {freeze.rrule === null ? '' : `, again by ${freeze.rrule} in ${freeze.timezone ?? 'UTC'}`}
                  {freeze.environment === '*' ? ', everywhere' : ''}
                </span>
              </span>
            </div>
          ))}
          {iMay('freeze', scope === '*' ? undefined : scope) ? (
            <Plan scope={scope} planned={reload} />
          ) : undefined}
        </>
      )}
    </section>
  );
};

/** A freeze being planned, once, in the person's own time zone. */
const Plan = ({ scope, planned }: { readonly scope: string; readonly planned: () => void }) => {
  const open = useSignal(false);
  const [reason, starts, ends] = [useSignal(''), useSignal(''), useSignal('')];
  const wrong = useSignal<Problem | undefined>(undefined);
  const save = async () => {
    const body = {
      reason: reason.value.trim(),
      starts_at: new Date(starts.value).toISOString(),
      ends_at: new Date(ends.value).toISOString(),
    };
    const path = freezes.path.replace('{scope}', encodeURIComponent(scope));
    const made = await askFor(FreezeView, 'POST', path, { body, once: crypto.randomUUID() });
    wrong.value = made.ok ? undefined : made.problem;
    if (!made.ok) return;
    open.value = false;
    planned();
  };
  if (!open.value) {
    return (
      <div class="foot">
        <button type="button" class="btn" onClick={() => (open.value = true)}>
          Plan a freeze
        </button>
      </div>
    );
  }
  return (
    <form
      class="pad plan"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {wrong.value === undefined ? undefined : <ProblemNote problem={wrong.value} />}
      <div>
        <label class="f" for="freeze-reason">
          Reason, everyone sees it
        </label>
        <input
          class="in"
          id="freeze-reason"
          required
          value={reason.value}
          onInput={(event) => (reason.value = event.currentTarget.value)}
        />
      </div>
      <div>
        <label class="f" for="freeze-from">
          From, in your time zone
        </label>
        <input
          class="in"
          id="freeze-from"
          type="datetime-local"
          required
          value={starts.value}
          onInput={(event) => (starts.value = event.currentTarget.value)}
        />
      </div>
      <div>
        <label class="f" for="freeze-to">
          To
        </label>
        <input
          class="in"
          id="freeze-to"
          type="datetime-local"
          required
          value={ends.value}
          onInput={(event) => (ends.value = event.currentTarget.value)}
        />
      </div>
      <p class="conseq">
        <b>
          {scope === '*'
            ? 'Nothing executes anywhere in that time.'
            : `Nothing executes in ${scope} in that time.`}
        </b>
        What is due inside waits for its end. Rollbacks pass.
      </p>
      <div class="btns">
        <button type="submit" class="btn go">
          Plan the freeze
        </button>
        <button type="button" class="btn" onClick={() => (open.value = false)}>
          Not now
        </button>
      </div>
    </form>
  );
};
