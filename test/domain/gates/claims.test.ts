import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../functions/domain/gates/evidence.ts';
import type { GateSetting } from '../../../functions/domain/gates/gate.ts';
import { judgeGate, judgesEvidence } from '../../../functions/domain/gates/judge-gate.ts';
import { contentOf, NOON, PROMOTED, testReport } from '../../support/promotion-facts.ts';

const tests: GateSetting = { name: 'tests', mode: 'block', applies_to: ['agent'] };

describe('whether reports judge a promotion', () => {
  const agent = { kind: 'agent', type: 'promotion' } as const;
  const back = { kind: 'agent', type: 'rollback' } as const;

  it.each([
    ['tests', {}, agent, true],
    ['tests, of a kind that the gate leaves out', {}, { ...agent, kind: 'config' } as const, false],
    ['tests, of a rollback', {}, back, false],
    ['signature', { name: 'signature' }, agent, true],
    ['signature, of a rollback', { name: 'signature' }, back, true],
    ['policy compliance, which the policy judges', { name: 'policy_compliance' }, agent, false],
    ['soak, which the clock judges', { name: 'soak' }, agent, false],
  ])('of %s', (_, gate, facts, expected) => {
    expect(judgesEvidence({ ...tests, ...gate }, facts)).toBe(expected);
  });
});

describe('a signer that a report names itself', () => {
  const key = `key:sha256:${'f'.repeat(64)}`;
  const certificate = {
    identity: 'ci@acme.com',
    issuer: 'https://ci.example',
    trusted_root: contentOf('root'),
  };
  const claimed = { passed: true, signer: key, ...certificate };

  it.each<[string, Evidence['format'], object, string]>([
    ['is not believed in a plain report', 'json', { verified: true }, 'FAILED evidence_untrusted'],
    ['is not believed unverified', 'in-toto', {}, 'FAILED evidence_untrusted'],
    [
      'is not believed where the verifier said no',
      'in-toto',
      { verified: false },
      'FAILED evidence_untrusted',
    ],
    ['is believed where the verifier said so', 'in-toto', { verified: true }, 'PASSED ok'],
  ])('%s: %s %o', (_, format, more, expected) => {
    const report = testReport({ format, result: { ...claimed, ...more } });
    const ways: readonly Partial<GateSetting>[] = [{ producers: [key] }, { signers: [certificate] }];
    for (const trusted of ways) {
      const { status, reason_code } = judgeGate(
        { ...tests, ...trusted },
        {
          kind: 'agent',
          type: 'promotion',
          protected: true,
          target: 'production',
          subject_digest: PROMOTED,
          asked_about: { promotion_id: 'prom-1', manifest_digest: contentOf('manifest') },
          evidence: [report],
          conditions: {},
          as_of: NOON,
        },
      );
      expect(`${status} ${reason_code}`).toBe(expected);
    }
  });
});
