import { Fragment } from 'preact';
import { getOverview } from '../../functions/contract/overview.ts';
import type { PromotionView } from '../../functions/contract/promotion-view.ts';
import type { Freeze } from '../../functions/domain/freeze/freeze.ts';
import { ask } from '../api/client.ts';
import { useData } from '../api/data.ts';
import { now, Time } from '../parts/time.tsx';
import { pathTo } from '../router.ts';
import { clockInWords, freezeInWords, turnInWords } from '../words/freeze.ts';
import { titleOf, told } from '../words/promotion.ts';
import { count } from '../words/status.ts';
import { consequencesOf, nextWindows } from './consequences.ts';

/** What a change of a freeze would do, before it is made: when it holds, which scheduled promotions it concerns, and whether it opens what is frozen. */
export const Effect = ({
  before,
  after,
  all,
}: {
  /** Absent: the freeze is new. */
  readonly before?: Freeze | undefined;
  /** Absent: the freeze is ended. */
  readonly after?: Freeze | undefined;
  readonly all: readonly Freeze[];
}) => {
  const overview = useData('overview beside a freeze', (signal) => ask(getOverview, { signal }));
  const promotions = overview.value?.promotions ?? [];
  const found = consequencesOf({ before, after, all, promotions, now: new Date(now.value).toISOString() });
  const scope = (after ?? before)?.environment ?? '*';
  return (
    <div class="wide" role="status">
      {after === undefined ? undefined : (
        <>
          <p class="rule">{freezeInWords(after)}</p>
          {after.rrule === undefined ? undefined : <NextTimes of={after} />}
        </>
      )}
      <p class="conseq">
        <b>{turnInWords(found, scope)}</b>{' '}
        <Concerned
          promotions={found.held}
          says={after?.on_due === 'fail' ? 'will fail when they are due' : 'will wait for its end'}
        />
        <Concerned promotions={found.freed} says="will not be stopped any more" />
        {found.held.length + found.freed.length === 0 ? 'It changes nothing for what is scheduled.' : ''}
      </p>
      {found.opens ? (
        <p class="conseq">
          <b>This opens time that is frozen as things stand.</b> The record names you for it. What it stopped
          and would execute by itself waits for another person, and you decide on nothing that is open now.
        </p>
      ) : undefined}
    </div>
  );
};

const NextTimes = ({ of }: { readonly of: Freeze }) => {
  const windows = nextWindows(of, now.value);
  if (windows.length === 0) return <p class="sec">It does not come again within a year.</p>;
  const at = (time: number) => new Date(time).toISOString();
  return (
    <ol class="rows sunk" aria-label="The next times">
      {windows.map(({ start, end }) => (
        <li key={start} class="row">
          <span class="grow">
            {clockInWords(at(start), of.timezone ?? 'UTC')} to {clockInWords(at(end), of.timezone ?? 'UTC')}
          </span>
          <Time at={at(start)} />
        </li>
      ))}
    </ol>
  );
};

const Concerned = ({
  promotions,
  says,
}: {
  readonly promotions: readonly PromotionView[];
  readonly says: string;
}) =>
  promotions.length === 0 ? null : (
    <>
      {count(promotions.length, 'scheduled promotion')} {says}:{' '}
      {promotions.map((promotion, at) => (
        <Fragment key={promotion.id}>
          {at === 0 ? '' : ', '}
          <a href={pathTo('promotions', promotion.id)}>{titleOf(told(promotion))}</a>
        </Fragment>
      ))}
      .{' '}
    </>
  );
