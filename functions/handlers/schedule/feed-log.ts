import * as z from 'zod/mini';
import { kmsNoteSigner } from '../../adapters/kms/note-signer.ts';
import { addDuration, unixSeconds } from '../../domain/instant.ts';
import { type Fed, type FeedDeps, feedLogs, feedQuiet } from '../../use-cases/transparency-log/feed.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { type Meter, openMeter } from '../metrics.ts';
import { wireLog } from '../wiring/log.ts';
import { openWatchedTable } from '../wiring/open-table.ts';
import { wireOpenTable } from '../wiring/table.ts';
import { wireWitnesses } from '../wiring/witnesses.ts';

/** No batch is begun after 40 of the function's 55 s: one takes a second. */
const FOR = 'PT40S';

/** Seconds behind from which a run counts as failed, so that the alarm on failures rings. */
const LATE = 900;

/** What calls the function between its runs: the tenant that something was recorded of. */
const Wake = z.object({ wake: z.string() });

/**
 * Feeds the transparency logs of tenants with news. Whatever is left over, or failed, is for the next minute. Woken for one tenant it feeds
 * that one alone, and only where it was quiet; what fails then is for the next run as well, which says so.
 */
export function feedLogHandler(
  wired: () => FeedDeps,
  log: Log,
  meter: Meter,
): (event?: unknown) => Promise<void> {
  let deps: FeedDeps | undefined;
  return async (event) => {
    log.about({});
    deps ??= wired();
    const woken = z.safeParse(Wake, event);
    if (woken.success) return tell(log, await feedQuiet(deps, woken.data.wake));
    const fed = await feedLogs(deps, addDuration(deps.clock.now(), FOR));
    const { faults, oldest } = fed;
    const lag = oldest === undefined ? 0 : unixSeconds(deps.clock.now()) - unixSeconds(oldest);
    meter({ log_lag_seconds: lag });
    tell(log, fed);
    if (faults.length > 0) throw new Error(`${faults.length} logs could not be fed`);
    if (lag >= LATE) throw new Error(`log_late: an event of ${lag} s ago is not in its log`);
  };
}

function tell(log: Log, { entries, faults, unfinished, uncosigned = [] }: Fed): void {
  for (const { tenant, error } of faults) log.error('log_not_fed', error, { tenant });
  for (const each of uncosigned) log.info('log_not_cosigned', each);
  if (entries > 0) log.info('log_fed', { entries, unfinished });
}

export const handler = feedLogHandler(
  () => {
    const environment = readEnvironment();
    const { tableName } = environment;
    const keyId = process.env['LOG_KEY_ID'];
    if (keyId === undefined) throw new Error('LOG_KEY_ID is not set');
    const table = openWatchedTable(tableName);
    return {
      ...wireOpenTable(table),
      ...wireLog(table),
      noteSigner: kmsNoteSigner(keyId),
      ...wireWitnesses(environment),
    };
  },
  openLog(),
  openMeter(),
);
