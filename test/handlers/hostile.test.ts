import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { httpHandler } from '../../functions/handlers/http/stack.ts';
import { times } from '../support/length.ts';
import { createWorld, ROUTES } from './api-world.ts';
import { CONTEXT } from './event.ts';
import { furnish } from './furniture.ts';
import { testLog } from './log.ts';
import { operations } from './operations.ts';

const world = await createWorld();
const there = await furnish(world);
const calls = operations(there);
const people = ['dev', 'alice', 'admin', 'ops'] as const;

const nasty = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '..',
    '.',
    '#',
    'T#acme',
    '%00',
    '%2e%2e',
    '%zz',
    '\u0000',
    'null',
    '\ud800',
    '{}',
    '*',
  ),
);
const json = fc.jsonValue({ maxDepth: 4 });

/** A good body with something in it replaced, added or taken out. */
function spoiled(body: unknown): fc.Arbitrary<unknown> {
  if (typeof body !== 'object' || body === null) return json;
  const keys = Object.keys(body);
  return fc.oneof(
    json,
    fc
      .tuple(fc.constantFrom(...keys, '__proto__', 'extra'), fc.oneof(json, nasty, fc.double()))
      .map(([key, value]) => {
        const pairs = [...Object.entries(body).filter(([name]) => name !== key), [key, value] as const];
        return `{${pairs.map(([name, one]) => `${JSON.stringify(name)}:${JSON.stringify(one) ?? 'null'}`).join(',')}}`;
      }),
  );
}

const hostile = fc
  .record({ at: fc.nat(calls.length - 1), who: fc.constantFrom(...people) })
  .chain(({ at, who }) => {
    const call = calls[at];
    if (call === undefined) throw new Error('no call');
    const [path = '', query = ''] = call.path.split('?');
    return fc.record({
      who: fc.constant(who),
      method: fc.constant(call.endpoint.method),
      path: fc.oneof(
        fc.constant(path),
        nasty.map((text) => path.replace(/[^/]+$/, encodeURIComponent(text.toWellFormed()))),
        nasty.map((text) => `${path}/${text.replaceAll('?', '')}`),
      ),
      query: fc.oneof(
        fc.constant(query),
        fc
          .tuple(fc.constantFrom('limit', 'cursor', 'status', 'environment', 'dry_run', 'x'), nasty)
          .map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`),
        nasty.map((text) => text.replaceAll('?', '')),
      ),
      body: fc.oneof(fc.constant(call.body), spoiled(call.body), nasty),
      headers: fc.oneof(
        fc.constant({}),
        fc.dictionary(
          fc.constantFrom(
            'If-Match',
            'Idempotency-Key',
            'X-User-ID',
            'X-User-Email',
            'Content-Type',
            'X-Tenant-ID',
          ),
          nasty,
        ),
      ),
      base64: fc.boolean(),
    });
  });

describe('whatever is sent', () => {
  it('is never a 500, never throws, and is answered as the contract announces', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async ({ who, query, path, headers, body, ...call }) => {
        const answer = await world.send({
          ...call,
          path: query === '' ? path : `${path}?${query}`,
          signer: { sub: who },
          headers,
          ...(body === undefined ? {} : { body }),
        });
        expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500);
      }),
      { numRuns: times(750, 12_000) },
    );
    expect(world.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it.each(
    calls.filter(({ body }) => body !== undefined).map((call) => [call.endpoint.operation, call] as const),
  )(
    'is 400 for %s with half a character or an endless number in any field',
    async (_, { endpoint, path, body }) => {
      const fields = Object.keys(
        endpoint.body instanceof z.ZodMiniObject ? endpoint.body.shape : Object(body),
      );
      expect(fields.length).toBeGreaterThan(0);
      for (const field of fields) {
        for (const value of ['"\\ud800"', '"ok\\udc00"', '1e999', '9007199254740993']) {
          const good = JSON.stringify({ ...Object(body), [field]: undefined });
          const text = `${good.slice(0, -1)}${good === '{}' ? '' : ','}${JSON.stringify(field)}:${value}}`;
          const answer = await world.as('admin')(endpoint.method, path, text);
          expect(answer.status, `${field}: ${value}`).toBe(400);
        }
      }
    },
  );

  it('is 400 or 404 for cursors that were made up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), async (bytes) => {
        const cursor = Buffer.from(bytes).toString('base64url');
        const answer = await world.as('dev')('GET', `/api/v1/promotions?cursor=${cursor}`);
        expect(answer.status).toBe(400);
      }),
      { numRuns: times(75, 1_200) },
    );
  });

  it('is a 500 without a word when it is no event of the gateway at all', async () => {
    const log = testLog();
    const handler = httpHandler(ROUTES, () => world.deps, log);
    for (const event of [undefined, null, {}, 'x', { rawPath: 7 }, { requestContext: {} }]) {
      const answer = await handler(event, CONTEXT);
      expect(answer.statusCode).toBe(500);
      expect(JSON.parse(answer.body ?? '')).toMatchObject({ code: 'internal', instance: 'unknown' });
    }
  });
});
