import { describe, expect, it } from 'vitest';
import { readReport } from '../../../functions/domain/evidence/read-report.ts';
import { JUNIT } from './corpus/junit.ts';
import { JSON_SAMPLES } from './corpus/samples.ts';

const SUBJECT = `sha256:${'a'.repeat(64)}` as const;

describe.each([...JSON_SAMPLES, ['junit', JUNIT] as const])('documented samples of %s', (format, samples) => {
  it.each(samples.map((sample) => [sample.verdict, sample.source, sample] as const))(
    'a report %s: %s',
    (_, __, { text, verdict, facts = {} }) => {
      const reading = readReport(format, text, SUBJECT);
      if ('unreadable' in reading) expect(verdict, reading.unreadable).toBe('is refused');
      else {
        const { passed, error } = reading.result;
        const said = error === undefined ? (passed === true ? 'passes' : 'fails') : 'says nothing';
        expect(said, JSON.stringify(reading.result)).toBe(verdict);
        expect(passed).toBe(verdict === 'passes');
        expect(reading.result).toMatchObject(facts);
      }
    },
  );
});

describe('when a report was made', () => {
  it('is the oldest end of any invocation of a SARIF log, its start where no end is given', () => {
    const run = (...invocations: object[]) => ({
      tool: { driver: { name: 'x' } },
      invocations: invocations.map((one) => ({ executionSuccessful: true, ...one })),
      results: [],
    });
    const madeAt = (...runs: object[]) =>
      readReport('sarif', JSON.stringify({ version: '2.1.0', runs }), SUBJECT);
    const [late, early] = [{ endTimeUtc: '2026-11-20T10:00:00Z' }, { endTimeUtc: '2026-10-01T10:00:00.5Z' }];
    expect(madeAt(run(late), run(late, early))).toMatchObject({ produced_at: '2026-10-01T10:00:00.500Z' });
    expect(madeAt(run({ startTimeUtc: '2026-11-20' }))).toMatchObject({
      produced_at: '2026-11-20T00:00:00.000Z',
    });
    expect(madeAt(run())).not.toHaveProperty('produced_at');
  });

  it.each([1_700_000_000, '1700000000', null, 'now'])('is no %s in plain JSON', (produced_at) => {
    const text = JSON.stringify({ passed: true, produced_at });
    expect(readReport('json', text, SUBJECT)).toMatchObject({ field: 'document' });
  });
});
