import { describe, expect, it } from 'vitest';
import { commonOf, withoutReason, withoutSchedule } from '../../../functions/domain/promotion/parts.ts';
import { STATUSES } from '../../../functions/domain/promotion/state.ts';
import { promotionAfter } from '../../support/decider-specification.ts';
import { PLACES } from '../../support/promotions.ts';

const states = Object.values(PLACES).map((place) => promotionAfter(...place).state);
/** What every promotion has, and what it has only sometimes whatever its status. */
const always = Object.keys(states[0] ?? {}).filter((name) => states.every((state) => name in state));
const ALSO = ['also_requested_by', 'resubmitted_at', 'rule_id', 'schedule', 'reason_code'];

describe('what the next status of a promotion starts from', () => {
  it('is tried from every status', () => {
    expect(new Set(states.map(({ status }) => status))).toEqual(new Set(STATUSES));
  });

  it.each(states.map((state) => [state.status, state] as const))('leaves nothing of %s', (_, state) => {
    const common = commonOf(state);
    const kept = Object.keys(state).filter((name) => always.includes(name) || ALSO.includes(name));
    expect(Object.keys(common).sort()).toEqual(kept.filter((name) => name !== 'status').sort());
    for (const [name, value] of Object.entries(common)) expect(state).toHaveProperty([name], value);
    expect(withoutReason(state)).not.toHaveProperty('reason_code');
    expect(withoutSchedule(state)).not.toHaveProperty('schedule');
  });

  it('keeps a member that only a newer version knows', () => {
    for (const state of states) expect(commonOf({ ...state, ...{ later: 1 } })).toHaveProperty('later', 1);
  });
});
