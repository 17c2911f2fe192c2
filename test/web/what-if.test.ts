import { describe, expect, it } from 'vitest';
import { joined, type Replayed, whatIfInWords } from '../../web/words/what-if.ts';

describe('a replay in words', () => {
  const item = (outcome: 'refused' | 'undecided'): Replayed['items'][number] => ({
    promotion_id: 'prom-1',
    kind: 'agent',
    name: 'agent-1',
    source_environment: 'staging',
    target_environment: 'production',
    executed_at: '2026-11-22T09:00:00.000Z',
    outcome,
    reason_codes: ['missing_approvals'],
  });
  const found = (...items: Replayed['items']): Replayed => ({ replayed: 34, already_refused: 0, items });

  it('does not call nothing replayed nothing refused', () => {
    expect(whatIfInWords({ replayed: 0, already_refused: 0, items: [] })).toContain('not known');
  });

  it('counts what is refused, what cannot be told and what is refused already, apart', () => {
    expect(whatIfInWords(found())).toBe(
      'Of 34 promotions of the last 90 days, none would have been refused by this change.',
    );
    expect(whatIfInWords(found(item('refused'), item('refused')))).toBe(
      'Of 34 promotions of the last 90 days, 2 would have been refused.',
    );
    const all = whatIfInWords({ ...found(item('refused'), item('undecided')), already_refused: 4 });
    expect(all).toContain('1 would have been refused. Of 1 more it cannot be told');
    expect(all).toContain('What governs now refuses 4 of them already');
  });

  it('joins pages without losing or doubling anything', () => {
    const sum = joined(found(item('refused')), { ...found(item('undecided')), already_refused: 2 });
    expect(sum).toMatchObject({ replayed: 68, already_refused: 2 });
    expect(sum.items.map(({ outcome }) => outcome)).toEqual(['refused', 'undecided']);
  });
});
