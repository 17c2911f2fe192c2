import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { GateInput } from '../../functions/contract/gate-settings.ts';
import { policy as noun } from '../../functions/domain/catalog/approval-policy.ts';

describe('a duration that is written', () => {
  const gate = (max_age: string) => z.safeParse(GateInput, { name: 'tests', max_age }).success;

  it.each(['P1Y', 'P1M', 'P1Y2M', 'P1DT', 'one day', ''])(
    'is refused where nothing could be added by it: %j',
    (text) => {
      expect(gate(text)).toBe(false);
      const policy = { name: 'p', environments: ['production'], expires_after: text };
      expect(z.safeParse(noun.body, policy).success).toBe(false);
    },
  );

  it.each(['P7D', 'P2W', 'PT1H30M', 'PT0.5S'])('is taken: %s', (text) => expect(gate(text)).toBe(true));
});
