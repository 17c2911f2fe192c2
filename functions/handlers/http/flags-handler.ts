import type { Context } from 'aws-lambda';
import type { IdentityProvider } from '../../ports/identity-provider.ts';
import type { ReadDeps } from '../../use-cases/config/read.ts';
import type { Log } from '../lambda.ts';
import { preflight } from './cross-origin.ts';
import { type Call, readCall } from './event.ts';
import { bearerToken, presentedKey } from './flag-credential.ts';
import { identify, identifyMember, UNAUTHENTICATED } from './identity.ts';
import { type KeyedDeps, keyedFlagRoutes } from './keyed-flag-routes.ts';
import { ofrepRoutes } from './ofrep-routes.ts';
import { gatewayResult, replyOf } from './reply.ts';
import { type HttpHandler, httpHandler, type Identify, type StackDeps } from './stack.ts';

export type FlagsDeps = StackDeps &
  KeyedDeps &
  ReadDeps & { readonly provider: Pick<IdentityProvider, 'subjectOf'> };

/** `/ofrep/v1`, open at the gateway of people: a flag key or an access token is checked here; at that of machines the gateway did. */
export function flagsHandler(wire: () => FlagsDeps, log: Log): HttpHandler {
  let wired: FlagsDeps | undefined;
  const once = () => {
    wired ??= wire();
    return wired;
  };
  const keyed = httpHandler(keyedFlagRoutes, once, log);
  const known = httpHandler(ofrepRoutes, once, log, undefined, identifyByToken);
  return async (event: unknown, context: Context) => {
    const call = readCall(event);
    if (call.method === 'OPTIONS') {
      return gatewayResult(replyOf(preflight(call.headers['origin'])), call.requestId);
    }
    const isKeyed = call.authorizer === undefined && presentedKey(call.headers) !== undefined;
    return await (isKeyed ? keyed : known)(event, context);
  };
}

const identifyByToken: Identify<FlagsDeps> = async (call: Call, { directory, provider }) => {
  if (call.authorizer !== undefined) return identify(call, directory);
  const token = bearerToken(call.headers);
  const subject = token === undefined ? undefined : await provider.subjectOf(token);
  return subject === undefined ? UNAUTHENTICATED : identifyMember(call, subject, directory);
};
