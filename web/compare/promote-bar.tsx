import { useSignal } from '@preact/signals';
import { createConfigPromotion } from '../../functions/contract/config-promotions.ts';
import type { EnvironmentView } from '../../functions/contract/environments.ts';
import { ask } from '../api/client.ts';
import type { Problem } from '../api/problem.ts';
import { iMay } from '../me.ts';
import { ProblemNote } from '../parts/notes.tsx';
import { go, pathTo } from '../router.ts';
import { count } from '../words/status.ts';
import type { Difference } from './difference.ts';

/** Names that one request may hold. */
const MOST = 200;

/** What happens with the picked keys, said before it happens. */
export const PromoteBar = ({
  source,
  target,
  lines,
  clear,
}: {
  readonly source: string;
  readonly target: EnvironmentView;
  /** Those that are picked. */
  readonly lines: readonly Difference[];
  readonly clear: () => void;
}) => {
  const wrong = useSignal<Problem | undefined>(undefined);
  const notes = useSignal('');
  const atOnce = useSignal(false);
  const busy = useSignal(false);
  const allowed = iMay('request', target.name);
  const too = lines.length > MOST;
  const off = !allowed || too || busy.value;
  const promote = async () => {
    if (off) return;
    busy.value = true;
    const named = (flag: boolean) => lines.filter((line) => line.flag === flag).map(({ key }) => key);
    const text = notes.value.trim();
    const made = await ask(createConfigPromotion, {
      body: {
        sourceEnvironment: source,
        targetEnvironment: target.name,
        promotionType: 'SELECTIVE',
        configIds: named(false),
        flagIds: named(true),
        ...(lines.some(({ operation }) => operation === 'removed') ? { prune: true } : {}),
        ...(text === '' ? {} : { notes: text }),
        ...(atOnce.value ? { execution: 'automatic' } : {}),
      },
      once: crypto.randomUUID(),
    });
    busy.value = false;
    if (made.ok) go(pathTo('promotions', made.value.id));
    else wrong.value = made.problem;
  };
  return (
    <div class="selbar">
      {wrong.value === undefined ? undefined : <ProblemNote problem={wrong.value} />}
      <p class="grow">
        <b>{count(lines.length, 'key')} picked.</b> {target.name} asks: {target.requirements.config}
        {allowed ? '' : ` You may not ask for it: it requires the role developer in ${target.name}.`}
        {too ? ` One promotion names at most ${MOST} keys: promote a part, or all differences.` : ''}
      </p>
      <label class="sr" for="notes">
        Why, for those who approve
      </label>
      <input
        class="in notes"
        id="notes"
        placeholder="Why, for those who approve"
        maxLength={4000}
        value={notes.value}
        onInput={({ currentTarget }) => {
          notes.value = currentTarget.value;
        }}
      />
      <label class="sm">
        <input
          type="checkbox"
          checked={atOnce.value}
          onChange={({ currentTarget }) => {
            atOnce.value = currentTarget.checked;
          }}
        />{' '}
        Execute as soon as nothing is missing
      </label>
      <div class="btns">
        <button type="button" class="btn bare" onClick={clear}>
          Clear
        </button>
        <button type="button" class="btn go" aria-disabled={off ? 'true' : undefined} onClick={promote}>
          Promote {count(lines.length, 'key')}
        </button>
      </div>
    </div>
  );
};
