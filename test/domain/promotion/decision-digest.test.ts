import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisionDigest, judge } from '../../../functions/domain/promotion/judge.ts';
import { promotionAfter } from '../../support/decider-specification.ts';
import {
  alice,
  asks,
  assessmentFacts,
  bob,
  contentOf,
  NOON,
  testReport,
} from '../../support/promotion-facts.ts';
import { TESTED_AND_APPROVED } from '../../support/promotions.ts';

const { seal } = promotionAfter(
  asks.request({ facts: assessmentFacts({ requirements: TESTED_AND_APPROVED }) }),
).state;
const approvals = [alice, bob].map((actor, index) => ({
  actor,
  groups: ['release'],
  manifest_digest: seal.manifest_digest,
  at: `2026-11-21T11:0${index}:00.000Z`,
}));
const evidence = [1, 2, 3, 4, 5].map((n) =>
  testReport({
    document_digest: contentOf(`report ${n}`),
    received_at: `2026-11-21T10:0${n}:00.000Z`,
    result: { passed: n > 2, total: n },
  }),
);
const inputs = {
  promotion_id: 'prom-1',
  seal,
  evidence,
  conditions: { a: 1, b: { c: 2, d: 3 } },
  approvals,
  as_of: NOON,
};
const digest = decisionDigest(judge(inputs));

/** The same value with the members of every object in another order. */
function turned<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_, member) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).reverse())
      : member,
  );
}

describe('the digest of a decision', () => {
  it('is the same in 1,000 runs with evidence, approvals and members in any order', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(evidence, { minLength: 5 }),
        fc.shuffledSubarray(approvals, { minLength: 2 }),
        fc.boolean(),
        (reports, yeses, turn) => {
          const shuffled = { ...inputs, evidence: reports, approvals: yeses };
          expect(decisionDigest(judge(turn ? turned(shuffled) : shuffled))).toBe(digest);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('is the same in another process', () => {
    const module = fileURLToPath(new URL('../../../functions/domain/promotion/judge.ts', import.meta.url));
    const program = `
      const { judge, decisionDigest } = await import(${JSON.stringify(module)});
      let text = '';
      for await (const part of process.stdin) text += part;
      process.stdout.write(decisionDigest(judge(JSON.parse(text))));`;
    const told = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      input: JSON.stringify(turned(inputs)),
      encoding: 'utf8',
    });
    expect(told).toBe(digest);
  });
});
