import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { listPromotions } from '../../functions/contract/promotions.ts';
import { OPEN_STATUSES } from '../../functions/domain/promotion/lifetime.ts';
import { ask } from '../api/client.ts';
import { useData } from '../api/data.ts';
import { firstPage } from '../api/first-page.ts';
import { Icon } from '../parts/icon.tsx';
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx';
import { Pager } from '../parts/pager.tsx';
import { Time } from '../parts/time.tsx';
import { pathTo } from '../router.ts';
import { nextStep, titleOf, told } from '../words/promotion.ts';
import { statusLook } from '../words/status.ts';

const VIEWS = [
  { name: 'Waits for me', query: { waiting_for: 'me' } },
  { name: 'Open', query: { status: OPEN_STATUSES.join() } },
  { name: 'Completed', query: { status: 'completed,rolled_back' } },
  { name: 'Ended without', query: { status: 'rejected,cancelled,failed' } },
  { name: 'All', query: {} },
] as const;

/** Every promotion, newest first. */
export const Promotions = () => {
  const view = useSignal(1);
  const cursors = useSignal<readonly string[]>([]);
  const cursor = cursors.value.at(-1);
  const { query } = VIEWS[view.value] ?? VIEWS[1];
  useEffect(() => {
    document.title = 'Promotions · Sluice';
  }, []);
  const asked = { limit: 50, ...query, ...(cursor === undefined ? {} : { cursor }) };
  const further = useSignal(false);
  const { value, problem, reload } = useData(
    `promotions ${JSON.stringify(asked)}`,
    (signal) => {
      further.value = false;
      return firstPage(
        (next) => ask(listPromotions, { query: { ...asked, ...next }, signal }),
        () => {
          further.value = true;
        },
      );
    },
    cursor === undefined ? 15 : undefined,
  );
  return (
    <>
      <div class="head">
        <div>
          <h1>Promotions</h1>
          <p class="lead">Each moves one content from an environment to the next, past its gates.</p>
        </div>
      </div>
      <fieldset class="filter">
        <legend class="sr">Which promotions</legend>
        {VIEWS.map(({ name }, at) => (
          <button
            key={name}
            type="button"
            class="tog"
            aria-pressed={view.value === at}
            onClick={() => {
              view.value = at;
              cursors.value = [];
            }}
          >
            {name}
          </button>
        ))}
      </fieldset>
      {problem === undefined ? undefined : <ProblemNote problem={problem} retry={reload} />}
      {value === undefined ? (
        problem === undefined ? (
          <>
            {further.value ? <LookingFurther /> : undefined}
            <Loading />
          </>
        ) : undefined
      ) : (
        <section class="sect">
          {value.items.length === 0 && value.next_cursor === null ? (
            <NoPromotions waiting={view.value === 0} />
          ) : undefined}
          {value.complete === false ? <LookingFurther /> : undefined}
          <ul class="rows">
            {value.items.map((promotion) => {
              const { icon, word, tone } = statusLook(promotion.status);
              return (
                <li key={promotion.id} class="prow" data-row>
                  <span class={`st ${tone}`}>
                    <Icon name={icon} />
                    {word}
                  </span>
                  <span class="grow">
                    <a class="q" href={pathTo('promotions', promotion.id)}>
                      <b>{titleOf(told(promotion))}</b>
                    </a>
                    <small>{nextStep(told(promotion))}</small>
                  </span>
                  <span class="mut sm">
                    <Time at={promotion.completed_at ?? promotion.created_at} />
                  </span>
                </li>
              );
            })}
          </ul>
          <Pager cursors={cursors} next={value.next_cursor} words={['Newer', 'Older']} />
        </section>
      )}
    </>
  );
};

const LookingFurther = () => (
  <p class="mut" role="status">
    Looking further: older promotions may be here too.
  </p>
);

const NoPromotions = ({ waiting }: { readonly waiting: boolean }) =>
  waiting ? (
    <Empty title="Nothing waits for you">
      <p>Promotions that you may approve, execute or mend stand here.</p>
    </Empty>
  ) : (
    <Empty title="No promotion is here">
      <p>Compare two environments, pick what should move on, and promote it.</p>
      <a class="btn" href="/web/compare">
        Compare environments
      </a>
    </Empty>
  );
