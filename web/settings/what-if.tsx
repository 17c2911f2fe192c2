import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { WhatIfView } from '../../functions/contract/what-if.ts';
import type { Outcome, Problem } from '../api/problem.ts';
import { ProblemNote } from '../parts/notes.tsx';
import { Time } from '../parts/time.tsx';
import { pathTo } from '../router.ts';
import { plain, subjectName } from '../words/status.ts';
import { joined, type Replayed, whatIfInWords } from '../words/what-if.ts';

/** Promotions of one request, and requests that follow each other without being asked to. */
const PAGE = 50;
const MOST = 10;

/** Milliseconds without a change after which it is replayed by itself. */
const PAUSE = 800;

type Ask = (query: { readonly limit: number; readonly cursor?: string }) => Promise<Outcome<WhatIfView>>;
type Found = Replayed & { readonly of: string; readonly next: string | null };

/** Before a change is saved: what it would have made of what was promoted lately. `of` names what is asked about: another one needs another answer. */
export const WhatIf = ({
  of,
  unchanged,
  ask,
}: {
  readonly of: string;
  /** Whether nothing is changed yet. Absent: nothing is replayed before somebody asks for it. */
  readonly unchanged?: boolean;
  readonly ask: Ask;
}) => {
  const found = useSignal<Found | undefined>(undefined);
  const wrong = useSignal<Problem | undefined>(undefined);
  const busy = useSignal(false);
  const replay = async (from: Found | undefined, most = MOST) => {
    if (busy.value) return;
    busy.value = true;
    wrong.value = undefined;
    let sum = from;
    for (let page = 0; page < most; page += 1) {
      const answer = await ask({
        limit: PAGE,
        ...(sum === undefined || sum.next === null ? {} : { cursor: sum.next }),
      });
      if (!answer.ok) {
        wrong.value = answer.problem;
        break;
      }
      const { next_cursor: next, ...page } = answer.value;
      sum = { ...(sum === undefined ? page : joined(sum, page)), of, next };
      if (next === null) break;
    }
    found.value = sum;
    busy.value = false;
  };
  useEffect(() => {
    if (unchanged !== false) return;
    // The newest of them, once nothing was changed for a moment and no other replay is on its way.
    const timer = setInterval(() => {
      if (busy.peek()) return;
      clearInterval(timer);
      void replay(undefined, 1);
    }, PAUSE);
    return () => clearInterval(timer);
  }, [of, unchanged]);
  const shown = found.value?.of === of ? found.value : undefined;
  return (
    <div class="wide">
      <button
        type="button"
        class="btn"
        aria-disabled={busy.value ? 'true' : undefined}
        onClick={() => replay(undefined)}
      >
        {busy.value ? 'Replaying' : 'Try it on the last 90 days'}
      </button>
      {wrong.value === undefined ? undefined : <ProblemNote problem={wrong.value} />}
      <div role="status">
        {shown === undefined ? undefined : (
          <p class="conseq">
            <b>{whatIfInWords(shown)}</b>
            {shown.next === null ? '' : ' Older promotions were not judged again yet.'}
          </p>
        )}
      </div>
      {shown === undefined || shown.items.length === 0 ? undefined : (
        <ul class="rows sunk" aria-label="Promotions that would have differed">
          {shown.items.map((one) => (
            <li key={one.promotion_id} class="row">
              <span class="grow">
                <a href={pathTo('promotions', one.promotion_id)}>
                  {subjectName(one)}, {one.source_environment} to {one.target_environment}
                </a>
                <br />
                <span class="sec">
                  {one.outcome === 'refused' ? 'refused' : 'cannot be told'}:{' '}
                  {one.reason_codes.map(plain).join(', ')}
                </span>
              </span>
              <Time at={one.executed_at} />
            </li>
          ))}
        </ul>
      )}
      {shown === undefined || shown.next === null ? undefined : (
        <button type="button" class="btn" onClick={() => replay(shown)}>
          Judge older promotions too
        </button>
      )}
    </div>
  );
};
