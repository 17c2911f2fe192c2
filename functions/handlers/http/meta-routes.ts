import {
  getHealth,
  getOpenApi,
  getProblem,
  openDocs,
  openDocsGroup,
  openGuide,
} from '../../contract/meta.ts';
import { openApi } from '../../contract/openapi.ts';
import { PROBLEM_STATUS, type ProblemCode, titleOf } from '../../contract/problem.ts';
import { MEANINGS } from '../../contract/problem-meanings.ts';
import { refuse } from '../../domain/refusal.ts';
import type { Directory } from '../../ports/directory.ts';
import type { SiteFiles } from '../../ports/site-files.ts';
import { docsGroupPage, docsGuidePage, docsPage } from '../pages/docs-page.ts';
import { type Guide, readGuides } from '../pages/guide.ts';
import { ok } from './reply.ts';
import { type Route, route } from './route.ts';

let document: ReturnType<typeof openApi> | undefined;

function described(): ReturnType<typeof openApi> {
  document ??= openApi();
  return document;
}

/** `guides`: what the build made of the guides. */
export type MetaDeps = { readonly directory: Directory; readonly guides: SiteFiles };

/** Read once of each set of files: they do not change while the function runs. */
const guidesOf = new WeakMap<SiteFiles, readonly Guide[]>();

async function read(files: SiteFiles): Promise<readonly Guide[]> {
  const known = guidesOf.get(files) ?? (await readGuides(files));
  guidesOf.set(files, known);
  return known;
}

/** What the API says of itself. */
export const metaRoutes: readonly Route<MetaDeps>[] = [
  route(getHealth, async (_, { directory }) => {
    // Any read does: no tenant is called so. A table that does not answer throws, which is a 503.
    await directory.tenant('healthz');
    return ok({ status: 'ok' });
  }),
  route(getProblem, async ({ param }) => {
    const code = Object.keys(MEANINGS).find((each): each is ProblemCode => each === param('code'));
    if (code === undefined) return refuse('not_found', 'no problem has this code');
    const body = {
      type: `/problems/${code}`,
      code,
      title: titleOf(code),
      status: PROBLEM_STATUS[code],
      meaning: MEANINGS[code],
    };
    return ok(body, { 'cache-control': 'public, max-age=300' });
  }),
  route(getOpenApi, async () => ok(described(), { 'cache-control': 'public, max-age=300' })),
  route(openDocs, async (_, { guides }) => docsPage(described(), await read(guides))),
  route(openGuide, async ({ param }, { guides }) => {
    const guide = docsGuidePage(described(), await read(guides), param('guide'));
    return guide ?? refuse('not_found', 'there is no such guide');
  }),
  route(openDocsGroup, async ({ param }, { guides }) => {
    const group = docsGroupPage(described(), await read(guides), param('group'));
    return group ?? refuse('not_found', 'there is no such group of operations');
  }),
];
