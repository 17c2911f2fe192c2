import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../functions/domain/config-tree/entry.ts';
import { holdsFingerprint } from '../../../functions/domain/config-tree/fingerprint.ts';
import { looksSecret } from '../../../functions/domain/config-tree/looks-secret.ts';
import { shownEntry, shownSides } from '../../../functions/domain/config-tree/mask.ts';
import { keyedHash } from '../../../functions/domain/digest.ts';
import type { Json } from '../../../functions/domain/jcs.ts';
import { expectLinear } from '../../support/growth.ts';
import { KEYED } from './trees.ts';

const config = (value: Json, sensitive?: boolean, key = 'db.host'): Entry => ({
  kind: 'config',
  key,
  value,
  ...(sensitive === undefined ? {} : { sensitive }),
});
const FLAG: Entry = {
  kind: 'flag',
  key: 'pay',
  enabled: true,
  variants: { on: 'hunter2', off: 'hunter2' },
  default_variant: 'off',
  targeting: { otherwise: { variant: 'on' } },
  sensitive: true,
};
const textOf = (entry: Entry) => JSON.stringify(shownEntry(entry, KEYED));

describe('a mask', () => {
  it('hides a sensitive value, and all that a sensitive flag says', () => {
    for (const text of [textOf(config({ user: 'hunter2' }, true)), textOf(FLAG)]) {
      expect(text).not.toContain('hunter2');
      expect(holdsFingerprint(text)).toBe(true);
    }
    expect(textOf(FLAG)).not.toContain('otherwise');
    expect(shownEntry(FLAG, KEYED)).toMatchObject({ key: 'pay', enabled: true, default_variant: 'off' });
  });

  it('leaves every other entry as it is', () => {
    const secret: Entry = { kind: 'config', key: 'db', secret_ref: 'arn:aws:s:::x' };
    for (const entry of [config('a'), config('a', false), secret]) {
      expect(shownEntry(entry, KEYED)).toEqual(entry);
    }
  });

  it('is the same for the same value of a key, and another for another value, key or tenant', () => {
    const one = textOf(config('a', true));
    expect(textOf(config('a', true))).toBe(one);
    const fingerprint = /[0-9a-f]{32}/.exec(one)?.[0] ?? 'none';
    expect(textOf(config('b', true))).not.toContain(fingerprint);
    expect(textOf(config('a', true, 'db.other'))).not.toContain(fingerprint);
    const other = keyedHash(new Uint8Array(32).fill(8));
    expect(JSON.stringify(shownEntry(config('a', true), other))).not.toContain(fingerprint);
  });

  it('is on both sides of a change when either side is sensitive', () => {
    const texts = (before: Entry | null, after: Entry | null) =>
      shownSides([before, after], KEYED).map((side) => JSON.stringify(side).includes('hunter2'));
    expect(texts(config('hunter2'), config('hunter2', true))).toEqual([false, false]);
    expect(texts(config('hunter2', true), config('hunter2'))).toEqual([false, false]);
    expect(texts(config('hunter2', true), null)).toEqual([false, false]);
    expect(texts(config('hunter2'), config('hunter2'))).toEqual([true, true]);
  });
});

describe('an entry looks like a secret', () => {
  it.each([
    ...['db.password', 'DB_PASSWORD', 'smtpPassword', 'github/access-token', 'stripe.apiKey', 'api_key'],
    ...['service-secret', 'tls.private-key'],
  ])('by its name: %s', (key) => {
    expect(looksSecret(shownEntry(config('hunter2', undefined, key), KEYED))).toBe(true);
  });

  it.each<[string, Json]>([
    ['a private key', '-----BEGIN EC PRIVATE KEY-----\nMHc'],
    ['an AWS access key', `AKIA${'A'.repeat(16)}`],
    ['a GitHub token', `ghp_${'a'.repeat(36)}`],
    ['a Slack token', `xoxb-${'1'.repeat(12)}`],
    ['a JSON Web Token', `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.c`],
    ['a URL with a password', 'postgres://app:hunter2@db.acme.com/app'],
    ['a member with a telling name', { users: [{ name: 'app', password: 'hunter2' }] }],
  ])('by its form: %s', (_, value) => {
    expect(looksSecret(shownEntry(config(value), KEYED))).toBe(true);
  });

  it.each<[string, string, Json]>([
    ['a word that is not the last', 'auth.token-issuer', 'https://id.acme.com'],
    ['a number', 'password', 12],
    ['a plural', 'ai.max-tokens', '4096'],
    ['a URL with a port', 'site', 'https://acme.com:8443/a@b'],
    ['an empty text', 'password', ''],
  ])('not by %s', (_, key, value) => {
    expect(looksSecret(shownEntry(config(value, undefined, key), KEYED))).toBe(false);
  });

  it('not when its editor says that it is none', () => {
    expect(looksSecret(shownEntry(config('hunter2', false, 'password'), KEYED))).toBe(false);
  });

  it.each(['eyJaaaaaaaaa-', 'a://b:', '-----BEGIN ', 'sk-', 'xoxb'])('in linear time: %s', (part) => {
    expectLinear((size) => looksSecret(shownEntry(config(part.repeat(size / part.length)), KEYED)), 65_000);
  });
});
