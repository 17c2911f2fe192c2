import { SYSTEM } from '../../functions/domain/identity/principal.ts';
import type { Command } from '../../functions/domain/promotion/commands.ts';
import { by, type History, promotionAfter, type Step } from './decider-specification.ts';
import {
  alice,
  asks,
  assessmentFacts,
  contentOf,
  environmentNamed,
  NO_APPROVAL,
  planOn,
  requirementsOf,
  SMOKE,
  smokeReport,
} from './promotion-facts.ts';

/** A day after noon: when scheduled promotions of these specifications execute. */
export const TOMORROW = '2026-11-22T12:00:00.000Z';

/** Requirements of staging with a gate that judges agents by evidence. */
export const TESTED = requirementsOf(
  {
    environment: environmentNamed('staging', {
      gates: [{ name: 'tests', mode: 'block', applies_to: ['agent'] }],
    }),
  },
  {},
);
/** The same where somebody has to approve as well. */
export const TESTED_AND_APPROVED = requirementsOf(
  { environment: environmentNamed('production', { gates: TESTED.gates }) },
  { protected: false },
);

const VERIFYING = [
  asks.request(),
  by(alice, asks.approve()),
  asks.requestExecution(),
  by(SYSTEM, asks.startExecution({}, undefined, SMOKE)),
  by(SYSTEM, asks.complete()),
] as const;
const FAILING = by(SYSTEM, asks.verify(smokeReport()), '2026-11-21T12:10:00.000Z');

/** The commands that lead to a promotion in every place a promotion can be in. */
export const PLACES = {
  'pending, waiting for approval': [asks.request()],
  'pending, waiting for changes': [asks.request(), by(alice, asks.requestChanges())],
  'pending, its target moved': [
    asks.request({ facts: assessmentFacts({ requirements: requirementsOf({}, NO_APPROVAL) }) }),
    by(
      SYSTEM,
      asks.startExecution({
        requirements: requirementsOf({}, NO_APPROVAL),
        plan: planOn(contentOf('another')),
      }),
    ),
  ],
  'blocked by a gate': [asks.request({ facts: assessmentFacts({ requirements: TESTED }) })],
  'blocked by a lock': [
    asks.request(),
    by(alice, asks.approve()),
    asks.requestExecution(),
    by(
      SYSTEM,
      asks.startExecution({ lock: { reason: 'incident', by: 'admin', at: '', scope: 'environment' } }),
    ),
  ],
  approved: [asks.request(), by(alice, asks.approve())],
  'approved, to be executed': [asks.request(), by(alice, asks.approve()), asks.requestExecution()],
  scheduled: [asks.request(), asks.schedule(TOMORROW), by(alice, asks.approve())],
  executing: [
    asks.request(),
    by(alice, asks.approve()),
    asks.requestExecution(),
    by(SYSTEM, asks.startExecution()),
  ],
  completed: [
    asks.request(),
    by(alice, asks.approve()),
    asks.requestExecution(),
    by(SYSTEM, asks.startExecution()),
    by(SYSTEM, asks.complete()),
  ],
  'completed, its outcome reversed': [
    asks.request(),
    by(alice, asks.approve()),
    asks.requestExecution(),
    by(SYSTEM, asks.startExecution()),
    by(SYSTEM, asks.complete()),
    by(SYSTEM, asks.reverseOutcome()),
  ],
  'completed, to be verified': VERIFYING,
  'completed, its verification failed': [...VERIFYING, FAILING],
  'completed, its rollback begun': [...VERIFYING, FAILING, by(SYSTEM, asks.beginRollback())],
  'completed, its rollback declined': [...VERIFYING, FAILING, by(SYSTEM, asks.declineRollback())],
  rejected: [asks.request(), by(alice, asks.reject())],
  cancelled: [asks.request(), asks.cancel()],
  failed: [
    asks.request(),
    by(alice, asks.approve()),
    asks.requestExecution(),
    by(SYSTEM, asks.startExecution()),
    by(SYSTEM, asks.fail()),
  ],
  'failed, its outcome unknown': [
    asks.request(),
    by(alice, asks.approve()),
    asks.requestExecution(),
    by(SYSTEM, asks.startExecution()),
    by(SYSTEM, asks.failUnknown()),
  ],
  'failed, its outcome settled': [
    asks.request(),
    by(alice, asks.approve()),
    asks.requestExecution(),
    by(SYSTEM, asks.startExecution()),
    by(SYSTEM, asks.failUnknown()),
    by(SYSTEM, asks.settleOutcome()),
  ],
  'rolled back': [
    asks.request(),
    by(alice, asks.approve()),
    asks.requestExecution(),
    by(SYSTEM, asks.startExecution()),
    by(SYSTEM, asks.complete()),
    by(SYSTEM, asks.rollBack()),
  ],
} as const satisfies { readonly [place: string]: readonly (Step | Command)[] };
export type Place = keyof typeof PLACES;

/** The promotion in a place, with the events that brought it there. */
export const promotionIn = (place: Place): History => promotionAfter(...PLACES[place]);
