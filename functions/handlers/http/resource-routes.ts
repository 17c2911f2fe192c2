import * as z from 'zod/mini';
import type { Endpoint } from '../../contract/endpoint.ts';
import { EMPTY } from '../../contract/endpoint.ts';
import type { Resource } from '../../contract/resource.ts';
import { Text } from '../../domain/fields.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import {
  type Description,
  isWaiting,
  type KeepingDeps,
  type Kept,
  type Outcome,
  type Ref,
} from '../../use-cases/catalog/description.ts';
import { changeItem, createItem, deleteItem, listItems, readItem } from '../../use-cases/catalog/keeping.ts';
import { etag, ifMatch } from './etag.ts';
import { pendingChangeView } from './pending-change-view.ts';
import { created as createdFrom, patched, replaced, splitReason } from './replacement.ts';
import { type Answer, created, noContent, ok } from './reply.ts';
import { type Request, type Route, route } from './route.ts';

/** A noun at the API, bound to what it is. `B` is what callers say of it. */
export type Bound<T extends Kept, B extends object> = {
  readonly resource: Resource<B>;
  readonly description: Description<T, B>;
  view(tenant: string, item: T): object;
  /** What is observed about one item, beside what it says: lists, empty where there is nothing. */
  observed?(
    deps: KeepingDeps,
    tenant: string,
    item: T,
  ): Promise<{ readonly [name: string]: readonly object[] }>;
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
  observed,
}: Bound<T, B>): readonly Route<KeepingDeps>[] {
  const { endpoints, key, path } = resource;
  const viewed = async (deps: KeepingDeps, tenant: string, item: T) => {
    const beside = await observed?.(deps, tenant, item);
    const seen = Object.values(beside ?? {}).flat();
    // Where nothing is observed, the version says all.
    const tag = seen.length === 0 ? etag(item.version) : etag(item.version, seen);
    return { body: { ...view(tenant, item), ...beside }, tag };
  };
  const shown = async (deps: KeepingDeps, tenant: string, item: T): Promise<Answer> => {
    const { body, tag } = await viewed(deps, tenant, item);
    return ok(body, tag);
  };
  const became = async (
    { principal, now }: Asked,
    outcome: Outcome<T>,
    done: (item: T) => Promise<Answer>,
  ): Promise<Answer> =>
    isWaiting(outcome)
      ? accepted(pendingChangeView(principal.tenant, outcome.pending, now), outcome.pending.id)
      : done(outcome);
  const refOf = ({ parameters }: Asked): Ref => {
    const { [key]: id = '', scope } = parameters;
    return scope === undefined ? { id } : { id, scope };
  };
  const changing = (endpoint: Endpoint, becomes: typeof replaced<B>) =>
    bound(endpoint, LATER, EMPTY, async (asked, deps: KeepingDeps) => {
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
      return isRefusal(item) ? item : became(asked, item, (one) => shown(deps, principal.tenant, one));
    });
  const list = endpoints.list;
  return [
    bound(endpoints.create, LATER, EMPTY, async (asked, deps) => {
      const { principal, body, keeping, parameters, dry_run } = asked;
      const { scope } = parameters;
      const said = createdFrom(resource, body);
      if ('refused' in said) return said;
      const made = async (item: T) => {
        if (dry_run) return shown(deps, principal.tenant, item);
        const place = scope === undefined ? path : path.replace('{scope}', scope);
        const at = `${place}/${description.idOf(item)}`;
        const { body: shownBody, tag } = await viewed(deps, principal.tenant, item);
        return created(shownBody, at, tag);
      };
      const answerOf = (outcome: Outcome<T>) => became(asked, outcome, made);
      const where = scope === undefined ? {} : { scope };
      const { answer: keep } = keeping((answer: Answer) => answer);
      const kept = keep && { answer: async (outcome: Outcome<T>) => keep(await answerOf(outcome)) };
      const item = await createItem(deps, description, {
        principal,
        ...said,
        ...where,
        ...kept,
      });
      return isRefusal(item) ? item : answerOf(item);
    }),
    ...(list === undefined ? [] : [bound(list, EMPTY, list.query, listed)]),
    bound(endpoints.get, EMPTY, EMPTY, async (asked, deps) => {
      const { principal } = asked;
      const item = await readItem(deps, description, { principal, ref: refOf(asked) });
      return isRefusal(item) ? item : shown(deps, principal.tenant, item);
    }),
    changing(endpoints.replace, replaced),
    changing(endpoints.patch, patched),
    bound(endpoints.remove, EMPTY, WHY, async (asked, deps) => {
      const { principal, headers, query } = asked;
      const match = ifMatch(headers);
      if ('refused' in match) return match;
      const removing = { principal, ref: refOf(asked), ifMatch: match.versions, ...query };
      const item = await deleteItem(deps, description, removing);
      return isRefusal(item) ? item : became(asked, item, async () => noContent);
    }),
  ];

  async function listed({ principal, page, paged }: Asked, deps: KeepingDeps): Promise<Answer | Refusal> {
    const asked = await page(deps);
    if ('refused' in asked) return asked;
    const items = await listItems(deps, description, { principal, page: asked });
    return isRefusal(items) ? items : paged(deps, items, (item) => view(principal.tenant, item));
  }
}

/** 202 with the change that waits for a second admin. */
const accepted = (body: object, id: string): Answer => ({
  status: 202,
  body,
  headers: { location: `/api/v1/pending-changes/${id}` },
});

/** A route whose body is parsed by its code, while the endpoint says to callers what it takes. */
export function bound<B, Q, D extends object>(
  endpoint: Endpoint,
  body: z.ZodMiniType<B>,
  query: z.ZodMiniType<Q>,
  run: (request: Request<string, B, Q>, deps: D) => Promise<Answer | Refusal>,
): Route<D> {
  const { serve } = route<string, B, Q, D>({ ...endpoint, body, query }, run);
  return { endpoint, serve };
}
