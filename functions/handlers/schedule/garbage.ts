import { type ScanDeps, scanGarbage } from '../../use-cases/config/scan-garbage.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { wireTable } from '../wiring/table.ts';

/** No tenant is begun after 8 of the function's 15 minutes. */
const MILLISECONDS = 8 * 60_000;

/** Removes what nothing refers to any more from every tenant's config nodes. */
export function garbageHandler(wired: () => ScanDeps, log: Log): () => Promise<void> {
  let deps: ScanDeps | undefined;
  return async () => {
    log.about({});
    deps ??= wired();
    const { tenants, faults, unfinished } = await scanGarbage(deps, { milliseconds: MILLISECONDS });
    for (const { tenant, error } of faults) log.error('not_collected', error, { tenant });
    for (const collected of tenants) if (collected.removed > 0) log.info('collected', collected);
    log.info('garbage_walked', { tenants: tenants.length, unfinished });
  };
}

/** Removes it from the table of this function. */
export const collectGarbage = garbageHandler(() => wireTable(readEnvironment()), openLog());
