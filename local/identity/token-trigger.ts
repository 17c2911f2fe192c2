import * as z from 'zod';
import type { UserPool } from '../cloudformation/user-pools.ts';
import type { Person } from './demo-people.ts';

export type TokenClaims = Readonly<Record<string, unknown>>;

/** The pre-token-generation event, version 2, for a sign-in. */
export function triggerEvent(person: Person, pool: UserPool, region: string, scopes: readonly string[]) {
  return {
    version: '2',
    triggerSource: 'TokenGeneration_Authentication',
    region,
    userPoolId: pool.id,
    userName: person.user_id,
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: pool.clientId },
    request: {
      userAttributes: {
        sub: person.user_id,
        email: person.email,
        email_verified: 'true',
        'cognito:user_status': 'CONFIRMED',
      },
      groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [], preferredRole: null },
      scopes,
    },
    response: { claimsAndScopeOverrideDetails: null },
  };
}

const changesSchema = z
  .object({
    claimsToAddOrOverride: z.record(z.string(), z.unknown()).nullish(),
    claimsToSuppress: z.array(z.string()).nullish(),
    scopesToAdd: z.array(z.string()).nullish(),
    scopesToSuppress: z.array(z.string()).nullish(),
  })
  .nullish();

const answerSchema = z.looseObject({
  response: z.looseObject({
    claimsAndScopeOverrideDetails: z
      .looseObject({
        accessTokenGeneration: changesSchema,
        idTokenGeneration: changesSchema,
        groupOverrideDetails: z.looseObject({ groupsToOverride: z.array(z.string()).nullish() }).nullish(),
      })
      .nullish(),
  }),
});

/** Claims that a trigger cannot change (Cognito, "Pre token generation Lambda trigger"). */
const fixed = new Set([
  'iss',
  'sub',
  'aud',
  'exp',
  'iat',
  'jti',
  'client_id',
  'token_use',
  'auth_time',
  'username',
  'event_id',
  'cognito:username',
  'origin_jti',
  'version',
]);

/** The claims after the trigger answered. Throws when the answer is not one. */
export function applyTrigger(
  claims: { readonly access: TokenClaims; readonly id: TokenClaims },
  answer: unknown,
) {
  const details = answerSchema.parse(answer).response.claimsAndScopeOverrideDetails;
  const groups = details?.groupOverrideDetails?.groupsToOverride;
  const grouped = groups?.length ? { 'cognito:groups': groups } : {};
  return {
    access: change({ ...claims.access, ...grouped }, details?.accessTokenGeneration),
    id: change({ ...claims.id, ...grouped }, details?.idTokenGeneration),
  };
}

function change(claims: TokenClaims, changes: z.infer<typeof changesSchema>): TokenClaims {
  const allowed = Object.entries(changes?.claimsToAddOrOverride ?? {}).filter(([name]) => !fixed.has(name));
  const merged: Record<string, unknown> = { ...claims, ...Object.fromEntries(allowed) };
  for (const name of changes?.claimsToSuppress ?? []) if (!fixed.has(name)) delete merged[name];
  if (typeof claims['scope'] !== 'string') return merged;
  const granted = new Set([...claims['scope'].split(' '), ...(changes?.scopesToAdd ?? [])]);
  for (const scope of changes?.scopesToSuppress ?? []) granted.delete(scope);
  return { ...merged, scope: [...granted].join(' ') };
}
