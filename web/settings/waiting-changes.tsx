import { useSignal } from '@preact/signals';
import { type ComponentChildren, Fragment } from 'preact';
import { PendingChangeView } from '../../functions/contract/pending-change-view.ts';
import {
  confirmPendingChange,
  discardPendingChange,
  listPendingChanges,
} from '../../functions/contract/pending-changes.ts';
import { ask, session } from '../api/client.ts';
import { useList } from '../api/list.ts';
import type { Problem } from '../api/problem.ts';
import { iMay } from '../me.ts';
import { Empty, Note, ProblemNote } from '../parts/notes.tsx';
import { Moment, Time } from '../parts/time.tsx';
import { textOf } from '../parts/value.tsx';
import { plain } from '../words/status.ts';
import { ItemRow, Listing } from './listing.tsx';

/** Changes that ask for less of a protected environment, until a second admin confirms them. */
export const WaitingChanges = () => {
  const said = useSignal<ComponentChildren>(undefined);
  const found = useList(PendingChangeView, listPendingChanges.path, { seconds: 30 });
  if (!iMay('read_audit')) {
    return (
      <section class="sect" aria-label="Waiting changes">
        <Empty title="Waiting changes are shown to administrators and auditors">
          <p>Ask an administrator for the role auditor to read them.</p>
        </Empty>
      </section>
    );
  }
  return (
    <>
      {said.value === undefined ? undefined : (
        <Note icon="completed" tone="ok">
          {said.value}
        </Note>
      )}
      <Listing
        title="Waiting changes"
        says="Each asks for less of a protected environment. Nothing changes until a second admin confirms it"
        data={found}
        row={(one) => (
          <Waiting
            key={one.id}
            change={one}
            ended={(text) => {
              said.value = text;
              found.reload();
            }}
          />
        )}
        empty={{
          title: 'No change waits',
          says: 'With two admins, a change that asks for less of a protected environment waits here for the other one. The record of all changes is under Audit:',
          command: 'GET /api/v1/audit/changes',
        }}
      />
    </>
  );
};

const Waiting = ({
  change,
  ended,
}: {
  readonly change: PendingChangeView;
  readonly ended: (said: string) => void;
}) => {
  const { id, target, status, reason, weakens, values, asked_by, asked_at, expires_at } = change;
  const wrong = useSignal<Problem | undefined>(undefined);
  const busy = useSignal(false);
  const name = `${plain(target.type)} ${target.id}`;
  const mine = asked_by.subject === session.value?.subject;
  const mayConfirm = iMay('manage_members') && !mine && status === 'pending';
  const act = async (confirm: boolean) => {
    if (busy.value || (confirm && !mayConfirm)) return;
    busy.value = true;
    const done = confirm
      ? await ask(confirmPendingChange, { at: { id } })
      : await ask(discardPendingChange, { at: { id }, body: {} });
    busy.value = false;
    wrong.value = done.ok ? undefined : done.problem;
    if (done.ok)
      ended(
        confirm
          ? `Confirmed: the change of ${name} took effect.`
          : `Discarded: ${name} stays as it is. Both are in the record.`,
      );
  };
  return (
    <>
      <ItemRow
        name={`${change.action === 'update' ? 'Change' : plain(change.action)} ${name}`}
        says={
          <>
            {asked_by.email === '' ? asked_by.subject : asked_by.email} asked for it <Time at={asked_at} />: “
            {reason}”.{' '}
            {weakens
              .map(
                ({ what, environment, kinds, from, to }) =>
                  `${plain(what)}${to === undefined ? '' : ` (${from} → ${to})`} in ${environment} for ${kinds.join(', ')}`,
              )
              .join('; ')
              .replace(/^(?=.)/, 'It changes what governs promotions: ')}
            {weakens.length === 0 ? '' : '.'}{' '}
            {status === 'expired' ? (
              <>It expired; ask for it again.</>
            ) : (
              <>
                It waits until <Moment at={expires_at} />.
              </>
            )}
            <Values values={values} />
            {mine ? (
              <span id={`why-${id}`}> You asked for it: another admin confirms it.</span>
            ) : iMay('manage_members') ? undefined : (
              <span id={`why-${id}`}> Only administrators confirm or discard it.</span>
            )}
          </>
        }
      >
        <button
          type="button"
          class="btn go"
          aria-disabled={mayConfirm && !busy.value ? undefined : 'true'}
          aria-describedby={mayConfirm ? undefined : `why-${id}`}
          onClick={() => act(true)}
        >
          Confirm, it takes effect<span class="sr">: {name}</span>
        </button>
        {mine || iMay('manage_members') ? (
          <button type="button" class="btn" onClick={() => act(false)}>
            Discard<span class="sr"> the change of {name}</span>
          </button>
        ) : undefined}
      </ItemRow>
      {wrong.value === undefined ? undefined : (
        <li>
          <ProblemNote problem={wrong.value} />
        </li>
      )}
    </>
  );
};

/** Members that differ: what stands, and what would stand. */
const Values = ({ values: { before, after } }: Pick<PendingChangeView, 'values'>) => {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter(
    (name) => !STAMPS.has(name) && textOf(before?.[name]) !== textOf(after?.[name]),
  );
  if (names.length === 0) return undefined;
  return (
    <dl class="kv">
      {names.map((name) => (
        <Fragment key={name}>
          <dt>{plain(name)}</dt>
          <dd>
            {inShort(before?.[name])} → {inShort(after?.[name])}
          </dd>
        </Fragment>
      ))}
    </dl>
  );
};

const STAMPS = new Set(['version', 'updated_at', 'created_at']);
const inShort = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  const text = textOf(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
};
