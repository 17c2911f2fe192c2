import { describe, expect, it } from 'vitest';
import type { Command } from '../../../functions/domain/promotion/commands.ts';
import { decide } from '../../../functions/domain/promotion/decider.ts';
import type { PromotionEvent } from '../../../functions/domain/promotion/events.ts';
import { append } from '../../../functions/domain/promotion/history.ts';
import type { Status } from '../../../functions/domain/promotion/state.ts';
import { isRefusal, type RefusalCode } from '../../../functions/domain/refusal.ts';
import { given } from '../../support/decider-specification.ts';
import { PLACES, type Place, promotionIn } from '../../support/promotions.ts';
import { usualCommands } from '../../support/usual-commands.ts';

type Row = { readonly [type in Command['type']]: RefusalCode | readonly PromotionEvent['type'][] };

const OVER: Row = {
  request: 'conflict',
  assess: 'already_decided',
  attach_evidence: 'already_decided',
  approve: 'already_decided',
  reject: 'already_decided',
  request_changes: 'already_decided',
  resubmit: 'already_decided',
  schedule: 'already_decided',
  unschedule: 'already_decided',
  request_execution: 'already_decided',
  start_execution: 'already_decided',
  complete: 'already_decided',
  fail: 'already_decided',
  cancel: 'already_decided',
  expire: [],
  roll_back: 'invalid_transition',
  settle_outcome: 'already_decided',
  reverse_outcome: 'already_decided',
  verify: 'already_decided',
  begin_rollback: 'already_decided',
  decline_rollback: 'already_decided',
};

/** What is the same in every place before the head is claimed, unless the place says otherwise. */
const UNDECIDED: Row = {
  request: 'conflict',
  assess: [],
  attach_evidence: ['EvidenceAttached', 'PromotionAssessed'],
  approve: ['ApprovalGranted'],
  reject: ['PromotionRejected'],
  request_changes: ['ChangesRequested'],
  resubmit: 'invalid_transition',
  schedule: ['PromotionScheduled'],
  unschedule: [],
  request_execution: 'invalid_transition',
  start_execution: 'invalid_transition',
  complete: 'invalid_transition',
  fail: 'invalid_transition',
  cancel: ['PromotionCancelled'],
  expire: [],
  roll_back: 'invalid_transition',
  settle_outcome: 'invalid_transition',
  reverse_outcome: 'invalid_transition',
  verify: 'invalid_transition',
  begin_rollback: 'invalid_transition',
  decline_rollback: 'invalid_transition',
};

const APPROVED: Row = {
  ...UNDECIDED,
  approve: 'already_decided',
  request_changes: 'already_decided',
};

const COMPLETED: Row = {
  ...OVER,
  request_execution: [],
  start_execution: [],
  roll_back: ['PromotionRolledBack'],
  reverse_outcome: ['OutcomeReversed'],
  verify: [],
};

/** Every command in every place: the events it leads to, or its refusal. */
const TABLE: { readonly [place in Place]: Row } = {
  'pending, waiting for approval': { ...UNDECIDED, approve: ['ApprovalGranted', 'PromotionApproved'] },
  'pending, waiting for changes': {
    ...UNDECIDED,
    approve: 'invalid_transition',
    request_changes: 'invalid_transition',
    resubmit: ['PromotionResubmitted', 'PromotionAssessed'],
  },
  'pending, its target moved': {
    ...UNDECIDED,
    assess: ['PromotionAssessed', 'PromotionApproved', 'ExecutionRequested'],
    approve: ['ApprovalGranted', 'PromotionApproved', 'ExecutionRequested'],
    resubmit: ['PromotionResubmitted', 'PromotionAssessed', 'PromotionApproved', 'ExecutionRequested'],
  },
  'blocked by a gate': {
    ...UNDECIDED,
    attach_evidence: ['EvidenceAttached', 'PromotionAssessed', 'PromotionBlocked'],
  },
  'blocked by a lock': {
    ...UNDECIDED,
    assess: ['PromotionAssessed', 'PromotionApproved', 'ExecutionRequested'],
    attach_evidence: ['EvidenceAttached', 'PromotionAssessed', 'PromotionApproved', 'ExecutionRequested'],
    request_changes: ['ApprovalsVoided', 'ChangesRequested'],
  },
  approved: { ...APPROVED, request_execution: ['ExecutionRequested'], fail: ['PromotionFailed'] },
  'approved, to be executed': {
    ...APPROVED,
    request_execution: [],
    start_execution: ['ExecutionStarted'],
    fail: ['PromotionFailed'],
    schedule: 'invalid_transition',
    unschedule: 'invalid_transition',
  },
  scheduled: { ...APPROVED, unschedule: ['PromotionUnscheduled'], fail: ['PromotionFailed'] },
  executing: {
    ...APPROVED,
    reject: 'already_decided',
    assess: 'invalid_transition',
    attach_evidence: 'invalid_transition',
    schedule: 'invalid_transition',
    unschedule: 'invalid_transition',
    request_execution: [],
    start_execution: [],
    complete: ['PromotionCompleted'],
    fail: ['PromotionFailed'],
    cancel: 'invalid_transition',
  },
  completed: COMPLETED,
  'completed, its outcome reversed': { ...COMPLETED, reverse_outcome: [] },
  'completed, to be verified': {
    ...COMPLETED,
    verify: ['VerificationDecided'],
    reverse_outcome: ['OutcomeReversed', 'VerificationDecided'],
  },
  'completed, its verification failed': {
    ...COMPLETED,
    begin_rollback: ['RollbackBegun'],
    decline_rollback: ['RollbackDeclined'],
  },
  'completed, its rollback begun': COMPLETED,
  'completed, its rollback declined': COMPLETED,
  rejected: OVER,
  cancelled: OVER,
  failed: OVER,
  'failed, its outcome unknown': { ...OVER, settle_outcome: ['OutcomeSettled'] },
  'failed, its outcome settled': { ...OVER, settle_outcome: [], reverse_outcome: ['OutcomeReversed'] },
  'rolled back': { ...OVER, roll_back: 'already_decided', reverse_outcome: ['OutcomeReversed'] },
};

/** What each status may become (itself included, where something is merely added). */
const MAY_BECOME: { readonly [status in Status]: readonly Status[] } = {
  pending: ['pending', 'blocked', 'approved', 'rejected', 'cancelled'],
  blocked: ['blocked', 'pending', 'approved', 'rejected', 'cancelled'],
  approved: ['approved', 'scheduled', 'executing', 'pending', 'blocked', 'rejected', 'cancelled', 'failed'],
  scheduled: ['scheduled', 'executing', 'approved', 'pending', 'blocked', 'rejected', 'cancelled', 'failed'],
  executing: ['completed', 'failed'],
  completed: ['completed', 'rolled_back'],
  rejected: [],
  cancelled: [],
  failed: ['failed'],
  rolled_back: ['rolled_back'],
};

const places = Object.keys(PLACES).filter((place): place is Place => place in PLACES);

describe.each(places)('a promotion %s', (place) => {
  const { state } = promotionIn(place);
  const commands = Object.values(usualCommands(state));

  it.each(commands)('answers $command.type as the table says', ({ command, actor, now }) => {
    const answer = decide(state, command, { actor, now });
    const found = isRefusal(answer) ? answer.refused : answer.map(({ type }) => type);
    expect(found).toEqual(TABLE[place][command.type]);
    if (isRefusal(answer)) return;
    const after = append(state, answer, { actor, now }).state;
    if (answer.length > 0) expect(MAY_BECOME[state.status]).toContain(after.status);
  });
});

describe('an expired promotion', () => {
  const open = places.filter((place) => !['executing'].includes(place) && TABLE[place] !== OVER);
  const stillOpen = open.filter(
    (place) => promotionIn(place).state.status in { pending: 1, blocked: 1, approved: 1, scheduled: 1 },
  );

  it('there are places in which one expires', () => expect(stillOpen.length).toBeGreaterThan(7));

  it.each(stillOpen)('%s is closed by whatever comes, at the very instant and not before', (place) => {
    const { state } = promotionIn(place);
    for (const { command, actor } of Object.values(usualCommands(state))) {
      if (command.type === 'request') continue;
      const answer = decide(state, command, { actor, now: state.expires_at });
      expect(answer).toMatchObject([{ type: 'PromotionRejected', closed_by: 'expiry' }]);
    }
    expect(
      decide(state, { type: 'expire' }, { actor: state.requester, now: before(state.expires_at) }),
    ).toEqual([]);
  });

  it.each(places.filter((place) => !stillOpen.includes(place)))('%s never expires', (place) => {
    const { state } = promotionIn(place);
    const now = '2030-01-01T00:00:00.000Z';
    expect(decide(state, { type: 'expire' }, { actor: state.requester, now })).toEqual([]);
  });
});

describe('a promotion that does not exist', () => {
  const commands = Object.values(usualCommands(promotionIn('approved').state));
  it.each(commands.filter(({ command }) => command.type !== 'request'))(
    'answers $command.type with not_found',
    ({ command, actor, now }) => {
      expect(decide(undefined, command, { actor, now })).toMatchObject({ refused: 'not_found' });
    },
  );
});

function before(instant: string): string {
  return new Date(Date.parse(instant) - 1).toISOString();
}

describe('an outcome that is settled', () => {
  it('is said again in the same word, and never in another', () => {
    const settled = given(...PLACES['failed, its outcome settled']);
    settled.when({ type: 'settle_outcome', outcome: 'live' }).thenNothing();
    settled.when({ type: 'settle_outcome', outcome: 'failed' }).thenRefused('already_decided');
  });
});
