import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metaRoutes } from '../../functions/handlers/http/meta-routes.ts';
import { httpHandler } from '../../functions/handlers/http/stack.ts';
import { builtGuides } from '../support/built-guides.ts';
import { CONTEXT, httpEvent } from './event.ts';
import { testLog } from './log.ts';
import { deps } from './stack-stage.ts';

const handler = httpHandler(metaRoutes, () => ({ ...deps([], new Map()), guides: builtGuides }), testLog());

async function answerTo(path: string, method = 'GET') {
  const { statusCode, headers, body } = await handler(httpEvent({ method, path }), CONTEXT);
  return { status: statusCode, location: headers?.['location'], type: headers?.['content-type'], body };
}

describe('a path that no route takes', () => {
  it.each([
    ['/api/v1/promotions/', '/api/v1/promotions'],
    ['/api/v1/promotions/?status=pending&waiting_for=me', '/api/v1/promotions?status=pending&waiting_for=me'],
    ['/docs//', '/docs'],
    ['/api/v1//config/ä b/', '/api/v1/config/%C3%A4%20b'],
    ['//evil.example/', '/evil.example'],
    ['/\\evil.example/', '/%5Cevil.example'],
    ['//', '/'],
  ])('%s belongs to %s', async (path, location) => {
    for (const method of ['GET', 'POST', 'DELETE']) {
      expect(await answerTo(path, method)).toMatchObject({ status: 308, location });
    }
  });

  it('and has no slash too many is nothing, in our own words', async () => {
    const answer = await answerTo('/nowhere');
    expect(answer).toMatchObject({ status: 404, type: 'application/problem+json' });
    expect(answer.body).toContain('unknown_operation');
  });

  it('never leads to another host, whatever it is', async () => {
    const piece = fc.oneof(fc.constantFrom('/', '//', '\\', '..', '%2F', '@', ':', '#', '\r\n'), fc.string());
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const { status, location } = await answerTo(`/${pieces.join('').replaceAll('?', '')}/`);
        if (status !== 308) return;
        expect(location).toMatch(/^\/(?![/\\])[\x21-\x7e]*$/);
        expect(new URL(String(location), 'https://sluice.example').origin).toBe('https://sluice.example');
      }),
    );
  });
});
