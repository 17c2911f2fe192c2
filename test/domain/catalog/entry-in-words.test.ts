import { describe, expect, it } from 'vitest';
import { entryInWords } from '../../../functions/domain/catalog/entry-in-words.ts';
import { defaultGate } from '../../../functions/domain/gates/default-gate.ts';

const gates = [
  { ...defaultGate('tests', 'block'), applies_to: ['config', 'agent'] as const },
  { ...defaultGate('security_scan', 'block'), applies_to: ['artifact'] as const },
  { ...defaultGate('cost_analysis', 'warn'), applies_to: ['artifact'] as const },
];

describe('what an environment asks of a kind, in words,', () => {
  it('names the gates that block it and those that warn', () => {
    expect(entryInWords({ gates, protected: true }, 'artifact')).toBe(
      'must pass security_scan; is warned by cost_analysis; needs at least one approval',
    );
  });

  it('says nothing of warnings where no gate warns, nor of gates of other kinds', () => {
    expect(entryInWords({ gates, protected: false }, 'config')).toBe(
      'must pass tests; needs an approval only where a rule or an approval policy asks for it',
    );
  });
});
