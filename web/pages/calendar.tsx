import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type FreezeView, listFreezes } from '../../functions/contract/freezes.ts';
import { getOverview } from '../../functions/contract/overview.ts';
import { ask } from '../api/client.ts';
import { useData } from '../api/data.ts';
import { around, type Bar, type Entry, entriesOf, momentOf, weeksOf } from '../calendar/month.ts';
import { FreezeListing } from '../freezes/listing.tsx';
import { Icon } from '../parts/icon.tsx';
import { Loading, ProblemNote } from '../parts/notes.tsx';
import { now } from '../parts/time.tsx';
import { pathTo } from '../router.ts';
import { SettingsTabs } from '../settings/tabs.tsx';
import { titleOf, told } from '../words/promotion.ts';

/** When nothing executes, and what is to execute when: a month at a time, in the person's time zone. */
export const Calendar = () => {
  const shift = useSignal(0);
  const found = useData('calendar', load);
  useEffect(() => {
    document.title = 'Freeze calendar · Sluice';
  }, []);
  const today = new Date(now.value);
  const first = new Date(today.getFullYear(), today.getMonth() + shift.value, 1);
  const month = (by: number) =>
    new Date(first.getFullYear(), first.getMonth() + by, 1).toLocaleString('en', { month: 'long' });
  return (
    <>
      <div class="head">
        <div>
          <h1>{first.toLocaleString('en', { month: 'long', year: 'numeric' })}</h1>
          <p class="lead">{found.value === undefined ? '' : frozenNow(found.value.frozen)}</p>
        </div>
        <div class="btns">
          <button type="button" class="btn" onClick={() => (shift.value -= 1)}>
            {month(-1)}
          </button>
          <button type="button" class="btn" onClick={() => (shift.value += 1)}>
            {month(1)}
          </button>
        </div>
      </div>
      <SettingsTabs here="/web/calendar" />
      {found.problem === undefined ? undefined : <ProblemNote problem={found.problem} retry={found.reload} />}
      <div class="calw">
        {found.value === undefined ? (
          <section class="sect">{found.problem === undefined ? <Loading rows={8} /> : undefined}</section>
        ) : (
          <Month first={first} today={today} freezes={found.value.freezes} moments={found.value.moments} />
        )}
        <div>
          <FreezeListing
            data={{ ...found, value: found.value?.freezes }}
            says="When nothing executes, and the only times at which something does"
            scopes={['*', ...(found.value?.environments ?? [])]}
          />
          <p class="sm sec pad">
            The calendar is in your time zone, {Intl.DateTimeFormat().resolvedOptions().timeZone}. A freeze
            that comes again keeps the time of day of the zone it was written in.
          </p>
        </div>
      </div>
      <p class="key">
        <span>
          <Icon name="freeze" tone="s hold" /> hatched: freeze
        </span>
        <span>
          <Icon name="scheduled" tone="s move" /> blue: open window, scheduled promotion
        </span>
      </p>
    </>
  );
};

const Month = ({
  first,
  today,
  freezes,
  moments,
}: {
  readonly first: Date;
  readonly today: Date;
  readonly freezes: readonly FreezeView[];
  readonly moments: readonly Entry[];
}) => {
  const [year, month] = [first.getFullYear(), first.getMonth()];
  const entries = [...freezes.flatMap((freeze) => entriesOf(freeze, ...around(year, month))), ...moments];
  return (
    <div class="cal">
      {['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].map((day) => (
        <div key={day} class="wd">
          {day}
        </div>
      ))}
      {weeksOf(year, month, entries).map(({ days, bars }) => (
        <div key={days[0]?.getTime()} class="wk">
          {days.map((day, at) => (
            <div
              key={day.getTime()}
              class={`dy s${at + 1} ${day.getMonth() === month ? '' : 'out'} ${day.toDateString() === today.toDateString() ? 'td' : ''}`}
            >
              {day.getDate()}
            </div>
          ))}
          {bars.map((bar) => (
            <Stretch key={bar.key} bar={bar} />
          ))}
        </div>
      ))}
    </div>
  );
};

const Stretch = ({ bar }: { readonly bar: Bar }) => {
  const place = `fz s${bar.column} w${bar.columns} r${bar.line + 2} ${bar.look === 'freeze' ? '' : 'pl'}`;
  return bar.href === undefined ? (
    <span class={place} title={bar.text}>
      {bar.text}
    </span>
  ) : (
    <a class={place} href={bar.href} title={bar.text}>
      {bar.text}
    </a>
  );
};

type Found = {
  readonly freezes: readonly FreezeView[];
  readonly moments: readonly Entry[];
  readonly environments: readonly string[];
  readonly frozen: readonly string[];
};

/** The freezes of every environment and of all, and the promotions that have a time. */
async function load(signal: AbortSignal) {
  const overview = await ask(getOverview, { signal });
  if (!overview.ok) return overview;
  const { environments, promotions } = overview.value;
  const all = new Map<string, FreezeView>();
  const names = environments.map(({ name }) => name);
  const asked = ['*', ...names].map((scope) => ask(listFreezes, { at: { scope }, signal }));
  for (const found of await Promise.all(asked)) {
    if (!found.ok) return found;
    for (const freeze of found.value.items) all.set(freeze.id, freeze);
  }
  const moments = promotions.flatMap((promotion) =>
    promotion.scheduled_at === null
      ? []
      : [
          momentOf(
            promotion.id,
            promotion.scheduled_at,
            titleOf(told(promotion)),
            pathTo('promotions', promotion.id),
          ),
        ],
  );
  const frozen = environments.filter(({ freeze }) => freeze !== null).map(({ name }) => name);
  return {
    ok: true,
    value: { freezes: [...all.values()], moments, environments: names, frozen } satisfies Found,
  } as const;
}

const frozenNow = (names: readonly string[]): string =>
  names.length === 0 ? 'No environment is frozen now.' : `Frozen now: ${names.join(', ')}.`;
