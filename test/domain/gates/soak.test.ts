import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../functions/domain/conditions/condition.ts';
import type { GateSetting } from '../../../functions/domain/gates/gate.ts';
import { judgeGate } from '../../../functions/domain/gates/judge-gate.ts';
import { soakedAt } from '../../../functions/domain/gates/soak.ts';
import { addDuration, hoursBetween } from '../../../functions/domain/instant.ts';
import { contentOf, NOON, PROMOTED } from '../../support/promotion-facts.ts';

const HOURS = 'deployment.duration_hours';
const soak = (thresholds: Condition): GateSetting => ({
  name: 'soak',
  mode: 'block',
  applies_to: ['agent'],
  thresholds,
});
const lasted = (hours: number) => ({ deployment: { duration_hours: hours } });
const at = (thresholds: Condition, hours: number) =>
  soakedAt([soak(thresholds)], { conditions: lasted(hours), as_of: NOON });

describe('when a soak is over', () => {
  it('is when the hours have passed, a moment later for "more than"', () => {
    expect(at({ field: HOURS, op: 'gte', value: 10 }, 4)).toBe('2026-11-21T18:00:00.001Z');
    expect(at({ field: HOURS, op: 'gt', value: 10 }, 4)).toBe('2026-11-21T18:00:00.002Z');
    expect(
      soakedAt([soak({ field: HOURS, op: 'gte', value: 10 }), soak({ field: HOURS, op: 'gte', value: 12 })], {
        conditions: lasted(0),
        as_of: NOON,
      }),
    ).toBe('2026-11-22T00:00:00.001Z');
  });

  it('is the first moment that is enough, in whatever order the ways are named', () => {
    const [late, soon] = [
      { field: HOURS, op: 'gte', value: 100 },
      { field: HOURS, op: 'gte', value: 20 },
    ] as const;
    for (const any of [
      [late, soon],
      [soon, late],
    ]) {
      expect(at({ any }, 8)).toBe('2026-11-22T00:00:00.001Z');
    }
  });

  it('is never where time alone does not bring it about', () => {
    expect(at({ field: HOURS, op: 'lte', value: 2 }, 4)).toBeUndefined();
    expect(
      at(
        {
          all: [
            { field: HOURS, op: 'gte', value: 10 },
            { field: 'tests.passed', op: 'eq', value: true },
          ],
        },
        4,
      ),
    ).toBeUndefined();
    expect(at({ field: HOURS, op: 'gte', value: 1e300 }, 4)).toBeUndefined();
    expect(
      soakedAt([soak({ field: HOURS, op: 'gte', value: 1 })], { conditions: {}, as_of: NOON }),
    ).toBeUndefined();
  });

  it('is an instant at which the gate passes, whatever part of an hour is left', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10 ** 9 }),
        fc.integer({ min: 1, max: 10 ** 9 }),
        fc.constantFrom('gte', 'gt'),
        (lived, more, op) => {
          const live_at = addDuration(NOON, `-PT${lived / 1_000}S`);
          const gate = soak({ field: HOURS, op, value: (lived + more) / 3_600_000 });
          const as_of =
            soakedAt([gate], { conditions: lasted(hoursBetween(live_at, NOON)), as_of: NOON }) ?? NOON;
          const judged = judgeGate(gate, {
            kind: 'agent',
            type: 'promotion',
            protected: false,
            target: 'staging',
            subject_digest: PROMOTED,
            asked_about: { promotion_id: 'prom-1', manifest_digest: contentOf('manifest') },
            evidence: [],
            conditions: lasted(hoursBetween(live_at, as_of)),
            as_of,
          });
          expect(judged.status).toBe('PASSED');
        },
      ),
      { numRuns: 300, seed: 3 },
    );
  });
});
