import type { Environment } from '../../domain/catalog/environment.ts';
import { concerning, type Freeze, type Recurring } from '../../domain/freeze/freeze.ts';
import { type Frozen, frozenAt, stoppedAt } from '../../domain/freeze/frozen-at.ts';
import type { Freeze as Stopping } from '../../domain/promotion/commands.ts';

/** What freezes an environment at an instant, or nothing. */
export async function freezeOf(
  freezes: readonly Freeze[],
  { name }: Pick<Environment, 'name'>,
  instant: string,
): Promise<Stopping | undefined> {
  const own = concerning(freezes, name);
  return own.length === 0 ? undefined : stoppedAt(own, instant, await windowsOf(own));
}

/** What these freezes say of an instant, openings and closings included. */
export async function judgeFreezes(freezes: readonly Freeze[], instant: string): Promise<Frozen> {
  return frozenAt(freezes, instant, await windowsOf(freezes));
}

/** The calendar costs 35 ms to load: only who has a window that comes again pays it. */
async function windowsOf(freezes: readonly Freeze[]): Promise<Recurring> {
  if (freezes.every(({ rrule }) => rrule === undefined)) return () => ({});
  const { recurring } = await import('../../domain/freeze/recurrence.ts');
  return recurring();
}
