import { OFREPApi, OFREPForbiddenError } from '@openfeature/ofrep-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { flag } from './promotion-stage.ts';
import { type ConfigWorld, configWorld, STAGING } from './world.ts';

const EVALUATE = '/ofrep/v1/evaluate/flags';

let world: ConfigWorld;
beforeEach(async () => {
  world = await configWorld();
  const rule = { when: { field: 'id', op: 'gt', value: 5 }, variant: 'off' };
  await world.as('dev')('POST', `${STAGING}/batch`, {
    put: [flag('a.flag'), { ...flag('b.flag'), targeting: { rules: [rule] } }],
  });
});

/** The public client of the protocol, which asks the handler. */
function client(sub: string, environment: string | undefined) {
  return new OFREPApi('https://sluice.test', async (...asked: Parameters<typeof fetch>) => {
    const request = new Request(...asked);
    const { pathname } = new URL(request.url);
    const headers = environment === undefined ? {} : { 'x-sluice-environment': environment };
    const body: unknown = JSON.parse(await request.text());
    const answer = await world.call(sub, request.method, pathname, body, headers);
    const type = String(answer.headers['content-type']);
    return new Response(JSON.stringify(answer.body), {
      status: answer.status,
      headers: { 'content-type': type },
    });
  });
}

describe('the public client of the protocol understands', () => {
  const failure = (errorCode: string) => ({ key: 'a.flag', errorCode, errorDetails: expect.any(String) });

  it.each([
    ['no environment', undefined, {}, 400, 'GENERAL'],
    ['an unknown environment', 'nowhere', {}, 404, 'GENERAL'],
  ])('%s, of one flag and of all', async (_, environment, context, status, errorCode) => {
    const api = client('dev', environment);
    const one = await api.postEvaluateFlags('a.flag', { context });
    expect(one).toMatchObject({ httpStatus: status, value: failure(errorCode) });
    const all = await api.postBulkEvaluateFlags({ context });
    expect(all).toMatchObject({ httpStatus: status, value: { errorCode } });
    expect(all.value).not.toHaveProperty('key');
  });

  it('an unknown flag', async () => {
    const one = await client('dev', 'staging').postEvaluateFlags('no/such.flag', {});
    expect(one).toMatchObject({
      httpStatus: 404,
      value: { key: 'no/such.flag', errorCode: 'FLAG_NOT_FOUND' },
    });
  });

  it('who may not read', async () => {
    const refused = client('nobody', 'staging').postEvaluateFlags('a.flag', {});
    await expect(refused).rejects.toThrow(OFREPForbiddenError);
  });
});

describe('whatever cannot be evaluated names its flag and a code', () => {
  const dev = (path: string, body: unknown) => world.as('dev')('POST', path, body);

  it.each([
    ['of one flag', `${EVALUATE}/a.flag?environment=staging`, { key: 'a.flag' }],
    ['of all', `${EVALUATE}?environment=staging`, {}],
  ])('%s', async (_, path, key) => {
    expect(await dev(path, 5)).toMatchObject({ status: 400, body: { ...key, errorCode: 'PARSE_ERROR' } });
    const none = await dev(path, { context: 5 });
    expect(none).toMatchObject({ status: 400, body: { ...key, errorCode: 'INVALID_CONTEXT' } });
    const twice = await dev(`${path}&environment=staging`, {});
    expect(twice).toMatchObject({ status: 400, body: { ...key, errorCode: 'GENERAL' } });
    const long = await dev(path, { context: { text: 'x'.repeat(70_000) } });
    expect(long).toMatchObject({
      status: 413,
      body: { ...key, code: 'payload_too_large', errorCode: 'GENERAL' },
    });
  });
});

describe('a number of the context that readers of JSON disagree on', () => {
  const context = { id: 2 ** 60, targetingKey: 'u', half: '\ud800' };

  it('counts as absent, and fails no flag', async () => {
    const { flags } = (await world.as('dev')('POST', `${EVALUATE}?environment=staging`, { context })).body;
    expect(flags).toMatchObject([
      { key: 'a.flag', variant: 'on', reason: 'STATIC' },
      { key: 'b.flag', variant: 'on', reason: 'DEFAULT' },
    ]);
    const one = await world.as('dev')('POST', `${EVALUATE}/b.flag?environment=staging`, { context });
    expect(one).toMatchObject({ status: 200, body: { variant: 'on' } });
  });

  it('has an ETag of its own', async () => {
    const ask = (given: object, tag = '') =>
      world.as('dev')(
        'POST',
        `${EVALUATE}?environment=staging`,
        { context: given },
        { 'if-none-match': tag },
      );
    const { etag } = (await ask(context)).headers;
    expect(await ask(context, String(etag))).toMatchObject({ status: 304 });
    expect(await ask({ ...context, id: 2 ** 61 }, String(etag))).toMatchObject({ status: 200 });
  });
});
