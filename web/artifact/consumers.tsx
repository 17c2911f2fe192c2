import { useSignal } from '@preact/signals';
import type * as z from 'zod/mini';
import { ConsumerView, consumers, listAvailableUpdates } from '../../functions/contract/consumers.ts';
import { ask } from '../api/client.ts';
import { useData } from '../api/data.ts';
import { useList } from '../api/list.ts';
import { Icon } from '../parts/icon.tsx';
import type { IconName } from '../parts/icon-name.ts';
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx';
import type { Tone } from '../words/status.ts';

type Found = z.infer<NonNullable<typeof listAvailableUpdates.response>>;

const LOOK: {
  readonly [status in Found['status']]: {
    readonly icon: IconName;
    readonly word: string;
    readonly tone: Tone;
  };
} = {
  satisfied: { icon: 'passed', word: 'Satisfied', tone: 'ok' },
  unsatisfied: { icon: 'warning', word: 'Unsatisfied', tone: 'wait' },
  invalid: { icon: 'error', word: 'Invalid', tone: 'stop' },
};

/** Each consumer is asked about by itself: so many at first. */
const FIRST = 20;

/** Who uses an artifact where, whether the version there satisfies them, and what they could take. */
export const Consumers = ({ name }: { readonly name: string }) => {
  const all = useSignal(false);
  const { value, problem, reload } = useList(ConsumerView, consumers.path, { whole: true });
  const own = value?.filter(({ artifact }) => artifact === name);
  const shown = all.value ? own : own?.slice(0, FIRST);
  return (
    <section class="sect" aria-label={`Consumers of ${name}`}>
      <header>
        <h2>Consumers of {name}</h2>
        <p>who uses it, and which versions they take</p>
      </header>
      {problem === undefined ? undefined : <ProblemNote problem={problem} retry={reload} />}
      {own === undefined || shown === undefined ? (
        problem === undefined ? (
          <Loading />
        ) : undefined
      ) : own.length === 0 ? (
        <Empty title="Nobody has declared to use it">
          <p>Declare a consumer, and rollbacks say whether they break it:</p>
          <code>{`POST /api/v1/consumers {"name": "billing", "environment": "production", "artifact": "${name}", "constraint": "^1.2.0"}`}</code>
        </Empty>
      ) : (
        <>
          <ul class="rows">
            {shown.map((consumer) => (
              <Row key={consumer.id} consumer={consumer} />
            ))}
          </ul>
          {shown.length === own.length ? undefined : (
            <div class="foot">
              <button type="button" class="btn" onClick={() => (all.value = true)}>
                Show all {own.length}
              </button>
            </div>
          )}
        </>
      )}
    </section>
  );
};

const Row = ({
  consumer: { id, name, environment, constraint, warning },
}: {
  readonly consumer: ConsumerView;
}) => {
  const { value, problem, reload } = useData(`updates ${id}`, (signal) =>
    ask(listAvailableUpdates, { at: { id }, signal }),
  );
  return (
    <li class="row" data-row aria-busy={value === undefined && problem === undefined}>
      <span class="grow">
        <b>{name}</b> in {environment} takes <code>{constraint}</code>
        {value === undefined ? undefined : <Status of={value} />}
        {warning === null ? undefined : (
          <>
            <br />
            <span class="sec">{warning}</span>
          </>
        )}
        {problem === undefined ? undefined : <ProblemNote problem={problem} retry={reload} />}
      </span>
    </li>
  );
};

const Status = ({ of: { status, reason, takes, active, updates } }: { readonly of: Found }) => {
  const { icon, word, tone } = LOOK[status];
  const [allowed, others] = [updates.filter((one) => one.allowed), updates.filter((one) => !one.allowed)];
  return (
    <>
      {' '}
      <span class={`st ${tone}`}>
        <Icon name={icon} />
        {word}
      </span>
      <br />
      <span class="sec">
        {reason ?? `takes ${takes ?? 'nothing'}`}
        {active === null || active === takes ? '' : `; ${active} is active there`}
        {'. '}
        {updates.length === 0 ? 'No newer version is published.' : undefined}
        {allowed.length === 0 ? undefined : `Updates it takes: ${named(allowed)}. `}
        {others.length === 0 ? undefined : `Updates that need another constraint: ${named(others)}.`}
      </span>
    </>
  );
};

const named = (updates: Found['updates']): string =>
  updates.map(({ version, change }) => `${version} (${change})`).join(', ');
