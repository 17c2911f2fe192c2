import { addDuration } from '../../domain/instant.ts';
import { type CompleteDeps, completeLists } from '../../use-cases/audit/complete-lists.ts';
import { type ScanDeps, scanGarbage } from '../../use-cases/config/scan-garbage.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { wireTable } from '../wiring/table.ts';

/** No tenant is begun after 8 of the function's 15 minutes. */
const MILLISECONDS = 8 * 60_000;

/** Of those, for the lists that earlier releases left incomplete: nothing once they are whole. */
const LISTING = 'PT2M';

/** Completes the lists of earlier promotions, and removes what nothing refers to any more from every tenant's config nodes. */
export function garbageHandler(wired: () => ScanDeps & CompleteDeps, log: Log): () => Promise<void> {
  let deps: (ScanDeps & CompleteDeps) | undefined;
  return async () => {
    log.about({});
    deps ??= wired();
    await listed(deps, log);
    const { tenants, faults, unfinished } = await scanGarbage(deps, { milliseconds: MILLISECONDS });
    for (const { tenant, error } of faults) log.error('not_collected', error, { tenant });
    for (const collected of tenants) if (collected.removed > 0) log.info('collected', collected);
    log.info('garbage_walked', { tenants: tenants.length, unfinished });
  };
}

/** What keeps lists from being completed keeps no garbage from being collected. */
async function listed(deps: CompleteDeps, log: Log): Promise<void> {
  try {
    const until = addDuration(deps.clock.now(), LISTING);
    const { added, faults, done } = await completeLists(deps, until);
    for (const error of faults) log.error('not_listed', error);
    if (added > 0) log.info('parts_listed', { added, done });
  } catch (error) {
    log.error('not_listed', error);
  }
}

/** Removes it from the table of this function. */
export const collectGarbage = garbageHandler(() => wireTable(readEnvironment()), openLog());
