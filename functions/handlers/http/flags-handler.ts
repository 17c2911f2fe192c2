import type { Context } from 'aws-lambda';
import { Fault } from '../../domain/faults.ts';
import type { IdentityProvider } from '../../ports/identity-provider.ts';
import type { ReadDeps } from '../../use-cases/config/read.ts';
import type { Deps } from '../../use-cases/deps.ts';
import type { Log } from '../lambda.ts';
import { preflight } from './cross-origin.ts';
import { type Call, readCall } from './event.ts';
import { bearerToken, presentedKey } from './flag-credential.ts';
import { identify, identifyMember, UNAUTHENTICATED } from './identity.ts';
import { allFlagsOfKey, type KeyedDeps, keyedFlagRoutes } from './keyed-flag-routes.ts';
import { allFlagsOfCaller, ofrepRoutes } from './ofrep-routes.ts';
import { type Answer, gatewayResult, replyOf } from './reply.ts';
import { type HttpHandler, httpHandler, type Identify, type StackDeps } from './stack.ts';
import { unchangedFlags } from './unchanged-flags.ts';

export type FlagsDeps = StackDeps &
  KeyedDeps &
  ReadDeps &
  Pick<Deps, 'late'> & {
    readonly provider: Pick<IdentityProvider, 'subjectOf'>;
  };

/** `/ofrep/v1`, open at the gateway of people: a flag key or an access token is checked here; at that of machines the gateway did. */
export function flagsHandler(wire: () => FlagsDeps, log: Log): HttpHandler {
  let wired: FlagsDeps | undefined;
  const once = () => {
    wired ??= wire();
    return wired;
  };
  const keyed = httpHandler(keyedFlagRoutes, once, log);
  const known = httpHandler(ofrepRoutes, once, log, undefined, identifyByToken);
  const handler = async (event: unknown, context: Context) => {
    const call = readCall(event);
    if (call.method === 'OPTIONS') {
      return gatewayResult(replyOf(preflight(call.headers['origin'])), call.requestId);
    }
    const isKeyed = call.authorizer === undefined && presentedKey(call.headers) !== undefined;
    const unchanged = await glance(call, isKeyed, once());
    if (unchanged !== undefined) return gatewayResult(replyOf(unchanged), call.requestId);
    return await (isKeyed ? keyed : known)(event, context);
  };
  return Object.assign(handler, { operations: known.operations });
}

/** What polls all flags has them already, nearly always: told so at half the price, and by strong reads whatever else there is to say. */
async function glance(call: Call, isKeyed: boolean, deps: FlagsDeps): Promise<Answer | undefined> {
  const { late, ...strong } = deps;
  if (late === undefined || call.method !== 'POST' || call.segments.join('/') !== ALL_FLAGS) return undefined;
  const glanced = { ...strong, ...late, denials: NONE_KEPT, nodes: NOTHING };
  return isKeyed
    ? await unchangedFlags(call, allFlagsOfKey, undefined, glanced)
    : await unchangedFlags(call, allFlagsOfCaller, identifyByToken, glanced);
}

const ALL_FLAGS = 'ofrep/v1/evaluate/flags';
const NONE_KEPT: FlagsDeps['denials'] = {
  record: async () => {},
  list: async () => ({ items: [] }),
};
/** To evaluate a flag is left to strong reads. */
const NOTHING: FlagsDeps['nodes'] = {
  reader() {
    throw new Fault('Unavailable', 'flags are not evaluated on late reads');
  },
  put: async () => {},
};

const identifyByToken: Identify<FlagsDeps> = async (call: Call, { directory, provider }) => {
  if (call.authorizer !== undefined) return identify(call, directory);
  const token = bearerToken(call.headers);
  const subject = token === undefined ? undefined : await provider.subjectOf(token);
  return subject === undefined ? UNAUTHENTICATED : identifyMember(call, subject, directory);
};
