import { gunzipSync } from 'node:zlib';
import * as contract from '../../contract/dashboard.ts';
import { getOverview } from '../../contract/overview.ts';
import type { Packing, SiteFiles } from '../../ports/site-files.ts';
import { accepts } from './packing.ts';
import type { Answer } from './reply.ts';
import { ok, problemReply } from './reply.ts';
import { type Route, route, type Unchecked } from './route.ts';
import { namesSession, readSession, type SessionDeps } from './session.ts';

export type DashboardDeps = SessionDeps & { readonly files: SiteFiles };

/** What a browser is told of the file's type, by the end of its name. */
const TYPES: { readonly [ending: string]: string } = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

/** The page that every address opens. */
const SHELL = 'index.html';

/** Files have the digest of their content in their names. */
const FOREVER = { 'cache-control': 'public, max-age=31536000, immutable' } as const;

/** The style sheet under a name of its own, for pages that other functions and the local runtime write. */
const STYLE = 'style.css';
const A_WHILE = { 'cache-control': 'public, max-age=300' } as const;

/** Nothing from elsewhere, nothing inline, no markup made of text, no frame around it; addresses are told to nobody. */
const SHELL_HEADERS = {
  'cache-control': 'no-cache',
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // The mark of the tab stands in the page itself.
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex',
} as const;

/** What the page will ask for first: a browser that is told begins while the script is still on its way. */
const SESSION = contract.getPageSession.path;
const OVERVIEW = contract.atPage(getOverview.path);

/** Tells a browser what to load ahead (RFC 8288; HTML, link type `preload`), asked as the script asks. */
const ahead = (paths: readonly string[]) => ({
  link: paths.map((path) => `<${path}>; rel=preload; as=fetch; crossorigin`).join(', '),
});

/** The dashboard's files, and who is signed in to it. */
export const dashboardRoutes: readonly Route<DashboardDeps>[] = [
  route(contract.openDashboard, async ({ headers, cookies }, deps) =>
    shell(deps, headers, '/', namesSession(deps.site, cookies) ? [SESSION, OVERVIEW] : [SESSION]),
  ),

  route(contract.openDashboardPage, async ({ param, headers, instance }, deps) => {
    const page = param('page');
    if (page === STYLE) return (await fileAnswer(deps, STYLE, headers, A_WHILE)) ?? nothing(instance);
    const [first, name = '', ...rest] = page.split('/');
    if (first !== 'assets') return shell(deps, headers, `/web/${page}`, [SESSION]);
    const file = rest.length === 0 ? await fileAnswer(deps, name, headers, FOREVER) : undefined;
    return file ?? nothing(instance);
  }),

  route(contract.getPageSession, async ({ cookies, now, instance }, deps) => {
    const known = await readSession(deps, { cookies, now });
    if (known === undefined) return problemReply('unauthenticated', 'nobody is signed in here', instance);
    const { subject, email, tenant = null, grants, groups, csrf } = known;
    return ok({ subject, email, tenant, roles: grants, groups, csrf });
  }),
];

const nothing = (instance: string): Answer =>
  problemReply('not_found', 'there is nothing at this path', instance);

/** The page, or the way to it on the host where people sign in: cookies of another host would not be known there. */
async function shell(
  deps: DashboardDeps,
  headers: Unchecked['headers'],
  path: string,
  first: readonly string[],
): Promise<Answer> {
  const { host } = new URL(deps.site.url);
  if (headers['host'] !== undefined && headers['host'] !== host) {
    const location = deps.site.url + path.split('/').map(encodeURIComponent).join('/');
    return { status: 308, text: '', headers: { location, 'cache-control': 'no-store' } };
  }
  const answer = await fileAnswer(deps, SHELL, headers, { ...SHELL_HEADERS, ...ahead(first) });
  if (answer === undefined) throw new Error('the files of the dashboard do not lie beside the function');
  return answer;
}

async function fileAnswer(
  { files }: DashboardDeps,
  name: string,
  { 'accept-encoding': accepted = '' }: Unchecked['headers'],
  more: NonNullable<Answer['headers']>,
): Promise<Answer | undefined> {
  const type = TYPES[name.slice(name.lastIndexOf('.') + 1)];
  const packing = PACKINGS.find((one) => accepts(accepted, one));
  const bytes = type === undefined ? undefined : await files.read(name, packing ?? 'gzip');
  if (type === undefined || bytes === undefined) return undefined;
  const packed = packing === undefined ? {} : { 'content-encoding': packing };
  return {
    status: 200,
    text: (packing === undefined ? gunzipSync(bytes) : bytes).toString('base64'),
    base64: true,
    headers: { 'content-type': type, vary: 'accept-encoding', ...packed, ...more },
  };
}

/** The better one first. */
const PACKINGS: readonly Packing[] = ['br', 'gzip'];
