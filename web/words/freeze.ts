import type { Freeze } from '../../functions/domain/freeze/freeze.ts';
import { Zone } from '../../functions/domain/freeze/zone.ts';
import { spokenInstant } from '../../functions/domain/instant.ts';
import type { Consequences } from '../freezes/consequences.ts';
import { AGAIN, againOf } from '../freezes/draft.ts';

/** Where a freeze holds, as people say it. */
export const whereInWords = (scope: string): string => (scope === '*' ? 'everywhere' : `in ${scope}`);

/** What holds within the windows of a freeze: `Nothing executes in staging`. */
export const holdsInWords = (mode: Freeze['mode'], scope: string): string => {
  if (mode === 'allow') return `Promotions execute ${whereInWords(scope)} only`;
  return `Nothing executes ${scope === '*' ? 'anywhere' : whereInWords(scope)}`;
};

/** What a freeze does where it holds. */
export function freezeInWords(freeze: Freeze): string {
  const { environment: scope, starts_at, ends_at, rrule, timezone, mode, on_due } = freeze;
  const zone = timezone ?? 'UTC';
  const when = `from ${clockInWords(starts_at, zone)} to ${clockInWords(ends_at, zone)}`;
  return [
    `${holdsInWords(mode, scope)} ${when}${againInWords(rrule ?? null, timezone ?? null)}.`,
    `What is due ${mode === 'allow' ? 'outside' : 'inside'} ${on_due === 'fail' ? 'fails' : 'waits'}.`,
    'Rollbacks pass.',
  ].join(' ');
}

/** How often a freeze comes: `, again every week by the clock of Europe/Berlin`. */
export function againInWords(rrule: string | null, timezone: string | null): string {
  const { again, last, rule } = againOf(rrule);
  if (again === 'once') return '';
  const often = again === 'rule' ? `by the rule ${rule}` : AGAIN[again];
  return `, again ${often} by the clock of ${timezone ?? 'UTC'}${last === '' ? '' : `, the last time on ${last}`}`;
}

/** An instant by the clock of a zone: `Fri 2026-11-27 18:00 Europe/Berlin`. */
export function clockInWords(instant: string, zone: string): string {
  const at = Date.parse(instant);
  const local = new Date(Zone.named(zone)?.local(at) ?? at).toISOString();
  return spokenInstant(local).replace(/UTC$/, zone);
}

/** What a change of a freeze makes of its scope now: `Staging is frozen at once, until Fri 2026-11-27 18:00 UTC.` */
export function turnInWords(
  { before, after }: Pick<Consequences<never>, 'before' | 'after'>,
  scope: string,
): string {
  const where = scope === '*' ? 'Everything' : scope;
  const stays = before.frozen === after.frozen;
  const turn = `${stays ? 'stays' : 'is'} ${after.frozen ? 'frozen' : 'open'}${stays ? ' now' : ' at once'}`;
  const until = after.frozen ? after.next_open : after.next_close;
  return `${where} ${turn}${until === undefined ? '' : `, until ${spokenInstant(until)}`}.`;
}
