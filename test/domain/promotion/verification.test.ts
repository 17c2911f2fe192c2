import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../functions/domain/gates/evidence.ts';
import { evidenceDigest } from '../../../functions/domain/gates/judge-gate.ts';
import { SYSTEM } from '../../../functions/domain/identity/principal.ts';
import { dueAt } from '../../../functions/domain/promotion/next.ts';
import { termsOf } from '../../../functions/domain/promotion/verification.ts';
import type { VerificationTerms } from '../../../functions/domain/promotion/verification-terms.ts';
import { by, given, promotionAfter } from '../../support/decider-specification.ts';
import {
  alice,
  asks,
  contentOf,
  environmentNamed,
  NOON,
  SMOKE,
  smokeReport,
} from '../../support/promotion-facts.ts';

const at = (minutes: number, seconds = 0): string =>
  new Date(Date.parse(NOON) + (minutes * 60 + seconds) * 1000).toISOString();

const completed = (terms: VerificationTerms = SMOKE, request = asks.request()) =>
  [
    request,
    by(alice, asks.approve()),
    asks.requestExecution(),
    by(SYSTEM, asks.startExecution({}, undefined, terms)),
    by(SYSTEM, asks.complete()),
  ] as const;

const decidedOn = (evidence: readonly Evidence[], now = at(20), terms = SMOKE) => {
  const after = given(...completed(terms)).when(by(SYSTEM, asks.verify(...evidence), now));
  const { state } = after.thenEvents('VerificationDecided');
  return state.status === 'completed' ? state.verification : undefined;
};
const undecidedOn = (evidence: readonly Evidence[], now = at(20), terms = SMOKE) =>
  given(...completed(terms))
    .when(by(SYSTEM, asks.verify(...evidence), now))
    .thenNothing();

const passing = smokeReport({ result: { passed: true } });
const failing = smokeReport();

describe('the verification of a completed promotion', () => {
  it('waits for a report until its time is over, and is due then', () => {
    const { state } = promotionAfter(...completed());
    expect(state).toMatchObject({ status: 'completed', verification: { status: 'pending', until: at(60) } });
    expect(state).not.toHaveProperty('verifies');
    expect(dueAt(state)).toBe(at(60, 30));
    undecidedOn([], at(60, 29));
  });

  it('is unknown where nobody reports in time, and asks nothing more of time', () => {
    const found = decidedOn([], at(60, 30));
    expect(found).toMatchObject({ status: 'unknown', reason_code: 'no_report_in_time' });
    const { state } = promotionAfter(...completed(), by(SYSTEM, asks.verify(), at(61)));
    expect(dueAt(state)).toBeUndefined();
  });

  it('is decided by the report, and names it', () => {
    expect(decidedOn([passing])).toMatchObject({ status: 'passed', evidence: evidenceDigest(passing) });
    expect(decidedOn([failing])).toMatchObject({ status: 'failed', evidence: evidenceDigest(failing) });
  });

  it('is decided by the report that was received first, whoever looks and however often', () => {
    const later = smokeReport({ received_at: at(11) });
    for (const reports of [
      [passing, later],
      [later, passing],
    ]) {
      expect(decidedOn(reports)?.status).toBe('passed');
    }
  });

  it('is not changed by a report that comes after it', () => {
    for (const first of [passing, failing]) {
      given(...completed(), by(SYSTEM, asks.verify(first), at(20)))
        .when(by(SYSTEM, asks.verify(first, failing), at(21)))
        .thenNothing();
    }
    given(...completed(), by(SYSTEM, asks.verify(), at(61)))
      .when(by(SYSTEM, asks.verify(failing), at(62)))
      .thenNothing();
  });

  const OF_NO_USE = {
    'about another promotion': { promotion_id: 'prom-9' },
    'brought to no promotion': { promotion_id: undefined },
    'of another gate': { gate: 'tests' },
    'about another digest': { subject_digest: contentOf('another') },
    'made before it completed': { produced_at: at(0, -1) },
    'received too late': { received_at: at(60, 1) },
    'from the future': { produced_at: at(50), received_at: at(50) },
    'by who may not attach there': { environments: ['staging'] },
    'that says neither yes nor no': { result: { error: 'unreadable' } },
    'that leaves something unknown': { result: { passed: true, unknown: 2 } },
  } satisfies { readonly [why: string]: { readonly [name in keyof Evidence]?: Evidence[name] | undefined } };

  it.each(Object.entries(OF_NO_USE))('is not decided by a report %s', (_, change) => {
    const { promotion_id: __, ...plain } = { ...failing, ...change };
    const named = 'promotion_id' in change ? change.promotion_id : 'prom-1';
    const report = { ...plain, ...(named === undefined ? {} : { promotion_id: named }) };
    undecidedOn([report]);
  });

  it('believes named producers alone where the environment is protected, and those only where they may attach', () => {
    const terms = { ...SMOKE, protected: true };
    undecidedOn([failing], at(20), terms);
    const named = { ...terms, gate: { ...terms.gate, producers: ['ci'] } };
    expect(decidedOn([failing], at(20), named)?.status).toBe('failed');
    undecidedOn([smokeReport({ environments: ['staging'] })], at(20), named);
  });

  it('judges by the thresholds of its terms', () => {
    const thresholds = { field: 'p95', op: 'lt', value: 500 } as const;
    const terms = { ...SMOKE, gate: { ...SMOKE.gate, thresholds } };
    expect(decidedOn([smokeReport({ result: { p95: 400 } })], at(20), terms)?.status).toBe('passed');
    expect(decidedOn([smokeReport({ result: { p95: 900 } })], at(20), terms)?.status).toBe('failed');
  });

  it('fails by the word of the gateway that it no longer serves', () => {
    const after = given(...completed()).when(by(SYSTEM, asks.reverseOutcome(), at(5)));
    const { state } = after.thenEvents('OutcomeReversed', 'VerificationDecided');
    expect(state).toMatchObject({ verification: { status: 'failed', reason_code: 'outcome_reversed' } });
  });

  it('is over where the promotion is rolled back first', () => {
    const { state } = promotionAfter(...completed(), by(SYSTEM, asks.rollBack(), at(5)));
    expect(state).toMatchObject({ verification: { status: 'unknown', reason_code: 'rolled_back' } });
    expect(dueAt(state)).toBeUndefined();
  });
});

describe('a failed verification', () => {
  const failed = (terms: VerificationTerms = SMOKE, request = asks.request()) =>
    [...completed(terms, request), by(SYSTEM, asks.verify(failing), at(20))] as const;

  it('is due at once where its environment says that it is rolled back', () => {
    expect(dueAt(promotionAfter(...failed()).state)).toBe(at(20));
  });

  it('is followed once, by a rollback or by the reason why there is none', () => {
    for (const follow of [asks.beginRollback(), asks.declineRollback()]) {
      const { state } = promotionAfter(...failed(), by(SYSTEM, follow, at(21)));
      expect(dueAt(state)).toBeUndefined();
      const again = given(...failed(), by(SYSTEM, follow, at(21)));
      again.when(by(SYSTEM, asks.beginRollback(), at(22))).thenRefused('already_decided');
      again.when(by(SYSTEM, asks.declineRollback(), at(22))).thenRefused('already_decided');
    }
  });

  it('is followed by nothing where its environment does not say so, and of a rollback never', () => {
    const told = failed({ ...SMOKE, on_failure: 'none' });
    const back = failed(SMOKE, asks.request({ promotion_type: 'rollback' }));
    for (const steps of [told, back]) {
      expect(dueAt(promotionAfter(...steps).state)).toBeUndefined();
      given(...steps)
        .when(by(SYSTEM, asks.beginRollback(), at(21)))
        .thenRefused('already_decided');
    }
  });
});

describe('the terms of a verification', () => {
  const verification = { gate: 'tests', within: 'PT30M', on_failure: 'none' } as const;

  it('are what the environment says, and else what its gate of that name says, but for the age of reports', () => {
    const gate = { name: 'tests', mode: 'warn', applies_to: ['agent'] } as const;
    const gates = [{ ...gate, max_age: 'P1D', format: 'junit', producers: ['ci'] }];
    const named = environmentNamed('staging', {
      gates,
      verification: { ...verification, producers: ['probe'] },
    });
    expect(termsOf(named)).toEqual({
      gate: { ...gate, format: 'junit', producers: ['probe'] },
      within: 'PT30M',
      on_failure: 'none',
      protected: false,
    });
  });

  it('are none where the environment asks for none', () => {
    expect(termsOf(environmentNamed('staging'))).toBeUndefined();
  });
});
