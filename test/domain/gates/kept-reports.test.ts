import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../functions/domain/gates/evidence.ts';
import { givingWay, MOST_KEPT } from '../../../functions/domain/gates/kept-reports.ts';
import { contentOf, testReport } from '../../support/promotion-facts.ts';

const at = (n: number) => `2026-11-21T10:00:${String(n).padStart(2, '0')}.000Z`;
const numbered = (n: number, changes: Partial<Evidence> = {}): Evidence =>
  testReport({
    produced_at: at(n),
    received_at: at(n),
    document_digest: contentOf(`report ${n}`),
    ...changes,
  });
const kept = Array.from({ length: MOST_KEPT }, (_, n) => numbered(n));

describe('when one more report comes than are kept,', () => {
  it('the oldest of its own producer, gate and format gives way', () => {
    expect(givingWay(kept, numbered(30))).toEqual([kept[0]]);
  });

  it.each<[string, Partial<Evidence>]>([
    ['kind of producer', { producer: { subject: 'ci', email: '', kind: 'person' } }],
    ['producer', { producer: { subject: 'other', email: '', kind: 'machine' } }],
    ['gate', { gate: 'scan' }],
    ['format', { format: 'json' }],
  ])('a report of another %s takes nobody else’s place', (_, changes) => {
    expect(givingWay(kept, numbered(30, changes))).toEqual([]);
  });

  it('it gives way itself when it is older than all of them, and given again it takes no place', () => {
    const old = testReport({ produced_at: '2026-11-20T10:00:00.000Z' });
    expect(givingWay(kept, old)).toEqual([old]);
    expect(givingWay(kept, numbered(3))).toEqual([]);
  });
});
