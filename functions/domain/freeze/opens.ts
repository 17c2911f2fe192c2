import type { Freeze } from './freeze.ts';

/** One freeze of a scope before and after a change; absent: there is none. `others` are the rest of that scope. */
export type FreezeChange = {
  readonly before: Freeze | undefined;
  readonly after: Freeze | undefined;
  readonly others: readonly Freeze[];
};

/**
 * Whether a change of the freezes of a scope may let something execute at a time, from now on, at which they stopped it before: a `deny`
 * window ends early or goes, an `allow` window grows or moves, another one is added to those there are, or the last one goes, outside
 * which nothing executed.
 */
export function opensTime({ before, after, others }: FreezeChange, now: string): boolean {
  if (before !== undefined && after !== undefined && before.mode === after.mode) {
    return after.mode === 'deny' ? !isOver(before, now) && !covers(after, before) : !covers(before, after);
  }
  const allowing = others.some(({ mode }) => mode === 'allow');
  const lifted = before?.mode === 'deny' ? !isOver(before, now) : before?.mode === 'allow' && !allowing;
  return lifted || (after?.mode === 'allow' && allowing);
}

/** A window that comes once and has passed stops nothing any more. */
const isOver = ({ rrule, ends_at }: Freeze, now: string): boolean => rrule === undefined && ends_at <= now;

/** Whether the windows of one freeze hold those of another: the same but for an earlier beginning or a later end. */
function covers(wide: Freeze, narrow: Freeze): boolean {
  const same = (['rrule', 'timezone'] as const).every((name) => wide[name] === narrow[name]);
  const moved = wide.rrule !== undefined && wide.starts_at !== narrow.starts_at;
  return same && !moved && wide.starts_at <= narrow.starts_at && wide.ends_at >= narrow.ends_at;
}
