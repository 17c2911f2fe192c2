import { describe, expect, it } from 'vitest';
import type { Route } from '../../local/cloudformation/http-apis.ts';
import { matchRoute } from '../../local/http-api/router.ts';

const routes: readonly Route[] = [
  'ANY /api/{proxy+}',
  'ANY /api/promotions',
  'ANY /api/promotions/{proxy+}',
  'ANY /api/promotions/rules',
  'ANY /api/promotions/rules/{proxy+}',
  'GET /api/promotions/{id}',
  'GET /api/promotions/{id}/history',
  'POST /api/promotions',
].map((key) => ({ key, functionName: key, timeoutMs: 1, authorizer: { kind: 'none' } }));

describe('the most specific route wins', () => {
  it.each([
    ['GET', '/api/promotions', 'ANY /api/promotions', {}],
    ['POST', '/api/promotions', 'POST /api/promotions', {}],
    ['GET', '/api/promotions/1', 'GET /api/promotions/{id}', { id: '1' }],
    ['POST', '/api/promotions/1', 'ANY /api/promotions/{proxy+}', { proxy: '1' }],
    ['GET', '/api/promotions/rules', 'ANY /api/promotions/rules', {}],
    ['PUT', '/api/promotions/rules/7', 'ANY /api/promotions/rules/{proxy+}', { proxy: '7' }],
    ['GET', '/api/promotions/1/history', 'GET /api/promotions/{id}/history', { id: '1' }],
    ['POST', '/api/promotions/1/approve', 'ANY /api/promotions/{proxy+}', { proxy: '1/approve' }],
    ['GET', '/api/members', 'ANY /api/{proxy+}', { proxy: 'members' }],
  ])('%s %s takes %s', (method, path, key, pathParameters) => {
    expect(matchRoute(routes, method, path)).toMatchObject({ route: { key }, pathParameters });
    expect(matchRoute(routes.toReversed(), method, path)).toMatchObject({ route: { key }, pathParameters });
  });

  it.each(['/', '/api', '/api/', '/elsewhere'])('%s takes none', (path) => {
    expect(matchRoute(routes, 'GET', path)).toBeUndefined();
  });

  it('falls back to $default alone', () => {
    const fallback: Route = {
      key: '$default',
      functionName: 'f',
      timeoutMs: 1,
      authorizer: { kind: 'none' },
    };
    expect(matchRoute([fallback, ...routes], 'GET', '/nowhere')?.route.key).toBe('$default');
    expect(matchRoute([fallback, ...routes], 'GET', '/api/x')?.route.key).toBe('ANY /api/{proxy+}');
  });
});
