import * as z from 'zod/mini';
import { Grants } from '../domain/identity/member.ts';
import { EMPTY, endpoint } from './endpoint.ts';

/** The dashboard: one page that runs in the browser, at whichever of its addresses it is opened. */

/** What ends every path that pages ask for: so one greedy route of the gateway serves a resource and all below it, where a template has room for 500 resources. No id and no key holds it. */
export const END = '~';

/** Where pages ask for what the API has at a path. */
export const atPage = (path: string): string => `/web${path}/${END}`;

const base = { method: 'GET', tag: 'pages', body: EMPTY, errors: [], open: true } as const;
// What mail programs and trackers add to an address is not ours to refuse.
const anything = z.looseObject({});

export const openDashboard = endpoint({
  ...base,
  path: '/',
  operation: 'openDashboard',
  summary: 'Open the dashboard',
  query: anything,
  status: [200, 308],
});

export const openDashboardPage = endpoint({
  ...base,
  path: '/web/{page+}',
  operation: 'openDashboardPage',
  summary: 'Open a page of the dashboard, or one of its files',
  query: anything,
  status: [200, 308],
  page: [404],
});

export const getPageSession = endpoint({
  ...base,
  path: '/web/session',
  operation: 'getPageSession',
  summary: 'Get the session of this browser',
  query: EMPTY,
  response: z.strictObject({
    subject: z.string(),
    email: z.string(),
    /** The tenant of requests that name none; `null` when no tenant knows the person any more. */
    tenant: z.nullable(z.string()),
    roles: Grants,
    groups: z.array(z.string()),
    /** What writes to `/web/api` carry as `X-CSRF-Token`. */
    csrf: z.string(),
  }),
  status: [200],
  errors: ['unauthenticated'],
});
