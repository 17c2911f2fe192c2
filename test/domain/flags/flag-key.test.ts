import { describe, expect, it } from 'vitest';
import { allowsOrigin, type FlagKey, opens, secretDigest } from '../../../functions/domain/flags/flag-key.ts';
import { NOON } from '../../support/promotion-facts.ts';

const secret = 's'.repeat(43);
const key: FlagKey = {
  id: 'key-1',
  name: 'web',
  environment: 'production',
  type: 'browser',
  allowed_origins: ['https://app.acme.com'],
  secret_digest: secretDigest(secret),
  version: 1,
  created_at: NOON,
  updated_at: NOON,
};
const presented = { tenant: 'acme', environment: 'production', id: 'key-1', secret };

describe('a flag key', () => {
  it('opens the flags of its environment, to its secret alone', () => {
    expect(opens(key, presented)).toBe(true);
    expect(opens(key, { ...presented, environment: 'staging' })).toBe(false);
    expect(opens(key, { ...presented, secret: 't'.repeat(43) })).toBe(false);
    expect(opens(undefined, presented)).toBe(false);
  });

  it('answers pages of its origins, and programs, which have none', () => {
    expect(allowsOrigin(key, undefined)).toBe(true);
    expect(allowsOrigin(key, 'https://app.acme.com')).toBe(true);
    expect(allowsOrigin(key, 'https://app.acme.com.evil.example')).toBe(false);
    expect(allowsOrigin({ ...key, type: 'server' }, 'https://app.acme.com')).toBe(false);
  });
});
