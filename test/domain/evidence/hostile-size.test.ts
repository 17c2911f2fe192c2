import { describe, expect, it } from 'vitest';
import { readReport } from '../../../functions/domain/evidence/read-report.ts';
import { MAX_FETCHED } from '../../../functions/domain/evidence/report.ts';

const SUBJECT = `sha256:${'a'.repeat(64)}` as const;
const read = (run: object) => {
  const text = JSON.stringify({ version: '2.1.0', runs: [run] });
  expect(text.length).toBeGreaterThan(MAX_FETCHED / 8);
  expect(text.length).toBeLessThan(MAX_FETCHED);
  return readReport('sarif', text, SUBJECT);
};
const many = <T>(count: number, make: (at: number) => T) =>
  Array.from({ length: count }, (_, at) => make(at));

/** Each took minutes while every result looked through all rules; here the test's own time-out is the bound. */
describe('a SARIF log made to cost', () => {
  it('by results that each look for the last of many rules', () => {
    const rules = many(30_000, (at) => ({ id: `r${at}` }));
    const results = many(60_000, (at) => ({ ruleId: `x${at}` }));
    expect(read({ tool: { driver: { name: 'x', rules } }, results })).toMatchObject({
      result: { warning: 60_000 },
    });
  });

  it('by rules that share one id, and results with an id of many parts', () => {
    const rules = many(30_000, () => ({ id: 'a' }));
    const results = many(5_000, () => ({ ruleId: 'b/'.repeat(120) }));
    expect(read({ tool: { driver: { name: 'x', rules } }, results })).toMatchObject({
      result: { warning: 5_000 },
    });
  });

  it('by a rule whose id is most of the document', () => {
    const rules = [{ id: 'i'.repeat(1_000_000) }];
    const results = many(50_000, () => ({ ruleIndex: 0, ruleId: 'i' }));
    expect(read({ tool: { driver: { name: 'x', rules } }, results })).toMatchObject({
      result: { passed: false, unknown: 50_000 },
    });
  });

  it('by overrides in many invocations', () => {
    const rules = many(5_000, (at) => ({ id: `r${at}` }));
    const invocations = many(5_000, (at) => ({
      executionSuccessful: true,
      ruleConfigurationOverrides: [{ descriptor: { id: `r${at}` }, configuration: { level: 'error' } }],
    }));
    const results = many(5_000, (at) => ({ ruleId: `r${at}` }));
    expect(read({ tool: { driver: { name: 'x', rules } }, invocations, results })).toMatchObject({
      result: { error_level: 5_000 },
    });
  });
});
