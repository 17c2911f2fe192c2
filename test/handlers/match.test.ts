import { describe, expect, it } from 'vitest';
import { EMPTY, endpoint, type Method } from '../../functions/contract/endpoint.ts';
import { segmentsOf } from '../../functions/handlers/http/event.ts';
import { matcher } from '../../functions/handlers/http/match.ts';

const at = (method: Method, path: string) => ({
  endpoint: endpoint({
    method,
    path,
    operation: `${method} ${path}`,
    summary: '',
    tag: 'test',
    body: EMPTY,
    query: EMPTY,
    status: [200],
    errors: [],
  }),
});

const match = matcher([
  at('GET', '/'),
  at('GET', '/things'),
  at('POST', '/things'),
  at('GET', '/things/{id}'),
  at('GET', '/things/current'),
  at('GET', '/things/{id}/parts/{key+}'),
  at('DELETE', '/things/{id}'),
]);
const found = (method: string, path: string) => {
  const hit = match(method, segmentsOf(path));
  return hit.found === 'route' ? [hit.route.endpoint.operation, hit.parameters] : hit;
};

describe('matching a path to its operation', () => {
  it.each([
    ['GET', '/things', ['GET /things', {}]],
    ['POST', '/things/', ['POST /things', {}]],
    ['GET', '/things/a', ['GET /things/{id}', { id: 'a' }]],
    ['GET', '/things/current', ['GET /things/current', {}]],
    ['GET', '/things/%61', ['GET /things/{id}', { id: 'a' }]],
    ['GET', '/things/a%2Fb', { found: 'nothing' }],
    ['GET', '/things/a%23b', { found: 'nothing' }],
    ['GET', '/things/%zz', { found: 'nothing' }],
    ['GET', '/things/..', { found: 'nothing' }],
    ['GET', '/things/a/parts/x/y.z', ['GET /things/{id}/parts/{key+}', { id: 'a', key: 'x/y.z' }]],
    ['PUT', '/things', { found: 'methods', allow: ['GET', 'POST'] }],
    ['PUT', '/things/a', { found: 'methods', allow: ['GET', 'DELETE'] }],
    ['GET', '/nothing', { found: 'nothing' }],
    ['GET', '/things//parts/x', { found: 'nothing' }],
    ['GET', '/', ['GET /', {}]],
    ['GET', '//', { found: 'nothing' }],
    ['GET', '/things/a/b', { found: 'nothing' }],
  ])('%s %s', (method, path, expected) => {
    expect(found(method, path)).toEqual(expected);
  });
});
