import { describe, expect, it } from 'vitest';
import {
  effectOfApproval,
  facts,
  gatesInWords,
  howMany,
  question,
  subjectLine,
  valueInWords,
} from '../../../functions/domain/link/wording.ts';
import type { TreePlan } from '../../../functions/domain/promotion/manifest.ts';
import type { PromotionState } from '../../../functions/domain/promotion/state.ts';
import { by, promotionAfter } from '../../support/decider-specification.ts';
import { alice, asks, planOn, requirementsOf } from '../../support/promotion-facts.ts';

const asked = (changes: Partial<PromotionState> = {}): PromotionState =>
  Object.assign({ ...promotionAfter(asks.request()).state }, changes);
const versioned = (version_label: string): PromotionState => {
  const plan = planOn();
  const source = { ...plan.source, version_label };
  return promotionAfter(asks.request({ facts: { ...asks.request().facts, plan: { ...plan, source } } }))
    .state;
};

/** A promotion of configuration that changes so many keys. */
function ofKeys(added: number, modified: number, removed: number, changes: Partial<PromotionState> = {}) {
  const state = asked({ subject: { kind: 'config', name: 'config' }, ...changes });
  const summary = { added, modified, removed, keys: [] };
  const tree: TreePlan = { origin: planOn().source.digest, owned: [], summary };
  return { ...state, seal: { ...state.seal, plan: { ...state.seal.plan, tree } } };
}

describe('what a person is asked', () => {
  it('names what, from where and to where', () => {
    expect(question(asked())).toBe('Promote agent agent-123 from staging to production?');
    expect(question(versioned('1.4.2'))).toBe('Promote agent agent-123 1.4.2 from staging to production?');
    expect(question(ofKeys(1, 0, 0))).toBe('Promote the configuration from staging to production?');
  });

  it('is another question where it goes back', () => {
    expect(question(asked({ type: 'rollback' }))).toBe('Roll back agent agent-123 in production?');
    expect(question(ofKeys(1, 0, 0, { type: 'rollback' }))).toBe(
      'Roll back the configuration in production?',
    );
  });
});

describe('the subject of a mail', () => {
  it('is the question where no key can be named', () => {
    expect(subjectLine(asked(), 'config/a')).toBe(question(asked()));
    expect(subjectLine(ofKeys(1, 0, 0), undefined)).toBe(question(ofKeys(1, 0, 0)));
  });

  it('names the first key and how many more', () => {
    expect(subjectLine(ofKeys(1, 0, 0), 'config/query.timeout')).toBe('query.timeout: staging → production');
    expect(subjectLine(ofKeys(1, 2, 3), 'flag/new')).toBe('new and 5 more: staging → production');
    expect(subjectLine(ofKeys(0, 1, 1, { type: 'rollback' }), 'config/a')).toBe(
      'Roll back a and 1 more in production',
    );
  });

  it('takes only what stands before the whole key away, and cuts a long one', () => {
    expect(subjectLine(ofKeys(1, 0, 0), 'config/my.config/x')).toBe('my.config/x: staging → production');
    const [eighty, more] = ['k'.repeat(80), 'k'.repeat(81)];
    expect(subjectLine(ofKeys(1, 0, 0), eighty)).toBe(`${eighty}: staging → production`);
    expect(subjectLine(ofKeys(1, 0, 0), more)).toBe(`${eighty}…: staging → production`);
  });
});

describe('how many changes', () => {
  it.each([
    [[1, 0, 0], '1 key in production: 1 added'],
    [[0, 2, 0], '2 keys in production: 2 modified'],
    [[1, 2, 3], '6 keys in production: 1 added, 2 modified, 3 deleted'],
  ] as const)('of %j are said as %s', ([added, modified, removed], words) => {
    expect(howMany(ofKeys(added, modified, removed))).toBe(words);
  });

  it('says only where, of what is swapped whole', () => {
    expect(howMany(asked())).toBe('in production');
  });
});

describe('what one more approval causes', () => {
  const needing = (required_approvers: number, groups: readonly { group: string; min: number }[] = []) => {
    const requirements = requirementsOf({}, { required_approvers, groups });
    return asks.request({ facts: { ...asks.request().facts, requirements } });
  };
  const effect = (
    required: number,
    groups: readonly { group: string; min: number }[],
    ...given: string[][]
  ) =>
    effectOfApproval(
      promotionAfter(
        needing(required, groups),
        ...given.map((names) => by(alice, asks.approve({ groups: names }))),
      ).state,
    );

  it('is the end of waiting where it is the last', () => {
    expect(effectOfApproval(asked())).toBe('With an approval it waits for a person to execute it.');
    expect(effectOfApproval(asked({ execution: 'automatic' }))).toBe('With an approval it executes at once.');
    const scheduled = promotionAfter(asks.request(), asks.schedule('2026-11-21T18:00:00.000Z')).state;
    expect(effectOfApproval(scheduled)).toBe('With an approval it executes at Sat 2026-11-21 18:00 UTC.');
  });

  it('is that another one is needed where it is not', () => {
    expect(effect(2, [])).toBe('Another approval is needed after yours.');
    expect(effect(2, [], [])).toBe('With an approval it waits for a person to execute it.');
    expect(effect(3, [], [])).toBe('Another approval is needed after yours.');
  });

  it('names the group that it must come from, and knows that one person is not two', () => {
    const security = { group: 'security', min: 1 };
    expect(effect(1, [security])).toBe(
      'With an approval from somebody in security it waits for a person to execute it.',
    );
    expect(effect(2, [security], ['security'])).toBe('With an approval it waits for a person to execute it.');
    expect(effect(1, [{ ...security, min: 2 }])).toBe('Another approval is needed after yours.');
    expect(effect(1, [security, { group: 'ops', min: 1 }])).toBe('Another approval is needed after yours.');
  });
});

describe('what a person decides on', () => {
  it('is said by name', () => {
    const state = promotionAfter(asks.request()).state;
    expect(facts(state)).toEqual([
      ['Requested by', 'dev@acme.com, Sat 2026-11-21 12:00 UTC'],
      ['Approvals', '0 of 1'],
      ['Manifest', state.seal.manifest_digest],
      ['Promotion', 'prom-1'],
      ['Expires', expect.stringMatching(/ UTC$/)],
    ]);
  });

  it('has the notes, who approved, and what groups gave', () => {
    const { request, facts: given } = asks.request();
    const requirements = requirementsOf(
      {},
      { required_approvers: 2, groups: [{ group: 'security', min: 1 }] },
    );
    const state = promotionAfter(
      asks.request({
        request: { ...request, notes: '<b>now</b>' },
        facts: { ...given, requirements },
      }),
      by(alice, asks.approve({ groups: ['security'] })),
    ).state;
    expect(facts(state)).toEqual(
      expect.arrayContaining([
        ['Notes', '<b>now</b>'],
        ['Approvals', '1 of 2, 1 of 1 from security: alice@acme.com'],
      ]),
    );
  });

  it('says each gate with its reason, and which only warns', () => {
    const gate = { required: true, evidence: [] } as const;
    const gates = [
      { ...gate, name: 'tests', mode: 'block', status: 'FAILED', reason_code: 'evidence_too_old' },
      { ...gate, name: 'cost', mode: 'warn', status: 'PASSED', reason_code: 'ok' },
    ] as const;
    expect(gatesInWords(asked({ gates }))).toEqual([
      { gate: 'tests', says: 'failed (evidence too old)' },
      { gate: 'cost', says: 'passed (ok), only warns' },
    ]);
  });

  it('shows a value whole up to 120 characters, as people count them', () => {
    expect(valueInWords(null)).toBe('(nothing)');
    expect(valueInWords('x')).toBe('x');
    const long = '🚀'.repeat(120);
    expect(valueInWords(long)).toBe(long);
    expect(valueInWords(`${long}x`)).toBe(`${long}…`);
  });
});
