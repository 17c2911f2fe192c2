import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GateSetting } from '../../../functions/domain/gates/gate.ts';
import { evidenceDigest, judgeGate, judgesEvidence } from '../../../functions/domain/gates/judge-gate.ts';
import { type ProviderWord, saidBy, wordOf } from '../../../functions/domain/gates/provider.ts';
import { SYSTEM } from '../../../functions/domain/identity/principal.ts';
import { contentOf, NOON, PROMOTED } from '../../support/promotion-facts.ts';

const gate: GateSetting = {
  name: 'outside',
  mode: 'block',
  applies_to: ['agent'],
  max_age: 'PT1H',
  provider: { type: 'http', url: 'https://judge.example/', secret_ref: 'sluice/acme/gate/judge' },
};
const ABOUT = { promotion_id: 'prom-1', manifest_digest: contentOf('manifest') };

const said = (word: Partial<ProviderWord> = {}, at = NOON, facts = {}) =>
  saidBy(SYSTEM, {
    gate: 'outside',
    subject_digest: PROMOTED,
    at,
    word: { ...ABOUT, status: 'PASSED', reason_code: 'ok', ...word },
    facts,
    document_digest: contentOf('text'),
  });

const judged = (evidence: ReturnType<typeof said>[], changes: Partial<GateSetting> = {}) =>
  judgeGate(
    { ...gate, ...changes },
    {
      kind: 'agent',
      type: 'promotion',
      protected: true,
      target: 'staging',
      subject_digest: PROMOTED,
      asked_about: ABOUT,
      evidence,
      conditions: {},
      as_of: NOON,
    },
  );

describe('a gate with a provider', () => {
  it.each<[string, string, Parameters<typeof said>[]]>([
    ['waits while nobody was asked', 'PENDING provider_not_asked', []],
    ['passes on its word', 'PASSED ok', [[]]],
    ['does not pass on another word', 'FAILED too_slow', [[{ status: 'FAILED', reason_code: 'too_slow' }]]],
    [
      'waits after a word about another promotion',
      'PENDING provider_not_asked',
      [[{ promotion_id: 'prom-2' }]],
    ],
    [
      'waits after a word about another manifest',
      'PENDING provider_not_asked',
      [[{ manifest_digest: contentOf('other') }]],
    ],
    [
      'waits when it is to be asked again',
      'PENDING provider_asked_again',
      [[{}, '2026-11-21T11:30:00.000Z'], [{ status: 'PENDING', reason_code: 'provider_asked_again' }]],
    ],
    [
      'waits after a word that is too old',
      'PENDING provider_answer_too_old',
      [[{}, '2026-11-21T10:59:59.999Z']],
    ],
    [
      'waits for what it was told to wait for, however long ago',
      'PENDING provider_asked_again',
      [[{ status: 'PENDING', reason_code: 'provider_asked_again' }, '2026-11-21T09:00:00.000Z']],
    ],
  ])('%s', (_, expected, words) => {
    const answers = words.map((word) => said(...word));
    for (const evidence of [answers, answers.toReversed()]) {
      const { status, reason_code } = judged(evidence);
      expect(`${status} ${reason_code}`).toBe(expected);
      const advises = judged(evidence, { mode: 'warn' });
      expect(advises).toMatchObject({ reason_code, status: status === 'FAILED' ? 'WARNING' : status });
    }
  });

  it('believes no report of anybody else, and asks for none', () => {
    const posed = { ...said(), format: 'json' };
    expect(judged([posed])).toMatchObject({ status: 'PENDING' });
    expect(judgesEvidence(gate, { kind: 'agent', type: 'promotion' })).toBe(false);
  });

  it('holds what it reports to the thresholds, and nothing that it reports about itself', () => {
    const thresholds = { field: 'score', op: 'gte', value: 7 } as const;
    expect(judged([said({}, NOON, { score: 7 })], { thresholds }).status).toBe('PASSED');
    expect(judged([said({}, NOON, { score: 6 })], { thresholds })).toMatchObject({
      status: 'FAILED',
      reason_code: 'thresholds_not_met',
    });
    const posed = said({ status: 'FAILED' }, NOON, { passed: true, word: { status: 'PASSED' } });
    expect(wordOf(posed)).toMatchObject({ status: 'FAILED' });
    expect(posed.result['passed']).toBe(false);
  });

  it('says again what it said, on the one answer that it names', () => {
    const words = fc.array(
      fc.record({
        status: fc.constantFrom('PASSED', 'FAILED', 'ERROR', 'PENDING'),
        promotion_id: fc.constantFrom('prom-1', 'prom-1', 'prom-2'),
        at: fc.constantFrom('2026-11-21T10:30:00.000Z', '2026-11-21T11:30:00.000Z', NOON),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(words, (list) => {
        const all = list.map(({ at, ...word }) => said({ ...word, reason_code: 'provider_asked_again' }, at));
        const answer = judged(all);
        const named = all.filter((each) => answer.evidence.includes(evidenceDigest(each)));
        expect(judged(named)).toEqual(answer);
        expect(judged(all.toReversed())).toEqual(answer);
      }),
    );
  });

  it('is an error without one', () => {
    const { provider: _, ...without } = gate;
    const facts = { ...without, format: 'provider' };
    const result = judgeGate(facts, {
      kind: 'agent',
      type: 'promotion',
      protected: false,
      target: 'staging',
      subject_digest: PROMOTED,
      asked_about: ABOUT,
      evidence: [said()],
      conditions: {},
      as_of: NOON,
    });
    expect(result).toMatchObject({ status: 'ERROR', reason_code: 'no_provider' });
  });
});

describe('the word in a report of a provider', () => {
  it.each(['promotion_id', 'manifest_digest', 'status', 'reason_code'])('is none without %s', (member) => {
    const evidence = said();
    const word = Object.fromEntries(
      Object.entries(wordOf(evidence) ?? {}).filter(([name]) => name !== member),
    );
    expect(Object.keys(word)).toHaveLength(3);
    expect(wordOf({ ...evidence, result: { ...evidence.result, word } })).toBeUndefined();
    expect(
      wordOf({ ...evidence, result: { ...evidence.result, word: { ...word, [member]: 'x y' } } }),
    ).toEqual(
      member === 'promotion_id' || member === 'reason_code'
        ? expect.objectContaining({ [member]: 'x y' })
        : undefined,
    );
  });
});
