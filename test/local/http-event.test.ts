import { describe, expect, it } from 'vitest';
import { eventOf, type HttpRequest } from '../../local/http-api/event.ts';
import { answerOf } from '../../local/http-api/response.ts';
import type { Match } from '../../local/http-api/router.ts';

const match: Match = {
  route: { key: 'ANY /api/{proxy+}', functionName: 'f', timeoutMs: 1, authorizer: { kind: 'none' } },
  pathParameters: { proxy: 'a b' },
};
const request: HttpRequest = {
  method: 'POST',
  path: '/api/a b',
  rawPath: '/api/a%20b',
  rawQuery: 'x=1&x=2&y=a%20b',
  headers: {
    host: 'localhost:8888',
    'x-list': 'a, b',
    cookie: 'a=1; b=2',
    'content-type': 'application/json',
  },
  body: Buffer.from('{"ä":1}'),
  sourceIp: '127.0.0.1',
  receivedAt: Date.parse('2026-11-21T10:00:01.5Z'),
  requestId: 'r-1',
};

describe('the event of payload format 2.0', () => {
  it('carries the request', () => {
    expect(
      eventOf(request, 'people', '000000000000', match, { jwt: { claims: { sub: 'me' }, scopes: null } }),
    ).toEqual({
      version: '2.0',
      routeKey: 'ANY /api/{proxy+}',
      rawPath: '/api/a b',
      rawQueryString: 'x=1&x=2&y=a%20b',
      cookies: ['a=1', 'b=2'],
      headers: { host: 'localhost:8888', 'x-list': 'a, b', 'content-type': 'application/json' },
      queryStringParameters: { x: '1,2', y: 'a b' },
      pathParameters: { proxy: 'a b' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'people',
        authorizer: { jwt: { claims: { sub: 'me' }, scopes: null } },
        domainName: 'localhost:8888',
        domainPrefix: 'people',
        http: {
          method: 'POST',
          path: '/api/a b',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: '',
        },
        requestId: 'r-1',
        routeKey: 'ANY /api/{proxy+}',
        stage: '$default',
        time: '21/Nov/2026:10:00:01 +0000',
        timeEpoch: 1795255201500,
      },
      body: '{"ä":1}',
      isBase64Encoded: false,
    });
  });

  it.each([
    ['application/octet-stream', Buffer.from('text'), true],
    ['application/x-www-form-urlencoded', Buffer.from('a=1'), true],
    ['application/json', Buffer.from([0xff, 0xfe]), true],
    ['application/cloudevents+json; charset=utf-8', Buffer.from('{}'), false],
    ['text/csv', Buffer.from('a,b'), false],
    [undefined, Buffer.from('plain'), false],
  ])('a body of %s', (type, body, isBase64Encoded) => {
    const event = eventOf(
      { ...request, headers: type === undefined ? {} : { 'content-type': type }, body },
      'a',
      'b',
      match,
      undefined,
    );
    expect(event).toMatchObject({
      isBase64Encoded,
      body: body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    });
  });

  it('leaves out what there is not', () => {
    const bare = eventOf(
      { ...request, rawQuery: '', headers: {}, body: Buffer.alloc(0) },
      'a',
      'b',
      { ...match, pathParameters: {} },
      undefined,
    );
    for (const name of ['cookies', 'queryStringParameters', 'pathParameters', 'body'])
      expect(bare).not.toHaveProperty(name);
    expect(bare.requestContext).not.toHaveProperty('authorizer');
    expect(bare.isBase64Encoded).toBe(false);
  });
});

describe('the answer of a function', () => {
  it('is taken as it is', () => {
    const payload = { statusCode: 201, headers: { 'X-One': 1 }, cookies: ['a=1', 'b=2'], body: 'ä' };
    const { body, ...rest } = answerOf({ ok: true, payload });
    expect(rest).toEqual({
      status: 201,
      headers: { 'content-type': 'text/plain;charset=UTF-8', 'x-one': '1', 'set-cookie': ['a=1', 'b=2'] },
    });
    expect(body.toString()).toBe('ä');
    expect(
      answerOf({ ok: true, payload: { statusCode: 200, body: 'AAEC', isBase64Encoded: true } }).body,
    ).toEqual(Buffer.from([0, 1, 2]));
  });

  it.each([
    [{ a: 1 }, '{"a":1}'],
    ['text', 'text'],
    [null, 'null'],
  ])('%j without a status code is a 200', (payload, text) => {
    const answer = answerOf({ ok: true, payload });
    expect([answer.status, answer.headers['content-type'], answer.body.toString()]).toEqual([
      200,
      'application/json',
      text,
    ]);
  });

  it.each([
    [
      { ok: false, error: { errorType: 'Error', errorMessage: 'secret detail' } },
      500,
      'Internal Server Error',
    ],
    [
      { ok: false, error: { errorType: 'TooManyRequestsException', errorMessage: '' } },
      503,
      'Service Unavailable',
    ],
    [{ ok: true, payload: { statusCode: 'x' } }, 500, 'Internal Server Error'],
    [{ ok: true, payload: { statusCode: 200, body: { not: 'text' } } }, 500, 'Internal Server Error'],
  ] as const)('%j is the gateway’s own %i', (result, status, message) => {
    const answer = answerOf(result);
    expect([answer.status, answer.body.toString()]).toEqual([status, JSON.stringify({ message })]);
  });
});
