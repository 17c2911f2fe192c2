import { expect, it } from 'vitest';
import { isSigner } from '../../../functions/domain/gates/judge-gate.ts';
import { contentOf } from '../../support/promotion-facts.ts';

const named = {
  identity: 'https://github.com/acme/app/.github/workflows/build.yml@refs/heads/main',
  issuer: 'https://token.actions.githubusercontent.com',
  trusted_root: contentOf('root'),
} as const;
const any = { ...named, identity: 'https://github.com/acme/*' };

it.each([
  ['the very one', named, {}, true],
  ['one below the named prefix', any, {}, true],
  ['one of another identity', named, { identity: `${named.identity}2` }, false],
  ['one that only begins so', named, { identity: named.identity.slice(0, -1) }, false],
  ['one beside the named prefix', any, { identity: 'https://github.com/acme2/app' }, false],
  ['one of another issuer', named, { issuer: 'https://issuer.example' }, false],
  ['one of another issuer below the named prefix', any, { issuer: 'https://issuer.example' }, false],
  ['one under another root', named, { trusted_root: contentOf('another') }, false],
  ['one under no root', named, { trusted_root: undefined }, false],
  ['one without a name', named, { identity: undefined }, false],
  ['one whose name is no text', named, { identity: [named.identity] }, false],
])('a certificate is that of a named signer, or not: %s', (_, signer, change, is) => {
  const result = JSON.parse(JSON.stringify({ ...named, ...change }));
  expect(isSigner(signer, result)).toBe(is);
});
