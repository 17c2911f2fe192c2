import * as z from 'zod/mini';
import { Duration } from '../../domain/fields.ts';
import { unixSeconds } from '../../domain/instant.ts';
import { type RollUpDeps, rollUpDeployments } from '../../use-cases/deployments/roll-up.ts';
import { sweepWatchLists } from '../../use-cases/evidence/sweep.ts';
import type { TellDeps } from '../../use-cases/evidence/tell-waiting.ts';
import { type Bounds, type SweepDeps, sweep } from '../../use-cases/workflow/sweep.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { type Meter, openMeter } from '../metrics.ts';
import { wire } from '../wiring/wiring.ts';

type Needed = SweepDeps & TellDeps & RollUpDeps;

/**
 * None is begun after 35 of the function's 55 s: a contended commit may take 20. Sixteen at once keep its processor busy while they
 * wait for the table.
 */
const BOUNDS: Bounds = { most: 20_000, atOnce: 16, milliseconds: 35_000 };

/** Watch lists per run: each tells some promotions. */
const WATCH_LISTS = 50;

/** Deployments counted per run, and how long that may take: it comes last. */
const ROLL_UPS = { most: 5_000, milliseconds: 8_000 };

/** What a schedule sends says nothing. `settled`: how old a change must be to be counted, where every index has it at once. */
const SweepInput = z.object({ settled: z.optional(Duration) });

/** Does again what intents still ask for, and what time has brought due. Whatever is left over is for the next minute. */
export function sweepHandler(
  wired: () => Needed,
  log: Log,
  meter: Meter,
  bounds = BOUNDS,
): (event?: unknown) => Promise<void> {
  let deps: Needed | undefined;
  return async (event = {}) => {
    const { settled } = z.parse(SweepInput, event);
    log.about({});
    deps ??= wired();
    const { attended, faults, unheard, unfinished, oldest_due } = await sweep(deps, bounds);
    for (const { ref, error } of faults) {
      log.error('not_swept', error, { tenant: ref.tenant, promotion: ref.id });
    }
    for (const { opening, error } of unheard) log.error('unblock_record_not_swept', error, opening);
    const watchLists = await sweepWatchLists(deps, { most: WATCH_LISTS });
    for (const { ref, error } of watchLists.faults)
      log.error('watch_list_not_swept', error, { tenant: ref.tenant });
    const rolled = await rollUpDeployments(deps, ROLL_UPS, settled);
    for (const { tenant, error } of rolled.faults) log.error('deployments_not_counted', error, { tenant });
    meter({
      sweep_faults: faults.length + unheard.length + watchLists.faults.length + rolled.faults.length,
      overdue_seconds: oldest_due === undefined ? 0 : unixSeconds(deps.clock.now()) - unixSeconds(oldest_due),
    });
    if (rolled.counted > 0) {
      log.info('deployments_counted', { counted: rolled.counted, unfinished: rolled.unfinished });
    }
    if (watchLists.attended > 0) log.info('watch_lists_swept', { attended: watchLists.attended });
    if (attended > 0) log.info('swept', { attended, unfinished });
  };
}

export const handler = sweepHandler(() => wire(readEnvironment()), openLog(), openMeter());
