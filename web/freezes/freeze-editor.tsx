import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { FreezeView, freezes } from '../../functions/contract/freezes.ts';
import type { Outcome } from '../api/problem.ts';
import { type Changed, change, create } from '../settings/change.ts';
import { Choice, TextField } from '../settings/fields.tsx';
import { type Close, Saving } from '../settings/saving.tsx';
import { whereInWords } from '../words/freeze.ts';
import { AGAIN, agains, becoming, draftOf, emptyDraft, fieldsOf, freezeOf } from './draft.ts';
import { Effect } from './effect.tsx';
import { standing } from './standing.ts';

/** Where a freeze of a scope is, or all of them. */
export const pathOf = (scope: string, id?: string): string =>
  [freezes.path.replace('{scope}', encodeURIComponent(scope)), ...(id === undefined ? [] : [id])].join('/');

const MODES = {
  deny: 'nothing executes then',
  allow: 'promotions execute then, and at no other time',
} as const;
const DUE = { wait: 'waits', fail: 'fails' } as const;

/** A freeze being planned, or changed: what it will do stands below its controls, by the rules that the server judges by. */
export const FreezeEditor = ({
  freeze,
  scopes,
  all,
  close,
}: {
  readonly freeze?: FreezeView;
  /** Where a new one may hold. */
  readonly scopes: readonly string[];
  /** The freezes that are there. */
  readonly all: readonly FreezeView[];
  readonly close: Close;
}) => {
  const id = useId();
  const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const first = freeze === undefined ? emptyDraft(mine) : draftOf(freeze, mine);
  const scope = useSignal(freeze?.environment ?? scopes[0] ?? '*');
  const [from, to, zone] = [useSignal(first.from), useSignal(first.to), useSignal(first.zone)];
  const [again, last, rule] = [useSignal(first.again), useSignal(first.last), useSignal(first.rule)];
  const [mode, on_due] = [useSignal(first.mode), useSignal(first.on_due)];
  const draft = {
    ...{ from: from.value, to: to.value, zone: zone.value },
    ...{ again: again.value, last: last.value, rule: rule.value },
    ...{ mode: mode.value, on_due: on_due.value },
  };
  const fields = fieldsOf(draft, freeze, mine);
  const before = freeze === undefined ? undefined : freezeOf(freeze);
  const save = async (reason: string): Promise<Outcome<Changed>> => {
    if ('problem' in fields) {
      const detail = `${FIELDS[fields.field] ?? fields.field} ${fields.problem}`;
      return {
        ok: false,
        problem: { status: 0, code: 'invalid_request', title: 'Nothing was sent', detail },
      };
    }
    if (freeze === undefined)
      return standing(await create(FreezeView, pathOf(scope.value), { fields, reason }), scope.value);
    const { rrule = null, timezone = null } = fields;
    const body = { version: freeze.version, fields: { ...fields, rrule, timezone }, reason };
    return standing(await change(FreezeView, pathOf(scope.value, freeze.id), body), scope.value);
  };
  const repeats = again.value !== 'once';
  return (
    <Saving
      name={freeze?.reason ?? 'The freeze'}
      effect="Everyone sees it on the calendar at once. What is being executed now is judged again before it takes effect."
      made={freeze === undefined ? 'planned' : 'changed'}
      why={{ label: 'Reason, everyone sees it', first: freeze?.reason ?? '', required: true }}
      save={save}
      close={close}
    >
      {freeze === undefined && scopes.length > 1 ? (
        <Choice id={`${id}-scope`} label="Where" value={scope} among={scopes} words={whereInWords} />
      ) : undefined}
      <Choice
        id={`${id}-mode`}
        label="What it does"
        value={mode}
        among={['deny', 'allow'] as const}
        words={(one) => MODES[one]}
      />
      <TextField
        id={`${id}-from`}
        label={`From, by the clock of ${zone.value}`}
        type="datetime-local"
        value={from}
      />
      <TextField
        id={`${id}-to`}
        label={repeats ? 'To, of the first time' : 'To'}
        type="datetime-local"
        value={to}
      />
      <TextField
        id={`${id}-zone`}
        label="Time zone"
        value={zone}
        offers={Intl.supportedValuesOf('timeZone')}
      />
      <Choice id={`${id}-again`} label="It comes" value={again} among={agains} words={(one) => AGAIN[one]} />
      {again.value === 'rule' ? (
        <TextField id={`${id}-rule`} label="Rule of RFC 5545, such as FREQ=MONTHLY;BYDAY=-1FR" value={rule} />
      ) : repeats ? (
        <TextField id={`${id}-last`} label="Until this day, or for ever" type="date" value={last} optional />
      ) : undefined}
      <Choice
        id={`${id}-due`}
        label="What is scheduled for a time at which it stops"
        value={on_due}
        among={['wait', 'fail'] as const}
        words={(one) => DUE[one]}
      />
      {'problem' in fields ? (
        <p class="sec wide">
          What it will do is said here once the form is filled in: {FIELDS[fields.field] ?? fields.field}{' '}
          {fields.problem}.
        </p>
      ) : (
        <Effect before={before} after={becoming(fields, scope.value, before)} all={all.map(freezeOf)} />
      )}
    </Saving>
  );
};

/** Members of a freeze by their controls. */
const FIELDS: { readonly [member: string]: string } = {
  starts_at: 'From',
  ends_at: 'To',
  rrule: 'the rule',
  timezone: 'the time zone',
};
