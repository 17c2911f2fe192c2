import { FAULTS, Fault } from '../../domain/faults.ts';
import type { Log } from '../lambda.ts';
import { problemReply, type Reply } from './reply.ts';

/** The reply to an exception: what may pass by itself is 503, all else is 500 without a word about its cause. */
export function faultReply(error: unknown, requestId: string, log: Log): Reply {
  const passing =
    (error instanceof Fault && FAULTS[error.name].retry) ||
    (error instanceof Error && error.name === 'TimeoutError');
  log.error(passing ? 'unavailable' : 'internal', error);
  if (!passing)
    return problemReply('internal', 'something broke here; the log knows this instance', requestId);
  const detail = 'this cannot be answered now; the same request may succeed later';
  return problemReply('unavailable', detail, requestId, {}, { 'retry-after': '1' });
}
