import type { HttpApi, Route, RouteAuthorizer } from '../cloudformation/http-apis.ts';
import type { UserPool } from '../cloudformation/user-pools.ts';
import type { Issuer } from '../identity/issuer.ts';
import type { MachineCredential } from '../identity/machine-credentials.ts';
import type { Functions } from '../lambda/functions.ts';
import type { InvokeResult } from '../lambda/protocol.ts';
import { localAccountId } from '../surroundings.ts';
import { eventOf, type HttpRequest } from './event.ts';
import { gatewayAnswer, type HttpAnswer } from './gateway-answer.ts';
import { authorizeIam } from './iam-authorizer.ts';
import { authorizeJwt, type Verdict } from './jwt-authorizer.ts';
import { answerOf } from './response.ts';
import { matchRoute } from './router.ts';

/** What the gateway works with. */
export interface GatewaySetting {
  readonly apis: readonly HttpApi[];
  readonly functions: Functions;
  readonly issuer: Issuer | undefined;
  readonly pool: UserPool | undefined;
  readonly machines: readonly MachineCredential[];
}

/** Answers requests as the HTTP APIs of the template would: route, authorizer, function, answer. */
export function createGateway(setting: GatewaySetting): (request: HttpRequest) => Promise<HttpAnswer> {
  return async (request) => {
    const api = chooseApi(setting.apis, request.headers.authorization);
    const match = api === undefined ? undefined : matchRoute(api.routes, request.method, request.path);
    if (api === undefined || match === undefined) return gatewayAnswer(404);
    const verdict = await authorize(match.route.authorizer, request, setting);
    if (!verdict.allowed) return gatewayAnswer(verdict.status, verdict.headers);
    const event = eventOf(request, api.id, localAccountId, match, verdict.authorizer);
    const result = await withinTimeout(
      match.route,
      setting.functions.invoke(match.route.functionName, event),
    );
    return result === undefined ? gatewayAnswer(503) : answerOf(result);
  };
}

/** All APIs share one port: a signed request is for the one that machines use, any other for the one of people. */
function chooseApi(apis: readonly HttpApi[], authorization = ''): HttpApi | undefined {
  const kind: RouteAuthorizer['kind'] = authorization.startsWith('AWS4-HMAC-SHA256') ? 'iam' : 'jwt';
  return apis.find(({ routes }) => routes.some(({ authorizer }) => authorizer.kind === kind)) ?? apis[0];
}

async function authorize(
  rule: RouteAuthorizer,
  request: HttpRequest,
  setting: GatewaySetting,
): Promise<Verdict> {
  switch (rule.kind) {
    case 'none':
      return { allowed: true, authorizer: undefined };
    case 'iam':
      return authorizeIam(request, setting.machines, Date.now());
    case 'jwt': {
      const { issuer, pool } = setting;
      if (issuer === undefined || pool?.cognitoIssuer !== rule.issuer) {
        throw new Error(`No local issuer stands for ${rule.issuer}.`);
      }
      const { audience, scopes } = rule;
      return authorizeJwt(request.headers.authorization, {
        issuer: issuer.url,
        audience,
        scopes,
        keys: issuer.keys,
      });
    }
    default:
      return rule satisfies never;
  }
}

async function withinTimeout(route: Route, result: Promise<InvokeResult>): Promise<InvokeResult | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), route.timeoutMs);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}
