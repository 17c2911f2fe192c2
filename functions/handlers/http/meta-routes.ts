import { getHealth, getOpenApi } from '../../contract/meta.ts';
import { openApi } from '../../contract/openapi.ts';
import type { Directory } from '../../ports/directory.ts';
import { ok } from './reply.ts';
import { type Route, route } from './route.ts';

let document: ReturnType<typeof openApi> | undefined;

/** What the API says of itself. */
export const metaRoutes: readonly Route<{ readonly directory: Directory }>[] = [
  route(getHealth, async (_, { directory }) => {
    // Any read does: no tenant is called so. A table that does not answer throws, which is a 503.
    await directory.tenant('healthz');
    return ok({ status: 'ok' });
  }),
  route(getOpenApi, async () => {
    document ??= openApi();
    return ok(document, { 'cache-control': 'public, max-age=300' });
  }),
];
