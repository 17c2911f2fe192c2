import { beforeEach, describe, expect, it } from 'vitest';
import { PROBLEM_STATUS, REFUSAL_STATUS } from '../../functions/contract/problem.ts';
import { REFUSALS } from '../../functions/domain/refusal.ts';
import { httpHandler } from '../../functions/handlers/http/stack.ts';
import { CONTEXT, httpEvent } from './event.ts';
import { call, deps, reset, routes, stage } from './stack-stage.ts';

beforeEach(reset);

describe('the stack', () => {
  it('parses the body, serves, and answers JSON with the request id', async () => {
    const answer = await call({ method: 'POST', path: '/things', body: { name: 'a' } });
    expect(answer).toMatchObject({ status: 201, headers: { location: '/things/1' }, body: { name: 'a' } });
    expect(answer.headers['x-request-id']).toMatch(/^request-/);
    expect(stage.log.keys).toMatchObject({ operation: 'postThing', tenant: 'acme', subject: 'sub-1' });
  });

  it.each([undefined, '', '{}', ' '])('takes a verb with the body %j', async (body) => {
    expect(await call({ method: 'POST', path: '/things/x/verb', body })).toMatchObject({
      status: 200,
      body: { id: 'x' },
    });
  });

  it.each([
    ['an unknown field', { name: 'a', colour: 'red' }, 'colour'],
    ['a wrong type', { name: 1 }, 'name'],
    ['a missing field', {}, 'name'],
    ['no body', undefined, 'name'],
    ['an over-long value', { name: 'aaaaaa' }, 'name'],
    ['a body that is not JSON', '{', 'body'],
    ['a body that repeats a member', '{"name":"a","n\\u0061me":"b"}', 'body'],
    ['a body that is no object', [], 'body'],
    ['a lone surrogate', '{"name":"\\ud800"}', 'body'],
    ['an integer beyond 2^53', '{"name":"a","count":9007199254740993}', 'body'],
    ['an infinite number', '{"name":"a","count":1e999}', 'body'],
    ['a bottomless nesting', '['.repeat(30_000) + ']'.repeat(30_000), 'body'],
  ])('refuses %s, naming the field', async (_, body, field) => {
    const answer = await call({ method: 'POST', path: '/things', body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ field }] } });
    expect(stage.made).toBe(0);
  });

  it('refuses a body over 64 KB, in plain and in base64, and takes one just below', async () => {
    const big = JSON.stringify({ name: 'a'.repeat(70_000) });
    for (const base64 of [false, true]) {
      expect(await call({ method: 'POST', path: '/things', body: big, base64 })).toMatchObject({
        status: 413,
        body: { code: 'payload_too_large' },
      });
    }
    const padded = `{"name":"a"}${' '.repeat(65_524)}`;
    expect(await call({ method: 'POST', path: '/things', body: padded })).toMatchObject({ status: 201 });
    expect(await call({ method: 'POST', path: '/things', body: `${padded} ` })).toMatchObject({
      status: 413,
    });
  });

  it('refuses a body that is not said to be JSON', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await call({ method: 'POST', path: '/things', body: 'name=a', headers })).toMatchObject({
      status: 415,
      body: { code: 'unsupported_media_type' },
    });
  });

  it('answers 404 for an unknown path and 405 with Allow for a known one', async () => {
    expect(await call({ method: 'GET', path: '/none' })).toMatchObject({ status: 404 });
    expect(await call({ method: 'PATCH', path: '/things' })).toMatchObject({
      status: 405,
      headers: { allow: 'POST, GET' },
    });
  });

  it.each(REFUSALS)('answers %s with its own status as a problem document', async (code) => {
    const answer = await call({ method: 'POST', path: `/throw/${code}` });
    expect(answer.status).toBe(REFUSAL_STATUS[code]);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toEqual({
      type: `/problems/${code}`,
      title: expect.any(String),
      status: PROBLEM_STATUS[code],
      detail: 'because',
      instance: answer.headers['x-request-id'],
      code,
      missing_stages: ['s'],
    });
  });

  it.each([
    ['Unavailable', 503, 'unavailable'],
    ['Throttled', 503, 'unavailable'],
    ['Corrupt', 503, 'corrupt'],
    ['anything', 500, 'internal'],
  ])('answers the fault %s with %i, and not a word of its cause', async (what, status, code) => {
    const answer = await call({ method: 'POST', path: `/throw/${what}` });
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.headers['retry-after']).toBe(code === 'unavailable' ? '1' : undefined);
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(stage.log.lines.at(-1)).toMatchObject({
      level: 'error',
      data: { error: { message: 'secret detail' } },
    });
  });

  it('tells a caller to try again before the function itself is out of time', async () => {
    const handler = httpHandler(routes, () => deps(stage.members, stage.kept), stage.log);
    const event = httpEvent({ method: 'POST', path: '/throw/hanging', signer: { sub: 'sub-1' } });
    const result = await handler(event, { ...CONTEXT, getRemainingTimeInMillis: () => 520 });
    expect(result).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } });
    expect(JSON.parse(result.body ?? '')).toMatchObject({ code: 'unavailable' });
  });

  it('answers a failure of its own wiring without a stack trace', async () => {
    const handler = httpHandler(
      routes,
      () => {
        throw new Error('secret');
      },
      stage.log,
    );
    const result = await handler(httpEvent({ method: 'GET', path: '/things' }), CONTEXT);
    expect(result.statusCode).toBe(500);
    expect(result.body).not.toContain('secret');
  });
});
