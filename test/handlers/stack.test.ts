import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { EMPTY, endpoint } from '../../functions/contract/endpoint.ts';
import { PAGE } from '../../functions/contract/fields.ts';
import { PROBLEM_STATUS, REFUSAL_STATUS } from '../../functions/contract/problem.ts';
import { Fault } from '../../functions/domain/faults.ts';
import { REFUSALS, refuse } from '../../functions/domain/refusal.ts';
import { created, ok } from '../../functions/handlers/http/reply.ts';
import { route } from '../../functions/handlers/http/route.ts';
import { httpHandler, type StackDeps } from '../../functions/handlers/http/stack.ts';
import type { Membership } from '../../functions/ports/directory.ts';
import type { StoredAnswer } from '../../functions/ports/transaction.ts';
import { CONTEXT, httpEvent, type TestCall } from './event.ts';
import { testLog } from './log.ts';

const person: Membership = {
  tenant: 'acme',
  subject: 'sub-1',
  user_id: 'user-1',
  email: 'Dev@acme.com',
  groups: [],
  grants: [{ role: 'developer' }],
  status: 'active',
  version: 1,
  created_at: '2026-11-21T00:00:00.000Z',
  updated_at: '2026-11-21T00:00:00.000Z',
};

/** A directory and an answer store of a few lines: the stack's own behaviour is at stake here, not theirs. */
function deps(members: readonly Membership[], kept: Map<string, StoredAnswer>): StackDeps {
  const none = async () => ({ items: [] });
  return {
    clock: { now: () => '2026-11-21T09:00:00.000Z' },
    answers: { read: async (tenant, key) => kept.get(`${tenant} ${key}`) },
    directory: {
      membership: async (tenant, subject) =>
        members.find((one) => one.tenant === tenant && one.subject === subject),
      membershipsOf: async (subject) => members.filter((one) => one.subject === subject),
      members: none,
      machineByIdentity: async () => undefined,
      machine: async () => undefined,
      machines: none,
      tenant: async () => undefined,
      tenants: none,
    },
  };
}

const base = { summary: 's', tag: 't', query: EMPTY, errors: [], status: [200] } as const;
const Body = z.strictObject({ name: z.string().check(z.maxLength(5)), count: z.optional(z.int()) });
const postThing = endpoint({
  ...base,
  method: 'POST',
  path: '/things',
  operation: 'postThing',
  body: Body,
  idempotent: true,
});
const verb = endpoint({ ...base, method: 'POST', path: '/things/{id}/verb', operation: 'verb', body: EMPTY });
const throwing = endpoint({
  ...base,
  method: 'POST',
  path: '/throw/{what}',
  operation: 'throwing',
  body: EMPTY,
});
const list = endpoint({
  ...base,
  method: 'GET',
  path: '/things',
  operation: 'list',
  body: EMPTY,
  query: z.strictObject({ ...PAGE, colour: z.optional(z.string()) }),
});

let kept: Map<string, StoredAnswer>;
let made: number;
let log: ReturnType<typeof testLog>;
let members: Membership[];

const routes = [
  route(postThing, async (request) => {
    made += 1;
    const answer = created({ made, ...request.body }, `/things/${made}`);
    const stored = request.keeping(() => answer).answer?.(undefined);
    if (stored !== undefined) kept.set(`${request.principal.tenant} ${stored.key}`, stored);
    return answer;
  }),
  route(verb, async (request) => ok({ id: request.param('id'), tenant: request.principal.tenant })),
  route(throwing, async (request) => {
    const what = request.param('what');
    const refusal = REFUSALS.find((code) => code === what);
    if (refusal !== undefined)
      return refuse(refusal, 'because', { status: 1, code: 'spoofed', missing_stages: ['s'] });
    if (what === 'Throttled' || what === 'Unavailable' || what === 'Corrupt')
      throw new Fault(what, 'secret detail');
    if (what === 'hanging') return new Promise(() => {});
    throw new Error('secret detail');
  }),
  route(list, async (request) => {
    const page = request.page({ colour: request.query.colour });
    if ('refused' in page) return page;
    return request.paged({ items: [page.limit, page.after ?? 'first'], next: 'position é' }, (item) => item, {
      colour: request.query.colour,
    });
  }),
];

beforeEach(() => {
  kept = new Map();
  made = 0;
  log = testLog();
  members = [person];
});

async function call(
  one: TestCall,
): Promise<{ status: number; headers: Record<string, unknown>; body: Record<string, unknown> }> {
  const handler = httpHandler(routes, () => deps(members, kept), log);
  const result = await handler(httpEvent({ signer: { sub: 'sub-1' }, ...one }), CONTEXT);
  return {
    status: result.statusCode ?? 0,
    headers: result.headers ?? {},
    body: JSON.parse(result.body ?? ''),
  };
}

describe('the stack', () => {
  it('parses the body, serves, and answers JSON with the request id', async () => {
    const answer = await call({ method: 'POST', path: '/things', body: { name: 'a' } });
    expect(answer).toMatchObject({ status: 201, headers: { location: '/things/1' }, body: { name: 'a' } });
    expect(answer.headers['x-request-id']).toMatch(/^request-/);
    expect(log.keys).toMatchObject({ operation: 'postThing', tenant: 'acme', subject: 'sub-1' });
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
    ['a body that is no object', [], 'body'],
    ['a lone surrogate', '{"name":"\\ud800"}', 'body'],
    ['an integer beyond 2^53', '{"name":"a","count":9007199254740993}', 'body'],
    ['an infinite number', '{"name":"a","count":1e999}', 'body'],
    ['a bottomless nesting', '['.repeat(30_000) + ']'.repeat(30_000), 'body'],
  ])('refuses %s, naming the field', async (_, body, field) => {
    const answer = await call({ method: 'POST', path: '/things', body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ field }] } });
    expect(made).toBe(0);
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
    ['Corrupt', 500, 'internal'],
    ['anything', 500, 'internal'],
  ])('answers the fault %s with %i, and not a word of its cause', async (what, status, code) => {
    const answer = await call({ method: 'POST', path: `/throw/${what}` });
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.headers['retry-after']).toBe(status === 503 ? '1' : undefined);
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(log.lines.at(-1)).toMatchObject({ level: 'error', data: { error: { message: 'secret detail' } } });
  });

  it('tells a caller to try again before the function itself is out of time', async () => {
    const handler = httpHandler(routes, () => deps(members, kept), log);
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
      log,
    );
    const result = await handler(httpEvent({ method: 'GET', path: '/things' }), CONTEXT);
    expect(result.statusCode).toBe(500);
    expect(result.body).not.toContain('secret');
  });
});

describe('identity of people', () => {
  it('is 401 without any', async () => {
    expect(await call({ method: 'POST', path: '/things/x/verb', signer: undefined })).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
  });

  it('takes the sole membership, or the one that X-Tenant-ID names', async () => {
    const there = { ...person, tenant: 'globex' };
    expect((await call({ method: 'POST', path: '/things/x/verb' })).body).toMatchObject({ tenant: 'acme' });
    members = [person, there];
    expect(await call({ method: 'POST', path: '/things/x/verb' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'X-Tenant-ID' }] },
    });
    const headers = { 'X-Tenant-ID': 'globex' };
    expect((await call({ method: 'POST', path: '/things/x/verb', headers })).body).toMatchObject({
      tenant: 'globex',
    });
  });

  it.each([
    ['X-Tenant-ID', 'globex'],
    ['X-Tenant-ID', 'a#b'],
    ['X-Tenant-ID', ''],
    ['X-User-ID', 'sub-1'],
    ['X-User-Email', 'alice@acme.com'],
  ])('refuses an untrue %s: %s', async (name, value) => {
    expect(await call({ method: 'POST', path: '/things/x/verb', headers: { [name]: value } })).toMatchObject({
      status: 403,
      body: { code: 'tenant_mismatch' },
    });
  });

  it('takes true ones, whatever the case of the e-mail', async () => {
    const headers = { 'X-Tenant-ID': 'acme', 'X-User-ID': 'user-1', 'X-User-Email': 'dev@ACME.com' };
    expect(await call({ method: 'POST', path: '/things/x/verb', headers })).toMatchObject({ status: 200 });
  });

  it('refuses a stranger and an inactive member', async () => {
    members = [{ ...person, status: 'inactive' }];
    expect(await call({ method: 'POST', path: '/things/x/verb' })).toMatchObject({
      status: 403,
      body: { code: 'not_authorized' },
    });
    members = [];
    expect(await call({ method: 'POST', path: '/things/x/verb' })).toMatchObject({
      status: 403,
      body: { code: 'not_authorized' },
    });
  });
});

describe('Idempotency-Key', () => {
  const post = (key: string, body: object) =>
    call({ method: 'POST', path: '/things', body, headers: { 'Idempotency-Key': key } });

  it('gives the same answer to the same request, and makes one thing', async () => {
    const first = await post('k1', { name: 'a', count: 1 });
    const again = await post('k1', { count: 1, name: 'a' });
    expect(again).toMatchObject({
      status: 201,
      body: first.body,
      headers: { location: '/things/1', 'idempotency-replayed': 'true' },
    });
    expect(made).toBe(1);
    await post('k2', { name: 'a' });
    expect(made).toBe(2);
  });

  it('refuses the key with another body, and a key that is none', async () => {
    await post('k1', { name: 'a' });
    expect(await post('k1', { name: 'b' })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    for (const bad of ['', 'a b', 'é', 'a'.repeat(256)]) {
      expect(await post(bad, { name: 'a' })).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'Idempotency-Key' }] },
      });
    }
    expect(made).toBe(1);
  });

  it('does not mix up two people', async () => {
    members = [person, { ...person, subject: 'sub-2' }];
    await post('k1', { name: 'a' });
    await call({
      method: 'POST',
      path: '/things',
      body: { name: 'b' },
      headers: { 'Idempotency-Key': 'k1' },
      signer: { sub: 'sub-2' },
    });
    expect(made).toBe(2);
  });
});

describe('lists', () => {
  it('gives a cursor that leads on, and is bound to its list', async () => {
    const first = await call({ method: 'GET', path: '/things' });
    expect(first.body).toMatchObject({ items: [50, 'first'], next_cursor: expect.any(String) });
    const cursor = first.body['next_cursor'];
    expect((await call({ method: 'GET', path: `/things?limit=100&cursor=${cursor}` })).body).toMatchObject({
      items: [100, 'position é'],
    });
    expect(await call({ method: 'GET', path: `/things?colour=red&cursor=${cursor}` })).toMatchObject({
      status: 400,
    });
    members = [{ ...person, tenant: 'globex' }];
    expect(await call({ method: 'GET', path: `/things?cursor=${cursor}` })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'cursor' }] },
    });
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=x',
    'limit=1&limit=2',
    'limit=',
    'cursor=',
    'cursor=abc',
    'colour=a&size=1',
    `cursor=${'a'.repeat(3000)}`,
  ])('refuses ?%s', async (query) => {
    expect(await call({ method: 'GET', path: `/things?${query}` })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
  });
});
