import { expect, it } from 'vitest';
import { lags } from '../../../functions/domain/deployment/drift.ts';
import type { Head } from '../../../functions/domain/subject.ts';

const subject = { kind: 'config', name: 'config' } as const;
const head = (environment: string, letter: string, more: Partial<Head> = {}): Head => ({
  slot: { subject, environment },
  version: 4,
  revision: 4,
  digest: `sha256:${letter.repeat(64)}`,
  chain: null,
  updated_at: '2026-11-21T09:00:00.000Z',
  ...more,
});
const staging = { head: head('staging', 'a') };
const running = (received?: Head['received']) => {
  const own = head('production', 'b', received === undefined ? {} : { received });
  return { environment: 'production', recorded: { head: own }, standing: 'unobserved' } as const;
};

it.each([
  ['all that the environment before has', { environment: 'staging', revision: 4 }, false],
  ['an earlier revision of it', { environment: 'staging', revision: 3 }, true],
  ['a revision of another environment', { environment: 'development', revision: 4 }, true],
  ['nothing in whole', undefined, true],
] as const)(
  'configuration with other content that received %s: whether it lags behind',
  (_, received, behind) => {
    expect(lags(running(received), staging)).toBe(behind);
  },
);
