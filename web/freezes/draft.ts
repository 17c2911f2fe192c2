import type { FreezeView } from '../../functions/contract/freezes.ts';
import type { Freeze } from '../../functions/domain/freeze/freeze.ts';
import { type Unusable, type Windows, windowsOf } from '../../functions/domain/freeze/windows.ts';
import { Zone } from '../../functions/domain/freeze/zone.ts';

/** How often a freeze comes, as its control says it; `rule` is any other recurrence of RFC 5545. */
export const AGAIN = {
  once: 'once',
  daily: 'every day',
  workdays: 'from Monday to Friday',
  weekly: 'every week',
  monthly: 'every month',
  rule: 'by a rule',
} as const;
export type Again = keyof typeof AGAIN;
export const agains = Object.keys(AGAIN).filter((name): name is Again => name in AGAIN);

const RULES = {
  daily: 'FREQ=DAILY',
  workdays: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
  weekly: 'FREQ=WEEKLY',
  monthly: 'FREQ=MONTHLY',
} as const;

/** A freeze as its form holds it. */
export type Draft = {
  /** As a control for a date and a time says them, by the clock of `zone`. */
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  readonly again: Again;
  /** The last day on which it comes, or nothing; not with `rule`, which says so itself. */
  readonly last: string;
  readonly rule: string;
  readonly mode: Freeze['mode'];
  readonly on_due: Freeze['on_due'];
};

/** What says when a freeze is, and what it does. */
export type Fields = Pick<Freeze, 'starts_at' | 'ends_at' | 'rrule' | 'timezone' | 'mode' | 'on_due'>;

/** A new freeze: nothing is said yet, in the person's zone. */
export const emptyDraft = (zone: string): Draft => ({
  from: '',
  to: '',
  zone,
  again: 'once',
  last: '',
  rule: '',
  mode: 'deny',
  on_due: 'wait',
});

/** A freeze that is there, as a form holds it: by the clock of its own zone, or of the person's where it comes once. */
export function draftOf(freeze: FreezeView, mine: string): Draft {
  const { starts_at, ends_at, rrule, timezone, mode, on_due } = freeze;
  const zone = timezone ?? mine;
  return {
    ...{ zone, mode, on_due },
    from: clockAt(starts_at, zone),
    to: clockAt(ends_at, zone),
    ...againOf(rrule),
  };
}

/** How often, and until when, a recurrence says; one that no control has word for word is `rule`. */
export function againOf(rrule: string | null): Pick<Draft, 'again' | 'last' | 'rule'> {
  if (rrule === null) return { again: 'once', last: '', rule: '' };
  const [, begin = '', year, month, day] = /^(.*?)(?:;UNTIL=(\d{4})(\d{2})(\d{2}))?$/.exec(rrule) ?? [];
  const again = agains.find((one) => one !== 'once' && one !== 'rule' && RULES[one] === begin);
  if (again === undefined) return { again: 'rule', last: '', rule: rrule };
  return { again, last: year === undefined ? '' : `${year}-${month}-${day}`, rule: '' };
}

function ruleOf({ again, last, rule }: Draft): string | undefined {
  if (again === 'once') return undefined;
  if (again === 'rule') return rule.trim();
  return `${RULES[again]}${last === '' ? '' : `;UNTIL=${last.replaceAll('-', '')}`}`;
}

/** What a form says, or why that is no freeze. A time that was not changed keeps its seconds. */
export function fieldsOf(draft: Draft, stored: FreezeView | undefined, mine: string): Fields | Unusable {
  const { zone: name, mode, on_due } = draft;
  const before = stored === undefined ? undefined : draftOf(stored, mine);
  const zone = Zone.named(name);
  if (zone === undefined) return { field: 'timezone', problem: 'must be a time zone such as Europe/Berlin' };
  const instant = (at: 'from' | 'to', kept: string | undefined): string | undefined => {
    if (kept !== undefined && before?.zone === name && before[at] === draft[at]) return kept;
    const local = Date.parse(`${draft[at]}Z`);
    return Number.isNaN(local) ? undefined : new Date(zone.shown(local).first).toISOString();
  };
  const starts_at = instant('from', stored?.starts_at);
  const ends_at = instant('to', stored?.ends_at);
  if (starts_at === undefined) return { field: 'starts_at', problem: 'must be a day and a time' };
  if (ends_at === undefined) return { field: 'ends_at', problem: 'must be a day and a time' };
  const rrule = ruleOf(draft);
  const fields = {
    ...{ starts_at, ends_at, mode, on_due },
    ...(rrule === undefined ? {} : { rrule, timezone: name }),
  };
  const windows = windowsOf(fields);
  return typeof windows === 'function' ? fields : windows;
}

/** When a freeze holds; never where its times make no sense. */
export function windowsIn(fields: Fields): Windows {
  const windows = windowsOf(fields);
  return typeof windows === 'function' ? windows : () => [];
}

/** A freeze as the domain knows it: what is not there is absent. */
export function freezeOf({ rrule, timezone, organization_id: _, ...freeze }: FreezeView): Freeze {
  return {
    ...freeze,
    ...(rrule === null ? {} : { rrule }),
    ...(timezone === null ? {} : { timezone }),
  };
}

/** A freeze as a form would make it. */
export function becoming(fields: Fields, environment: string, before: Freeze | undefined): Freeze {
  const { rrule: _, timezone: __, ...rest } = before ?? UNSAVED;
  return { ...rest, ...fields, environment };
}

const UNSAVED = {
  ...{ id: '', reason: '', created_by: '', version: 0, created_at: '', updated_at: '' },
  ...{ rrule: undefined, timezone: undefined },
} as const;

/** What a clock in a zone shows at an instant, as a control for a date and a time takes it. */
function clockAt(instant: string, zone: string): string {
  const at = Date.parse(instant);
  return new Date(Zone.named(zone)?.local(at) ?? at).toISOString().slice(0, 16);
}
