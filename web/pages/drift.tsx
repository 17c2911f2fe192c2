import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { getDrift } from '../../functions/contract/drift.ts';
import { ask } from '../api/client.ts';
import { useData } from '../api/data.ts';
import { DeliveryTabs } from '../delivery/tabs.tsx';
import { SubjectDrift } from '../drift/subject.tsx';
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx';
import { Pager } from '../parts/pager.tsx';
import { driftInWords } from '../words/drift.ts';

/** What runs beside what is recorded, and beside the environment before. */
export const Drift = () => {
  const all = useSignal(false);
  const cursors = useSignal<readonly string[]>([]);
  const cursor = cursors.value.at(-1);
  useEffect(() => {
    document.title = 'Drift · Sluice';
  }, []);
  const { value, problem, reload } = useData(
    `drift ${all.value} ${cursor ?? ''}`,
    (signal) => ask(getDrift, { query: { limit: 25, drifting: !all.value, cursor }, signal }),
    60,
  );
  return (
    <>
      <div class="head">
        <div>
          <h1>Drift</h1>
          <p class="lead">
            {value === undefined || value.items.length === 0
              ? 'What runs, beside what is recorded and beside the environment before.'
              : driftInWords(value.items)}
          </p>
        </div>
        <label class="sm">
          <input
            type="checkbox"
            checked={all.value}
            onChange={({ currentTarget }) => {
              all.value = currentTarget.checked;
              cursors.value = [];
            }}
          />{' '}
          Also what does not drift
        </label>
      </div>
      <DeliveryTabs here="/web/drift" />
      {problem === undefined ? undefined : <ProblemNote problem={problem} retry={reload} />}
      {value === undefined ? (
        problem === undefined ? (
          <Loading rows={8} />
        ) : undefined
      ) : value.items.length === 0 ? (
        <section class="sect" aria-label="Drift">
          <Nothing all={all.value} more={value.nextCursor !== null} />
        </section>
      ) : (
        value.items.map((subject) => (
          <SubjectDrift key={`${subject.kind} ${subject.name}`} subject={subject} />
        ))
      )}
      {value === undefined ? undefined : (
        <Pager cursors={cursors} next={value.nextCursor} words={['Subjects before', 'More subjects']} />
      )}
    </>
  );
};

const Nothing = ({ all, more }: { readonly all: boolean; readonly more: boolean }) => {
  if (more)
    return (
      <Empty title="Nothing drifts so far">
        <p>There are more subjects to look at.</p>
      </Empty>
    );
  return all ? (
    <Empty title="Nothing runs anywhere yet">
      <p>What pipelines record and machines see will stand here, subject by subject.</p>
      <code>{'sluice config set --env development limits.memory "512 MiB"'}</code>
    </Empty>
  ) : (
    <Empty title="Nothing is known to drift">
      <p>
        Everything is level with the environment before, as far as it is recorded. Whether the record is right
        is known only where machines report what they see:
      </p>
      <code>
        {
          'PUT /api/v1/observations/production/artifact/platform {"image_tag": "v1.2.3", "observed_at": "2026-11-22T09:00:00Z"}'
        }
      </code>
    </Empty>
  );
};
