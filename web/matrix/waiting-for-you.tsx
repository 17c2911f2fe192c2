import type { OverviewView } from '../../functions/contract/overview.ts';
import { Time } from '../parts/time.tsx';
import { pathTo } from '../router.ts';
import { nextStep, titleOf, told } from '../words/promotion.ts';
import { count } from '../words/status.ts';

/** What stands at the top: more is in the list of promotions. */
const SHOWN = 3;

/** The promotions that wait for this person, with what they can do. */
export const WaitingForYou = ({ overview }: { readonly overview: OverviewView }) => {
  const mine = overview.promotions.filter(({ id }) => overview.waiting.includes(id));
  if (mine.length === 0 && overview.complete) return undefined;
  return (
    <section class="mine" aria-labelledby="mine">
      <h2 id="mine">
        {overview.complete
          ? `${count(mine.length, 'promotion')} ${mine.length === 1 ? 'waits' : 'wait'} for you`
          : `Looking further: ${mine.length === 0 ? '' : `${count(mine.length, 'promotion')} and `}older promotions may wait for you`}
        {mine.length > SHOWN || !overview.complete ? (
          <>
            {' · '}
            <a href="/web/promotions">See all</a>
          </>
        ) : undefined}
      </h2>
      <ul>
        {mine.slice(0, SHOWN).map((promotion) => (
          <li key={promotion.id}>
            <div class="grow">
              <p>
                <a class="q" href={pathTo('promotions', promotion.id)}>
                  {titleOf(told(promotion))}
                </a>
              </p>
              <p>
                {nextStep(told(promotion))} Asked <Time at={promotion.created_at} />.
              </p>
            </div>
            <a class="btn go" href={pathTo('promotions', promotion.id)}>
              {promotion.status === 'approved'
                ? 'Execute'
                : promotion.waiting_for === 'changes'
                  ? 'Resolve'
                  : 'Review'}
              <span class="sr"> {titleOf(told(promotion))}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
};
