import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../../../functions/domain/identity/principal.ts';
import {
  governedSince,
  governor,
  type Weakened,
  waitsForAnother,
  weakeningsOf,
} from '../../../functions/domain/promotion/governor.ts';
import { by, eventOf, given } from '../../support/decider-specification.ts';
import { alice, asks, bob, dev, NOON, person } from '../../support/promotion-facts.ts';

const machine = { subject: 'bot', email: 'bot@machines', kind: 'machine' } as const;
const HOUR_LATER = '2026-11-21T13:00:00.000Z';
const weakening = (changes: Partial<Weakened> = {}): Weakened => ({
  seq: 7,
  at: HOUR_LATER,
  by: [dev],
  machines: [],
  weakens: [{ what: 'required_approvers', kinds: ['agent'] }],
  ...changes,
});
const promotion = {
  requester: alice,
  requested_at: NOON,
  subject: { kind: 'agent', name: 'agent-123' },
  target_environment: 'production',
} as const;
const approvedBy = (actor: typeof bob, at: string) => ({
  ...promotion,
  approvals: [{ actor, at, groups: [], manifest_digest: 'sha256:x' as const }],
});

describe('whoever weakened what governs a promotion', () => {
  it('decides nothing on it, by any of their names and machines, and is told what they did', () => {
    const own = [weakening({ machines: ['bot'] })];
    for (const actor of [dev, { ...dev, subject: 'sub-other', email: 'DEV+ops@acme.com' }, machine]) {
      expect(governor(promotion, actor, own)).toMatchObject({
        refused: 'governor',
        detail: expect.stringContaining('required_approvers'),
        data: { weakened: [{ seq: 7, at: HOUR_LATER, what: ['required_approvers'] }] },
      });
    }
    expect(governor(promotion, bob, own)).toBeUndefined();
  });

  it('decides again on what was never of that kind', () => {
    const config = weakening({ weakens: [{ what: 'gate', kinds: ['config'] }] });
    expect(governor(promotion, dev, [config])).toBeUndefined();
    expect(governor(promotion, dev, [config, weakening()])).toBeDefined();
  });

  it.each([
    ['while it was open, whoever asked', NOON, bob, true],
    ['before others asked for it', '2026-11-21T11:59:59.999Z', bob, false],
    ['24 hours before they asked themselves', '2026-11-20T12:00:00.000Z', dev, true],
    ['longer before they asked themselves', '2026-11-20T11:59:59.999Z', dev, false],
  ])('concerns it when that was %s', (_, at, requester, concerned) => {
    const asked = { ...promotion, requester };
    expect(weakeningsOf(asked, [weakening({ at })])).toHaveLength(concerned ? 1 : 0);
    expect(governedSince(asked)).toBe('2026-11-20T12:00:00.000Z');
  });
});

describe('an execution', () => {
  it.each([
    ['by whoever weakened waits', dev, [], true],
    ['by somebody else does not', bob, [], false],
    ['by Sluice waits for somebody', 'sluice', [], true],
    ['by the system waits for somebody', SYSTEM, [], true],
    ['by Sluice waits where the approval came before', 'sluice', [[bob, NOON]], true],
    ['by Sluice waits where the approval is theirs', 'sluice', [[dev, HOUR_LATER]], true],
    ['by Sluice goes on after an approval of another', 'sluice', [[bob, HOUR_LATER]], false],
  ] as const)('%s', (_, executor, approvals, waits) => {
    const { approvals: none, ...asked } = approvedBy(bob, NOON);
    expect(none).toHaveLength(1);
    const given = approvals.flatMap(([actor, at]) => approvedBy(actor, at).approvals);
    expect(waitsForAnother({ ...asked, approvals: given }, executor, [weakening()])).toBe(waits);
  });

  it('waits for the last of several weakenings', () => {
    const two = [weakening({ at: NOON, by: [person('carol')] }), weakening({ at: HOUR_LATER })];
    expect(waitsForAnother(approvedBy(bob, NOON), 'sluice', two)).toBe(true);
    expect(waitsForAnother(approvedBy(bob, HOUR_LATER), 'sluice', two)).toBe(false);
    expect(waitsForAnother(approvedBy(bob, NOON), 'sluice', two.toReversed())).toBe(true);
    expect(waitsForAnother(approvedBy(bob, NOON), 'sluice', [])).toBe(false);
  });

  const start = (weakened: readonly Weakened[]) => {
    const command = asks.startExecution();
    if (command.type !== 'start_execution') throw new Error('another command');
    return by(bob, { ...command, weakened });
  };
  const approved = [asks.request(), by(alice, asks.approve())];

  it('is not given by whoever weakened since it was asked for', () => {
    const approve = (...by: readonly (typeof alice)[]) => asks.approve({ weakened: [weakening({ by })] });
    given(asks.request())
      .when(by(alice, approve(alice)))
      .thenRefused('governor');
    given(asks.request())
      .when(by(alice, approve(bob)))
      .thenEvents('ApprovalGranted', 'PromotionApproved');
  });

  it('of what executes by itself, or at its time, is held until another person approves or asks', () => {
    const carols = start([weakening({ by: [person('carol')] })]);
    const automatic = [asks.request({ execution: 'automatic' }), by(alice, asks.approve())];
    given(...automatic)
      .when(carols)
      .thenEvents('ExecutionHeld');
    const due = '2026-11-21T14:00:00.000Z';
    const scheduled = [...approved, asks.schedule(due), by(SYSTEM, asks.requestExecution(), due)];
    given(...scheduled)
      .when(carols)
      .thenEvents('ExecutionHeld');
  });

  it('is held, not begun, for whoever weakened since it was asked for', () => {
    const { events } = given(...approved, by(bob, asks.requestExecution()))
      .when(start([weakening({ by: [bob] })]))
      .thenEvents('ExecutionHeld');
    expect(eventOf(events, 'ExecutionHeld')).toMatchObject({ reason_code: 'governor' });
    given(...approved, by(bob, asks.requestExecution()))
      .when(start([weakening({ by: [person('carol')] })]))
      .thenEvents('ExecutionStarted');
  });
});
