import { FAULTS, Fault } from '../../domain/faults.ts';
import type { Log } from '../lambda.ts';
import { type Meter, openMeter } from '../metrics.ts';
import { problemReply, type Reply } from './reply.ts';

/**
 * The reply to an exception: a format that this code does not read, a table that lets nothing be written and what may pass by itself are
 * 503, and so is what is stored and contradicts itself, which is also counted for its alarm. All else is 500. No reply says a word about
 * its cause. Functions look every 30 s whether they may serve and write again.
 */
export function faultReply(error: unknown, requestId: string, log: Log, meter: Meter = openMeter()): Reply {
  if (error instanceof Fault && error.name === 'FormatUnsupported') {
    log.error('format_unsupported', error);
    return problemReply('format_unsupported', error.message, requestId, {}, { 'retry-after': '30' });
  }
  if (error instanceof Fault && error.name === 'ReadOnly') {
    log.warn('read_only', {});
    return problemReply('unavailable', error.message, requestId, {}, { 'retry-after': '30' });
  }
  if (error instanceof Fault && error.name === 'Corrupt') {
    log.error('corrupt', error);
    meter({ corrupt_answers: 1 });
    const detail =
      'what is stored contradicts itself; an operator finds the item in the log by this instance';
    return problemReply('corrupt', detail, requestId);
  }
  const passing =
    (error instanceof Fault && FAULTS[error.name].retry) ||
    (error instanceof Error && error.name === 'TimeoutError');
  log.error(passing ? 'unavailable' : 'internal', error);
  if (!passing)
    return problemReply('internal', 'something broke here; the log knows this instance', requestId);
  const detail = 'this cannot be answered now; the same request may succeed later';
  return problemReply('unavailable', detail, requestId, {}, { 'retry-after': '1' });
}
