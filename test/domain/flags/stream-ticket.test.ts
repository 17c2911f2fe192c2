import { describe, expect, it } from 'vitest';
import { type FlagKey, secretDigest } from '../../../functions/domain/flags/flag-key.ts';
import { admits, parseTicket, ticketText } from '../../../functions/domain/flags/stream-ticket.ts';

const NOW = '2026-11-22T09:00:00.000Z';
const key: FlagKey = {
  id: 'key-1',
  name: 'pages',
  environment: 'staging',
  type: 'browser',
  allowed_origins: ['https://app.acme.com'],
  secret_digest: secretDigest('s'.repeat(43)),
  version: 1,
  created_at: NOW,
  updated_at: NOW,
};
const text = ticketText('acme', key, NOW);
const opens = (of: FlagKey | undefined, said: string, now = NOW): boolean => {
  const ticket = parseTicket(said);
  return ticket !== undefined && admits(of, ticket, now);
};

describe('the ticket of a stream', () => {
  it('opens for its key on its day and the next', () => {
    expect(opens(key, text)).toBe(true);
    expect(opens(key, text, '2026-11-23T23:59:59.999Z')).toBe(true);
    expect(opens(key, text, '2026-11-24T00:00:00.000Z')).toBe(false);
  });

  it('is the same all day, so that a client keeps its connection', () => {
    expect(ticketText('acme', key, '2026-11-22T23:59:59.999Z')).toBe(text);
    expect(ticketText('acme', key, '2026-11-23T00:00:00.000Z')).not.toBe(text);
  });

  it('tells nothing of the secret and its digest', () => {
    expect(text).not.toContain(key.secret_digest.slice('sha256:'.length));
    expect(text).not.toContain(Buffer.from(key.secret_digest.slice(7), 'hex').toString('base64url'));
  });

  it.each([
    ['another tenant', text.replace('~acme~', '~globex~')],
    ['another environment', text.replace('~staging~', '~production~')],
    ['another key', text.replace('~key-1~', '~key-2~')],
    ['a later day', text.replace('2026-11-23', '2026-12-23')],
    ['another code', `${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`],
  ])('opens nothing once it says %s', (_, forged) => {
    expect(forged).not.toBe(text);
    expect(opens(key, forged)).toBe(false);
    expect(opens({ ...key, environment: 'production' }, forged)).toBe(false);
  });

  it('opens nothing for a key that was made anew, or is gone', () => {
    expect(opens({ ...key, secret_digest: secretDigest('t'.repeat(43)) }, text)).toBe(false);
    expect(opens(undefined, text)).toBe(false);
  });

  it.each([
    '',
    'sluice-stream~',
    text.slice(0, -1),
    `${text}~more`,
    text.replace('sluice-stream', 'sluice-key'),
  ])('is none: %j', (said) => expect(parseTicket(said)).toBeUndefined());
});
