import * as z from 'zod/mini';
import { dynamoDoors } from '../adapters/dynamodb/doors.ts';
import { openTable } from '../adapters/dynamodb/table.ts';
import { httpsEgress } from '../adapters/egress/https.ts';
import { oidcProvider } from '../adapters/oidc/identity-provider.ts';
import type { IdentityProvider } from '../ports/identity-provider.ts';
import type { Doors } from '../ports/stores.ts';
import type { Environment } from './environment.ts';
import type { Site } from './http/cookies.ts';

const Variables = z.object({
  PUBLIC_URL: z.url().check(z.regex(/[^/]$/)),
  OIDC_ISSUER: z.url().check(z.regex(/[^/]$/)),
  OIDC_CLIENT_ID: z.string().check(z.minLength(1)),
});

/** What bearer secrets open. Opens no connection by itself. */
export const wireDoors = ({ tableName }: Pick<Environment, 'tableName'>): Doors =>
  dynamoDoors(openTable(tableName));

/** Where people reach the pages. Throws when the function was not told. */
export function wireSite(variables: NodeJS.ProcessEnv = process.env): Site {
  return { url: z.parse(Variables.shape.PUBLIC_URL, variables['PUBLIC_URL']) };
}

/** Where people prove who they are. Throws when the function was not told. */
export function wireProvider(
  { allowLoopback }: Pick<Environment, 'allowLoopback'>,
  variables: NodeJS.ProcessEnv = process.env,
): IdentityProvider {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = z.parse(Variables, variables);
  return oidcProvider({ issuer, clientId, egress: httpsEgress({ allowLoopback }), now: Date.now });
}
