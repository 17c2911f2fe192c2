import * as contract from '../../contract/ofrep.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { authorize } from '../../use-cases/access/authorize.ts';
import { flagReader, ownEnvironment } from '../../use-cases/config/evaluate.ts';
import type { ReadDeps } from '../../use-cases/config/read.ts';
import { badFields } from './issues.ts';
import { allFlags, oneFlag } from './ofrep-answers.ts';
import { type Route, route } from './route.ts';

export const allFlagsOfCaller: Route<ReadDeps> = route(
  contract.evaluateFlags,
  async ({ principal, query, headers, body }, deps) => {
    const environment = await environmentOf(deps, principal, query.environment, headers);
    if (typeof environment !== 'string') return environment;
    const reader = await flagReader(deps, principal, environment);
    if (isRefusal(reader)) return reader;
    const known = headers['if-none-match'] ?? '';
    return await allFlags(deps, reader, { context: body.context ?? {}, known });
  },
);

/** `/ofrep/v1` for people and machines. */
export const ofrepRoutes: readonly Route<ReadDeps>[] = [
  route(contract.evaluateFlag, async ({ principal, param, query, headers, body }, deps) => {
    const environment = await environmentOf(deps, principal, query.environment, headers);
    if (typeof environment !== 'string') return environment;
    const reader = await flagReader(deps, principal, environment);
    if (isRefusal(reader)) return reader;
    return await oneFlag(deps, reader, { key: param('key'), context: body.context ?? {} });
  }),
  allFlagsOfCaller,
];

/** Which environment is asked for: the credential's own before what the request says. */
async function environmentOf(
  deps: ReadDeps,
  principal: Principal,
  asked: string | undefined,
  headers: { readonly [name: string]: string | undefined },
): Promise<string | Refusal> {
  const unread = await authorize(deps, principal, 'read');
  if (unread !== undefined) return unread;
  const environment = ownEnvironment(principal) ?? headers['x-sluice-environment'] ?? asked;
  if (environment !== undefined) return environment;
  return badFields([{ field: 'X-Sluice-Environment', problem: 'or ?environment= must name an environment' }]);
}
