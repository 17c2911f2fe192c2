import * as contract from '../../contract/ofrep.ts';
import { digestOfBytes } from '../../domain/digest.ts';
import type { Evaluated, FlagContext } from '../../domain/flags/evaluate-flag.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { unreachable } from '../../domain/unreachable.ts';
import { authorize } from '../../use-cases/access/authorize.ts';
import { evaluateAll, evaluateOne, ownEnvironment } from '../../use-cases/config/evaluate.ts';
import type { ReadDeps } from '../../use-cases/config/read.ts';
import { badFields } from './issues.ts';
import { ok } from './reply.ts';
import { type Route, route } from './route.ts';

/** `/ofrep/v1`. */
export const ofrepRoutes: readonly Route<ReadDeps>[] = [
  route(contract.evaluateFlag, async ({ principal, param, query, headers, body }, deps) => {
    const environment = await environmentOf(deps, principal, query.environment, headers);
    if (typeof environment !== 'string') return environment;
    const [key, context]: [string, FlagContext] = [param('key'), body.context ?? {}];
    const found = await evaluateOne(deps, { principal, environment, context, key });
    if (isRefusal(found)) return found;
    const view = flagView(key, found.evaluated);
    return { status: statusOf(found.evaluated), body: view };
  }),
  route(contract.evaluateFlags, async ({ principal, query, headers, body }, deps) => {
    const environment = await environmentOf(deps, principal, query.environment, headers);
    if (typeof environment !== 'string') return environment;
    const context: FlagContext = body.context ?? {};
    const tagOf = (root: string) =>
      `"${digestOfBytes(JSON.stringify([root, context])).slice('sha256:'.length)}"`;
    const asked = headers['if-none-match'] ?? '';
    const found = await evaluateAll(deps, {
      principal,
      environment,
      context,
      known: (root) => asked.includes(tagOf(root)),
    });
    if (isRefusal(found)) return found;
    const tagged = { etag: tagOf(found.root), 'cache-control': 'private, no-cache' };
    if (found.flags === undefined) return { status: 304, headers: tagged };
    return ok({ flags: found.flags.map(({ key, evaluated }) => flagView(key, evaluated)) }, tagged);
  }),
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

function flagView(key: string, evaluated: Evaluated | undefined) {
  if (evaluated === undefined)
    return { key, errorCode: 'FLAG_NOT_FOUND', errorDetails: `there is no flag ${key}` };
  switch (evaluated.outcome) {
    case 'served': {
      const { reason, variant, value } = evaluated;
      return { key, reason, variant, value };
    }
    case 'disabled':
      return { key, reason: 'DISABLED', variant: '' };
    case 'no_targeting_key':
      return { key, errorCode: 'TARGETING_KEY_MISSING', errorDetails: 'a split needs a targetingKey' };
    case 'unusable':
      return { key, errorCode: 'GENERAL', errorDetails: evaluated.why };
    default:
      return unreachable(evaluated);
  }
}

function statusOf(evaluated: Evaluated | undefined): number {
  if (evaluated === undefined) return 404;
  return evaluated.outcome === 'served' || evaluated.outcome === 'disabled' ? 200 : 400;
}
