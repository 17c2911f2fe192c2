import { describe, expect, it } from 'vitest';
import { PROBLEM_STATUS } from '../../functions/contract/problem.ts';
import { MEANINGS } from '../../functions/contract/problem-meanings.ts';
import { metaRoutes } from '../../functions/handlers/http/meta-routes.ts';
import { httpHandler } from '../../functions/handlers/http/stack.ts';
import { builtGuides } from '../support/built-guides.ts';
import { CONTEXT, httpEvent } from './event.ts';
import { testLog } from './log.ts';
import { deps } from './stack-stage.ts';

/** Asked without an identity, as a browser that follows a problem's type asks. */
async function explained(code: string) {
  const handler = httpHandler(metaRoutes, () => ({ ...deps([], new Map()), guides: builtGuides }), testLog());
  const { statusCode, body, headers } = await handler(
    httpEvent({ method: 'GET', path: `/problems/${code}` }),
    CONTEXT,
  );
  return { status: statusCode, headers, body: JSON.parse(body ?? '') };
}

describe('GET /problems/{code}', () => {
  it.each(Object.entries(PROBLEM_STATUS))('explains %s, without an identity', async (code, status) => {
    const answer = await explained(code);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ type: `/problems/${code}`, code, status });
    expect(answer.headers).toMatchObject({
      'strict-transport-security': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
    });
    expect(answer.body.meaning).toMatch(/^[A-Z].{20,}\.$/);
  });

  it('knows no other code', async () => {
    for (const code of ['toString', '__proto__', 'nope']) {
      expect((await explained(code)).status).toBe(404);
    }
  });

  it('gives every code a meaning of its own', () => {
    expect(new Set(Object.values(MEANINGS)).size).toBe(Object.keys(MEANINGS).length);
  });
});
