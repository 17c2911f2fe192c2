import * as z from 'zod/mini';
import { homeOf } from '../../domain/identity/home.ts';
import type { Membership } from '../../domain/identity/member.ts';
import type { Directory } from '../../ports/directory.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { wireTable } from '../wiring/table.ts';

/** What is read of Cognito's pre-token-generation event, version V2_0; all else is handed back as it came. */
const TokenEvent = z.looseObject({
  request: z.looseObject({
    userAttributes: z.looseObject({ sub: z.string() }),
  }),
  response: z.optional(z.nullable(z.looseObject({}))),
});

type Claims = { readonly [name: string]: string | readonly string[] };

/**
 * Copies a person's memberships into both tokens, so that a client can show a name and a tenant without asking: those of the tenant that
 * counts when a call names none.
 * Sluice itself never believes them: it reads the membership with every request.
 * A directory that does not answer gives a token without them, as Cognito signs nobody in when a trigger fails.
 */
export function tokenClaimsHandler(
  wired: () => { readonly directory: Directory },
  log: Log,
): (event: unknown) => Promise<unknown> {
  let deps: ReturnType<typeof wired> | undefined;
  return async (event) => {
    const parsed = z.parse(TokenEvent, event);
    deps ??= wired();
    const claims = await claimsOf(deps.directory, parsed.request.userAttributes.sub, log);
    const generation = { claimsToAddOrOverride: claims };
    return {
      ...parsed,
      response: {
        ...parsed.response,
        claimsAndScopeOverrideDetails: { idTokenGeneration: generation, accessTokenGeneration: generation },
      },
    };
  };
}

async function claimsOf(directory: Directory, subject: string, log: Log): Promise<Claims> {
  try {
    const memberships = (await directory.membershipsOf(subject)).filter(({ status }) => status === 'active');
    const home = homeOf(memberships);
    return { tenants: memberships.map(({ tenant }) => tenant), ...(home === undefined ? {} : ofOne(home)) };
  } catch (error) {
    log.error('claims_left_out', error);
    return {};
  }
}

/** Roles that hold in the whole tenant; those of one environment are no word that fits a token. */
function ofOne({ tenant, email, groups, grants }: Membership): Claims {
  const roles = grants.filter(({ environment }) => environment === undefined).map(({ role }) => role);
  return { tenant, email, roles: [...new Set(roles)], groups };
}

export const handler = tokenClaimsHandler(() => wireTable(readEnvironment()), openLog());
