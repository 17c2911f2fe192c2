import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useData } from '../api/data.ts';
import { type Entry, readEntries, VIEWS, type View } from '../audit/entries.ts';
import { Logged } from '../audit/logged.tsx';
import { Verification } from '../audit/verification.tsx';
import { iMay } from '../me.ts';
import { Icon } from '../parts/icon.tsx';
import { Empty, Loading, ProblemNote } from '../parts/notes.tsx';
import { Pager } from '../parts/pager.tsx';
import { Moment, Time } from '../parts/time.tsx';
import { pathTo } from '../router.ts';

/** What was recorded, and the proof that nobody changed it since. */
export const Audit = () => {
  useEffect(() => {
    document.title = 'Audit · Sluice';
  }, []);
  return (
    <>
      <div class="head">
        <div>
          <h1>Audit</h1>
          <p class="lead">Who let what through, when and on what. Whatever stands here can be proven.</p>
        </div>
        <div class="btns">
          <a class="btn" href="/web/calendar">
            Freeze calendar
          </a>
        </div>
      </div>
      {iMay('read_audit') ? (
        <Record />
      ) : (
        <section class="sect">
          <Empty title="The audit is for auditors">
            <p>
              It requires the role auditor or admin in the whole tenant. An administrator can give it, under
              People.
            </p>
          </Empty>
        </section>
      )}
    </>
  );
};

const Record = () => {
  const view = useSignal<View>('promotions');
  const cursors = useSignal<readonly string[]>([]);
  const chosen = useSignal<string | undefined>(undefined);
  const cursor = cursors.value.at(-1);
  const { value, problem, reload } = useData(`audit ${view.value} ${cursor}`, (signal) =>
    readEntries(view.value, cursor, signal),
  );
  const shown = value?.items.find(({ key }) => key === chosen.value) ?? value?.items[0];
  return (
    <>
      <fieldset class="filter">
        <legend class="sr">What to look at</legend>
        {Object.entries(VIEWS).map(([name, word]) => (
          <button
            key={name}
            type="button"
            class="tog"
            aria-pressed={view.value === name}
            onClick={() => {
              cursors.value = [];
              view.value = viewOf(name);
            }}
          >
            {word}
          </button>
        ))}
      </fieldset>
      {problem === undefined ? undefined : <ProblemNote problem={problem} retry={reload} />}
      <div class="aud">
        <section class="sect" aria-label="Entries">
          {value === undefined ? (
            problem === undefined ? (
              <Loading rows={8} />
            ) : undefined
          ) : value.items.length === 0 ? (
            <Empty title="Nothing is recorded here yet">
              <p>The first promotion, change of a rule or refusal stands here as soon as it happens.</p>
            </Empty>
          ) : (
            <div class="evs">
              {value.items.map((entry, at) => (
                <>
                  {dayOf(entry) === dayOf(value.items[at - 1]) ? undefined : (
                    <p class="day">{dayOf(entry)}</p>
                  )}
                  <button
                    type="button"
                    data-row
                    aria-current={entry.key === shown?.key ? 'true' : undefined}
                    onClick={() => {
                      chosen.value = entry.key;
                    }}
                  >
                    <span class="mut">{entry.at.slice(11, 19)}</span>
                    <Icon name={entry.icon} tone={`s ${entry.tone}`} />
                    <span>
                      <b>{entry.who}</b> {entry.did}
                      <small>{entry.about}</small>
                    </span>
                  </button>
                </>
              ))}
            </div>
          )}
          {value === undefined ? undefined : (
            <Pager cursors={cursors} next={value.next} words={['Newer', 'Older']} />
          )}
        </section>
        <div>
          {shown === undefined ? undefined : <Shown entry={shown} />}
          {shown?.promotion === undefined ? undefined : <Logged promotion={shown.promotion} />}
          <Verification />
        </div>
      </div>
    </>
  );
};

const Shown = ({ entry }: { readonly entry: Entry }) => (
  <section class="sect" aria-labelledby="entry">
    <header>
      <h2 id="entry">
        {entry.who} {entry.did}
      </h2>
      {entry.promotion === undefined ? undefined : (
        <div class="end">
          <a class="btn" href={pathTo('promotions', entry.promotion)}>
            Open promotion
          </a>
        </div>
      )}
    </header>
    <div class="pad">
      <dl class="kv">
        <dt>When</dt>
        <dd>
          <Moment at={entry.at} />, <Time at={entry.at} />
        </dd>
        {entry.facts.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </div>
  </section>
);

const viewOf = (name: string): View => (name === 'changes' || name === 'denials' ? name : 'promotions');
const dayOf = (entry: Entry | undefined): string =>
  entry === undefined ? '' : `${entry.at.slice(0, 10)} UTC`;
