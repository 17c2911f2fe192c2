import { describe, expect, it } from 'vitest';
import { resultsInWords } from '../../web/environment/last-days.ts';

type Status = Parameters<typeof resultsInWords>[1][number]['gates'][number]['status'];
const assessed = (...results: readonly (readonly [string, Status])[]) => ({
  gates: results.map(([name, status]) => ({ name, status })),
});

describe('what a gate said lately', () => {
  it('is counted by result, what passed first, and by this gate alone', () => {
    const promotions = [
      assessed(['tests', 'PASSED'], ['soak', 'FAILED']),
      assessed(['tests', 'FAILED']),
      assessed(['tests', 'PASSED']),
      assessed(['tests', 'ERROR']),
      assessed(['tests', 'SKIPPED']),
      assessed(['tests', 'WARNING']),
      assessed(['tests', 'PENDING']),
    ];
    expect(resultsInWords('tests', promotions)).toBe(
      '2 passed, 1 failed, 1 could not be judged, 1 warned, 1 waiting, 1 skipped',
    );
    expect(resultsInWords('soak', promotions)).toBe('1 failed');
  });

  it('says where it was not asked', () => {
    expect(resultsInWords('tests', [])).toBe('not asked');
    expect(resultsInWords('tests', [assessed(['soak', 'PASSED'])])).toBe('not asked');
  });
});
