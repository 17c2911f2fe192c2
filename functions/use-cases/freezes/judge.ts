import type { Environment } from '../../domain/catalog/environment.ts';
import { concerning, type Freeze } from '../../domain/freeze/freeze.ts';
import { stoppedAt } from '../../domain/freeze/frozen-at.ts';
import type { Freeze as Stopping } from '../../domain/promotion/commands.ts';

/** What freezes an environment at an instant, or nothing. */
export function freezeOf(
  freezes: readonly Freeze[],
  { name }: Pick<Environment, 'name'>,
  instant: string,
): Stopping | undefined {
  return stoppedAt(concerning(freezes, name), instant);
}
