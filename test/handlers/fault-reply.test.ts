import { describe, expect, it } from 'vitest';
import { Fault } from '../../functions/domain/faults.ts';
import { faultReply } from '../../functions/handlers/http/fault-reply.ts';
import type { Measured } from '../../functions/handlers/metrics.ts';
import { testLog } from './log.ts';

describe('the reply to a fault', () => {
  it.each([
    ['Corrupt', [{ corrupt_answers: 1 }]],
    ['Unavailable', []],
    ['SealBroken', []],
  ] as const)('counts what the alarm on the record watches: %s', (name, counted) => {
    const metered: Measured[] = [];
    faultReply(new Fault(name, 'cause'), 'request-1', testLog(), (measured) => void metered.push(measured));
    expect(metered).toEqual(counted);
  });
});
