import * as z from 'zod/mini';
import type { Endpoint } from '../../contract/endpoint.ts';
import { EMPTY } from '../../contract/endpoint.ts';
import { Text } from '../../contract/fields.ts';
import type { Resource } from '../../contract/resource.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Description, KeepingDeps, Kept, Ref } from '../../use-cases/catalog/description.ts';
import { changeItem, createItem, deleteItem, listItems, readItem } from '../../use-cases/catalog/keeping.ts';
import { etag, ifMatch } from './etag.ts';
import { created as createdFrom, patched, replaced, splitReason } from './replacement.ts';
import { type Answer, created, noContent, ok } from './reply.ts';
import { type Request, type Route, route } from './route.ts';

/** A noun at the API, bound to what it is. `B` is what callers say of it. */
export type Bound<T extends Kept, B extends object> = {
  readonly resource: Resource<B>;
  readonly description: Description<T, B>;
  view(tenant: string, item: T): object;
};

/** Bodies are parsed after authorization, against the item as it stands. */
const LATER = z.unknown();
const WHY = z.strictObject({ reason: z.exactOptional(Text) });

type Asked = Request<string, unknown, unknown>;

/** The routes of a noun's verbs. */
export function resourceRoutes<T extends Kept, B extends object>({
  resource,
  description,
  view,
}: Bound<T, B>): readonly Route<KeepingDeps>[] {
  const { endpoints, key, path } = resource;
  const shown = (tenant: string, item: T): Answer => ok(view(tenant, item), etag(item.version));
  const refOf = ({ parameters }: Asked): Ref => {
    const { [key]: id = '', scope } = parameters;
    return scope === undefined ? { id } : { id, scope };
  };
  const changing = (endpoint: Endpoint, becomes: typeof replaced<B>) =>
    bound(endpoint, LATER, EMPTY, async (asked, deps) => {
      const { principal, body, headers } = asked;
      const match = ifMatch(headers);
      if ('refused' in match) return match;
      const said = splitReason(resource, body);
      if ('refused' in said) return said;
      const item = await changeItem(deps, description, {
        principal,
        ref: refOf(asked),
        fieldsOf: (stored) => becomes(resource, said.members, view(principal.tenant, stored)),
        ifMatch: match.versions,
        ...said.why,
      });
      return isRefusal(item) ? item : shown(principal.tenant, item);
    });
  const list = endpoints.list;
  return [
    bound(endpoints.create, LATER, EMPTY, async (asked, deps) => {
      const { principal, body, keeping, parameters } = asked;
      const { scope } = parameters;
      const said = createdFrom(resource, body);
      if ('refused' in said) return said;
      const answerOf = (item: T) => {
        const place = scope === undefined ? path : path.replace('{scope}', scope);
        const at = `${place}/${description.idOf(item)}`;
        return created(view(principal.tenant, item), at, etag(item.version));
      };
      const where = scope === undefined ? {} : { scope };
      const item = await createItem(deps, description, {
        principal,
        ...said,
        ...where,
        ...keeping(answerOf),
      });
      return isRefusal(item) ? item : answerOf(item);
    }),
    ...(list === undefined ? [] : [bound(list, EMPTY, list.query, listed)]),
    bound(endpoints.get, EMPTY, EMPTY, async (asked, deps) => {
      const { principal } = asked;
      const item = await readItem(deps, description, { principal, ref: refOf(asked) });
      return isRefusal(item) ? item : shown(principal.tenant, item);
    }),
    changing(endpoints.replace, replaced),
    changing(endpoints.patch, patched),
    bound(endpoints.remove, EMPTY, resource.reasons ? EMPTY : WHY, async (asked, deps) => {
      const { principal, headers, query } = asked;
      const match = ifMatch(headers);
      if ('refused' in match) return match;
      const removing = { principal, ref: refOf(asked), ifMatch: match.versions, ...query };
      const item = await deleteItem(deps, description, removing);
      return isRefusal(item) ? item : noContent;
    }),
  ];

  async function listed({ principal, page, paged }: Asked, deps: KeepingDeps): Promise<Answer | Refusal> {
    const asked = await page(deps);
    if ('refused' in asked) return asked;
    const items = await listItems(deps, description, { principal, page: asked });
    return isRefusal(items) ? items : paged(deps, items, (item) => view(principal.tenant, item));
  }
}

/** A route whose body is parsed by its code, while the endpoint says to callers what it takes. */
function bound<B, Q>(
  endpoint: Endpoint,
  body: z.ZodMiniType<B>,
  query: z.ZodMiniType<Q>,
  run: (request: Request<string, B, Q>, deps: KeepingDeps) => Promise<Answer | Refusal>,
): Route<KeepingDeps> {
  const { serve } = route<string, B, Q, KeepingDeps>({ ...endpoint, body, query }, run);
  return { endpoint, serve };
}
