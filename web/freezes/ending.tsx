import type { FreezeView } from '../../functions/contract/freezes.ts';
import { remove } from '../settings/change.ts';
import { type Close, Saving } from '../settings/saving.tsx';
import { freezeOf } from './draft.ts';
import { Effect } from './effect.tsx';
import { pathOf } from './freeze-editor.tsx';
import { standing } from './standing.ts';

/** Ends a freeze, with all times at which it would come again: what that opens stands before the button. */
export const Ending = ({
  freeze,
  all,
  close,
}: {
  readonly freeze: FreezeView;
  readonly all: readonly FreezeView[];
  readonly close: Close;
}) => {
  const { id, environment, reason: name, version, rrule } = freeze;
  return (
    <Saving
      name={name}
      effect={`It leaves the calendar${rrule === null ? '' : ', with every time at which it would come again'}. The record keeps it. What it held is judged again within minutes.`}
      made="ended"
      why={{ label: 'Why it ends. Everyone who reads the audit sees it', required: true }}
      save={async (reason) =>
        standing(await remove(pathOf(environment, id), { version, reason }), environment)
      }
      close={close}
    >
      <Effect before={freezeOf(freeze)} all={all.map(freezeOf)} />
    </Saving>
  );
};
