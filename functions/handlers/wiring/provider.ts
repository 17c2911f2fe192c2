import * as z from 'zod/mini';
import { httpsEgress } from '../../adapters/egress/https.ts';
import type { IdentityProvider } from '../../ports/identity-provider.ts';
import type { Environment } from '../environment.ts';

const Variables = z.object({
  OIDC_ISSUER: z.url().check(z.regex(/[^/]$/)),
  OIDC_CLIENT_ID: z.string().check(z.minLength(1)),
});

/** Who somebody is, and their address: nothing else is asked for. */
const SCOPES = ['openid', 'email'];

/** Where people prove who they are; loaded by the first who does. Throws when the function was not told. */
export function wireProvider(
  { allowLoopback }: Pick<Environment, 'allowLoopback'>,
  variables: NodeJS.ProcessEnv = process.env,
): IdentityProvider {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = z.parse(Variables, variables);
  const client = { issuer, clientId, scopes: SCOPES };
  let opened: Promise<IdentityProvider> | undefined;
  const open = () => {
    opened ??= import('../../adapters/oidc/identity-provider.ts').then((late) =>
      late.oidcProvider({ client, egress: httpsEgress({ allowLoopback }), now: Date.now }),
    );
    return opened;
  };
  return {
    client,
    address: async (attempt) => (await open()).address(attempt),
    redeem: async (code, attempt) => (await open()).redeem(code, attempt),
    subjectOf: async (token) => (await open()).subjectOf(token),
  };
}
