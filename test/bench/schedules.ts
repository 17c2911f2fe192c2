import {
  type Firing,
  firings,
  furnishLine,
  killAtRandom,
  readyPromotions,
  scheduleAll,
} from '../support/due-together.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';
import { printTable, quantile } from './print.ts';

const MANY = 1_000;
const KILLS = 5;

/**
 * A thousand schedules due at one instant on the running product: how long after it each fired, and how often. Once undisturbed, and
 * once while the process is killed at random and started again.
 */
export async function benchSchedules(): Promise<void> {
  let runtime = await startRuntime({});
  try {
    await furnishLine(runtime);
    const rows: (string | number)[][] = [
      ['', 'schedules', 'fired once', 'twice', 'never', 'p50 s', 'p95 s', 'max s', 'all completed s'],
    ];
    for (const kills of [0, KILLS]) {
      const ids = await readyPromotions(runtime, `kills-${kills}`, MANY);
      const at = await scheduledFor(runtime, ids);
      await new Promise((resolve) => setTimeout(resolve, at - Date.now()));
      runtime = await killAtRandom(runtime, { times: kills, most: 4_000 });
      const fired = await firings(runtime, ids);
      const took = (Date.now() - at) / 1_000;
      rows.push([kills === 0 ? 'undisturbed' : `killed ${kills} times`, MANY, ...spread(fired, at), took]);
    }
    printTable('Schedules due at one instant', rows);
  } finally {
    await runtime.stop();
  }
}

/** Schedules all for an instant by which they surely are; Unix milliseconds. */
async function scheduledFor(runtime: Runtime, ids: readonly string[]): Promise<number> {
  const begun = Date.now();
  const at = begun + 90_000;
  if (!(await scheduleAll(runtime, ids, new Date(at).toISOString()))) throw new Error('scheduled too late');
  if (Date.now() >= at)
    throw new Error('the machine is too slow: the schedules came due while they were set');
  return at;
}

function spread(fired: readonly Firing[], at: number): number[] {
  const often = fired.map(({ types }) => types.filter((type) => type === 'ExecutionRequested').length);
  const late = fired.map(({ fired_at }) => (Date.parse(fired_at) - at) / 1_000);
  const count = (times: (n: number) => boolean) => often.filter(times).length;
  return [
    count((n) => n === 1),
    count((n) => n > 1),
    count((n) => n === 0),
    quantile(late, 0.5),
    quantile(late, 0.95),
    quantile(late, 1),
  ];
}
