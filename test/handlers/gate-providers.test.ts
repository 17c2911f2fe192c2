import { describe, expect, it } from 'vitest';
import { replayDecision } from '../../functions/use-cases/promotions/replay-decision.ts';
import { ACME } from './api-world.ts';
import { GATES } from './gates-world.ts';
import {
  answering,
  asking,
  driven,
  type How,
  listener,
  listening,
  PASSES,
  provider,
  says,
} from './providers-world.ts';

listening();

/** Every way in which a provider does not say yes, with the reason that is given. */
const NOES: readonly [string, string, How, object?][] = [
  ['failed', 'too_slow', says({ status: 'FAILED', reason_code: 'too_slow' })],
  ['failed without a reason', 'provider_says_no', says({ status: 'FAILED' })],
  ['warned', 'provider_warns', says({ status: 'WARNING' })],
  ['errored', 'provider_reports_error', says({ status: 'ERROR' })],
  ['timed out', 'provider_timed_out', () => 'silent', { timeout_seconds: 1 }],
  ['broke', 'provider_failed', () => ({ status: 500, body: '{"status":"PASSED"}' })],
  ['sent elsewhere', 'provider_failed', () => ({ status: 307, body: '{"status":"PASSED"}' })],
  ['hung up', 'provider_unreachable', () => 'cut'],
  ['said what no status is', 'provider_answer_malformed', says({ status: 'SKIPPED' })],
  ['said something else', 'provider_answer_malformed', () => ({ body: '["PASSED"]' })],
  [
    'said too much',
    'provider_answer_malformed',
    says({ status: 'PASSED', evidence: { x: 'x'.repeat(70_000) } }),
  ],
  [
    'reported too much',
    'provider_answer_malformed',
    says({ status: 'PASSED', evidence: { x: 'x'.repeat(17_000) } }),
  ],
  [
    'nested too deep',
    'provider_answer_malformed',
    () => ({ body: `{"status":"PASSED","evidence":{"x":${'['.repeat(100)}${']'.repeat(100)}}}` }),
  ],
  [
    'gave a reason that is no code',
    'provider_answer_malformed',
    says({ status: 'PASSED', reason_code: 'Yes!' }),
  ],
  [
    'reports what thresholds refuse',
    'thresholds_not_met',
    says({ status: 'PASSED', evidence: { score: 6 } }),
    { thresholds: { field: 'score', op: 'gte', value: 7 } },
  ],
];

describe.each(GATES)('the provider of the gate %s', (name) => {
  it('lets on what it passes, and is asked by the workflow alone', async () => {
    for (const mode of ['block', 'warn']) {
      answering(PASSES);
      const set = await asking({ name, mode, thresholds: { field: 'score', op: 'gte', value: 7 } });
      expect(set.created).toMatchObject({
        status: 'blocked',
        blocked_by: [name],
        gates: [{}, { status: 'PENDING' }],
      });
      expect(listener.received).toEqual([]);
      const { promotion, unchanged } = await driven(set);
      expect(promotion).toMatchObject({
        status: 'completed',
        gates: [{}, { name, mode, status: 'PASSED', reason_code: 'ok' }],
      });
      expect(unchanged).toBe(false);
      expect(listener.received).toHaveLength(1);
    }
  });

  it.each(NOES)(
    'holds back in block mode, and lets on with its reason in warn mode, when it %s',
    async (_, reason_code, how, gate = {}) => {
      for (const mode of ['block', 'warn']) {
        const set = await asking({ name, mode, ...gate });
        answering(how);
        const { promotion, unchanged } = await driven(set);
        const [, result] = promotion.gates;
        expect(result).toMatchObject({ name, mode, reason_code });
        expect({ status: promotion.status, gate: result.status, unchanged }).toEqual(
          mode === 'block'
            ? { status: 'blocked', gate: result.status, unchanged: true }
            : { status: 'completed', gate: 'WARNING', unchanged: false },
        );
        for (const seq of [undefined, 2]) {
          const ref = { tenant: ACME, id: set.id, ...(seq === undefined ? {} : { seq }) };
          expect(await replayDecision(set.world.deps, ref)).toMatchObject({ same: true });
        }
      }
    },
  );

  it.each([
    ['no provider', 'no_provider', { provider: undefined, format: 'provider' }],
    [
      'a provider without a secret',
      'provider_secret_unusable',
      { provider: { secret_ref: `sluice/${ACME}/gate/gone` } },
    ],
    ['a provider that nobody may call', 'provider_forbidden', { provider: { url: 'https://10.0.0.1/' } }],
    ['a provider that is not there', 'provider_unreachable', { provider: { url: 'http://127.0.0.1:1/' } }],
  ])(
    'holds back in block mode, and lets on with its reason in warn mode: %s',
    async (_, reason_code, gate) => {
      for (const mode of ['block', 'warn']) {
        const { provider: changes, ...rest } = gate;
        const set = await asking({ name, mode, ...rest, provider: changes && provider(changes) });
        const { promotion, unchanged } = await driven(set);
        const status = mode === 'block' ? 'ERROR' : 'WARNING';
        expect(promotion.gates[1]).toMatchObject({ name, status, reason_code });
        expect(promotion.status).toBe(mode === 'block' ? 'blocked' : 'completed');
        expect(unchanged).toBe(mode === 'block');
        expect(listener.received).toEqual([]);
      }
    },
  );
});
