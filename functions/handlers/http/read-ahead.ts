import type { Endpoint } from '../../contract/endpoint.ts';
import { withoutNulls } from '../../contract/shape.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { type Sharing, sharedReads } from '../../use-cases/engine/shared-reads.ts';
import { readJson, unfitBody } from './body.ts';
import type { Call } from './event.ts';
import { isTenant } from './identity.ts';
import { parsed } from './issues.ts';
import type { Parameters } from './match.ts';
import type { Answer } from './reply.ts';
import { type Begun, type Request, type Route, route } from './route.ts';

/** What a call says before anybody knows whether its caller may: the tenant that it names, and well-formed words. */
export type Said<B> = { readonly tenant: string; readonly body: B; readonly parameters: Parameters };

/**
 * Binds an endpoint as `route` does. What `begin` reads depends on nothing but the call's own words, so it is read beside the membership:
 * a few items, whoever calls. All that they decide is decided once the caller is known, on the very same reads.
 */
export function routeAhead<const P extends string, B, Q, D extends Sharing>(
  endpoint: Endpoint<P, B, Q>,
  begin: (said: Said<B>, deps: D) => void,
  run: (request: Request<P, B, Q>, deps: D) => Promise<Answer | Refusal>,
): Route<D> {
  const bound = route(endpoint, run);
  return {
    ...bound,
    ahead(tenant, { body: text, parameters }, deps) {
      const { deps: own, settled } = sharedReads(deps);
      const body = parsed(endpoint.body, withoutNulls(endpoint.body, text));
      if (!('refused' in body)) begin({ tenant, body: body.value, parameters }, own);
      return { serve: (call) => bound.serve(call, own), settled };
    },
  };
}

/**
 * Begins to read for a call whose caller the gateway has seen: of a tenant that nobody proved a right to, so what was read is told to
 * nobody before that. `undefined` where the call names no tenant, and for pages, whose callers nobody has seen yet.
 */
export function readAhead<D>(
  call: Call,
  { endpoint, ahead }: Route<D>,
  parameters: Parameters,
  deps: D,
): Begun | undefined {
  const tenant = call.headers['x-tenant-id'];
  if (ahead === undefined || call.via !== 'gateway' || call.authorizer === undefined) return undefined;
  if (tenant === undefined || !isTenant(tenant) || unfitBody(call, endpoint) !== undefined) return undefined;
  const json = readJson(call.body);
  return 'refused' in json ? undefined : ahead(tenant, { body: json.value, parameters }, deps);
}
