import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { FreezeView } from '../../functions/contract/freezes.ts';
import type { Data } from '../api/data.ts';
import { iMay } from '../me.ts';
import { Icon } from '../parts/icon.tsx';
import { Moment } from '../parts/time.tsx';
import { EditableListing } from '../settings/editable.tsx';
import { againInWords, holdsInWords } from '../words/freeze.ts';
import { Ending } from './ending.tsx';
import { FreezeEditor } from './freeze-editor.tsx';

/** Freezes, planned, changed and ended where they stand. */
export const FreezeListing = ({
  data,
  says,
  scopes,
}: {
  readonly data: Data<readonly FreezeView[]>;
  readonly says: ComponentChildren;
  /** Where a new one may hold. */
  readonly scopes: readonly string[];
}) => {
  /** The freeze that is being ended. */
  const ending = useSignal<string | undefined>(undefined);
  const all = data.value ?? [];
  const mine = scopes.filter(mayFreeze);
  return (
    <EditableListing
      title="Freezes"
      says={says}
      data={data}
      may={mine.length > 0}
      item={(freeze, close) => {
        const { id, environment, reason } = freeze;
        const may = mayFreeze(environment);
        const end = (said: ComponentChildren) => {
          ending.value = undefined;
          close(said);
        };
        return {
          key: id,
          name: (
            <span class="st hold">
              <Icon name="freeze" />
              {reason}
            </span>
          ),
          spoken: reason,
          says: <Says freeze={freeze} />,
          may,
          buttons: may ? (
            <button
              type="button"
              class="btn no"
              aria-expanded={ending.value === id}
              onClick={() => {
                ending.value = ending.value === id ? undefined : id;
              }}
            >
              End<span class="sr"> {reason}</span>
            </button>
          ) : undefined,
          below:
            ending.value === id ? (
              <li>
                <Ending freeze={freeze} all={all} close={end} />
              </li>
            ) : undefined,
        };
      }}
      editor={(freeze, close) => <FreezeEditor freeze={freeze} scopes={mine} all={all} close={close} />}
      add={{
        label: 'Plan a freeze',
        form: (close) => <FreezeEditor scopes={mine} all={all} close={close} />,
      }}
      empty={{
        title: 'No freeze is planned',
        says: 'A freeze stops executions for a time, once or again and again; or it allows them then, and at no other time:',
        command: `POST /api/v1/environments/${scopes[0] ?? '*'}/freezes {"reason": "Quarter close", "starts_at": "…", "ends_at": "…"}`,
      }}
    />
  );
};

const mayFreeze = (scope: string): boolean => iMay('freeze', scope === '*' ? undefined : scope);

const Says = ({ freeze }: { readonly freeze: FreezeView }) => {
  const { environment, mode, starts_at, ends_at, rrule, timezone, on_due } = freeze;
  return (
    <>
      {holdsInWords(mode, environment)} from <Moment at={starts_at} /> to <Moment at={ends_at} />
      {againInWords(rrule, timezone)}.
      {on_due === 'fail' ? ' What comes due while it stops executions fails.' : ''}
    </>
  );
};
