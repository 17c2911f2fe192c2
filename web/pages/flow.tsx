import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { getOverview, type OverviewView } from '../../functions/contract/overview.ts';
import { ask } from '../api/client.ts';
import { useData } from '../api/data.ts';
import { FilterBar } from '../matrix/filter-bar.tsx';
import { MatrixKey } from '../matrix/key.tsx';
import { MatrixHead } from '../matrix/matrix.tsx';
import { MatrixRows } from '../matrix/matrix-rows.tsx';
import { followFocus, settleStop, steer } from '../matrix/roving.ts';
import { type Filter, filtered, isSet, type Row, rowsOf } from '../matrix/rows.ts';
import { WaitingForYou } from '../matrix/waiting-for-you.tsx';
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx';
import { hold } from '../search/known.ts';
import { waiting } from '../waiting.ts';
import { count } from '../words/status.ts';

/** How often the page looks for what changed, in seconds: people look here, nothing is decided here. */
const EVERY = 15;

/** Home: what runs where, what moves, and what waits for the person. */
export const Flow = () => {
  const { value, problem, reload } = useData('overview', (signal) => ask(getOverview, { signal }), EVERY);
  useEffect(() => {
    document.title = 'Flow · Sluice';
    if (value === undefined) return;
    waiting.value = value.waiting.length;
    hold(value);
  }, [value]);
  return (
    <>
      <div class="head">
        <div>
          <h1>What runs where</h1>
          {value === undefined ? undefined : <Summary rows={rowsOf(value)} />}
        </div>
        <div class="btns">
          <a class="btn go" href="/web/compare">
            Compare and promote
          </a>
        </div>
      </div>
      {problem === undefined ? undefined : <ProblemNote problem={problem} retry={reload} />}
      {value === undefined ? (
        problem === undefined ? (
          <Loading rows={8} />
        ) : undefined
      ) : (
        <>
          <WaitingForYou overview={value} />
          <Matrix overview={value} />
        </>
      )}
    </>
  );
};

const Summary = ({ rows }: { readonly rows: readonly Row[] }) => {
  const of = (group: Row['group']) => rows.filter((row) => row.group === group).length;
  if (rows.length === 0) return <p class="lead">Nothing runs anywhere yet.</p>;
  return (
    <p class="lead">
      {count(of('moving'), 'subject')} moving, {of('uneven')} out of level, {of('level')} the same everywhere.
    </p>
  );
};

const Matrix = ({ overview }: { readonly overview: OverviewView }) => {
  const filter = useSignal<Filter>({ text: '', kind: undefined, only: undefined });
  const given = useSignal(overview);
  given.value = overview;
  const matrix = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (matrix.current !== null) settleStop(matrix.current);
  });
  const rows = useComputed(() => rowsOf(given.value));
  const shown = useComputed(() => filtered(rows.value, filter.value));
  if (rows.value.length === 0) return <NothingYet />;
  const width = overview.environments.length;
  return (
    <>
      <FilterBar rows={rows.value} shown={shown.value.length} filter={filter} />
      <div
        class={`mx e${Math.min(8, Math.max(2, width))}`}
        role="table"
        aria-label="What runs where"
        ref={matrix}
        onFocusIn={(event) => followFocus(event.currentTarget, event)}
        onKeyDown={(event) => steer(event.currentTarget, event)}
      >
        <div role="rowgroup">
          <MatrixHead places={overview.environments} />
        </div>
        {isSet(filter.value) ? (
          <MatrixRows rows={shown.value} />
        ) : (
          <>
            <Group title="Moving" says="promotions between environments" rows={of(rows.value, 'moving')} />
            <Group
              title="Out of level"
              says="not the same content everywhere"
              rows={of(rows.value, 'uneven')}
            />
            <Group
              title="Level"
              says="one content in all environments"
              rows={of(rows.value, 'level')}
              tight
            />
          </>
        )}
      </div>
      {shown.value.length === 0 ? (
        <Empty title="No subject fits">
          <p>Names, versions, digests and gateways were searched. Fewer words find more.</p>
          <button
            type="button"
            class="btn"
            onClick={() => {
              filter.value = { text: '', kind: undefined, only: undefined };
            }}
          >
            Show all
          </button>
        </Empty>
      ) : undefined}
      <MatrixKey />
    </>
  );
};

const of = (rows: readonly Row[], group: Row['group']): readonly Row[] =>
  rows.filter((row) => row.group === group);

/** Rows that are level say little: the first show, the rest when somebody asks, or the browser's own search finds one. */
const FIRST = 6;

const Group = ({
  title,
  says,
  rows,
  tight = false,
}: {
  readonly title: string;
  readonly says: string;
  readonly rows: readonly Row[];
  readonly tight?: boolean;
}) => {
  const open = useSignal(false);
  if (rows.length === 0) return undefined;
  const few = tight ? rows.slice(0, FIRST) : rows;
  const rest = rows.slice(few.length);
  return (
    <>
      <div role="rowgroup">
        <div role="row">
          <div class="mx-g" role="cell">
            <h2>{title}</h2>
            <p>
              {count(rows.length, 'subject')}: {says}
            </p>
            {rest.length === 0 || open.value ? undefined : (
              <button
                type="button"
                class="btn bare"
                onClick={() => {
                  open.value = true;
                }}
              >
                Show {rest.length} more
              </button>
            )}
          </div>
        </div>
      </div>
      <MatrixRows rows={few} tight={tight} />
      {rest.length === 0 ? undefined : (
        <div
          role="rowgroup"
          hidden={open.value ? undefined : 'until-found'}
          ref={(found) => {
            found?.addEventListener('beforematch', () => {
              open.value = true;
            });
          }}
        >
          <MatrixRows rows={rest} tight={tight} first={0} />
        </div>
      )}
    </>
  );
};

const NothingYet = () => (
  <section class="sect">
    <Empty title="Here you will see which content runs in which environment">
      <p>Set the first configuration of development, or let a pipeline record its first deployment:</p>
      <code>POST /api/v1/deployments</code>
      <a class="btn" href="/web/config/development">
        Set the first configuration
      </a>
    </Empty>
  </section>
);
