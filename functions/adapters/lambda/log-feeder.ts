import type { LogFeeder } from '../../ports/log-feeder.ts';
import { callLater, type LaterSettings } from './call-later.ts';

/** The function that feeds the logs. A commit waits for the call alone: the feeder runs every minute anyway. */
export function lambdaLogFeeder(settings: LaterSettings): LogFeeder {
  const call = callLater(settings);
  return { wake: (tenant) => call({ wake: tenant }) };
}
