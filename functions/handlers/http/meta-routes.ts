import { getHealth, getOpenApi, getProblem, openDocs, openDocsGroup } from '../../contract/meta.ts';
import { openApi } from '../../contract/openapi.ts';
import { PROBLEM_STATUS, type ProblemCode, titleOf } from '../../contract/problem.ts';
import { MEANINGS } from '../../contract/problem-meanings.ts';
import { refuse } from '../../domain/refusal.ts';
import type { Directory } from '../../ports/directory.ts';
import { docsGroupPage, docsPage } from '../pages/docs-page.ts';
import { ok } from './reply.ts';
import { type Route, route } from './route.ts';

let document: ReturnType<typeof openApi> | undefined;

function described(): ReturnType<typeof openApi> {
  document ??= openApi();
  return document;
}

/** What the API says of itself. */
export const metaRoutes: readonly Route<{ readonly directory: Directory }>[] = [
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
  route(openDocs, async () => docsPage(described())),
  route(openDocsGroup, async ({ param }) => {
    const group = docsGroupPage(described(), param('group'));
    return group ?? refuse('not_found', 'there is no such group of operations');
  }),
];
