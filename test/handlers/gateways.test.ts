import { beforeEach, describe, expect, it } from 'vitest';
import { ACME, createWorld, START, type World } from './api-world.ts';
import { running } from './running.ts';

let world: World;
const admin = (...call: Parameters<ReturnType<World['as']>>) => world.as('admin')(...call);

beforeEach(async () => {
  world = await createWorld();
});

describe('gateways', () => {
  const gateways = '/api/v1/gateways';

  it('are registered as the API has them, read, changed and deleted', async () => {
    const made = await admin('POST', gateways, { id: 'gw-789', environment: 'prod', driver: 'record' });
    expect(made).toMatchObject({ status: 201, headers: { location: `${gateways}/gw-789` } });
    expect(made.body).toEqual({
      id: 'gw-789',
      organization_id: ACME,
      environment: 'production',
      driver: 'record',
      endpoint: null,
      secret_ref: null,
      principal: null,
      status: 'active',
      created_at: START,
      updated_at: START,
      version: made.body.version,
    });
    const http = {
      driver: 'http',
      endpoint: 'https://gateway.acme.com/deploy',
      secret_ref: 'sluice/acme/gateway/gw',
      principal: 'mach-ci',
    };
    const match = { 'If-Match': `"${made.body.version}"` };
    const changed = await admin('PATCH', `${gateways}/gw-789`, { ...http, reason: 'runs' }, match);
    expect(changed).toMatchObject({ status: 200, body: { ...http, version: made.body.version + 1 } });
    const cleared = await admin('PATCH', `${gateways}/gw-789`, {
      ...{ secret_ref: null, status: 'inactive' },
      reason: 'asks for no secret',
    });
    expect(cleared.body).toMatchObject({ ...http, secret_ref: null, status: 'inactive' });
    expect((await admin('GET', gateways)).body.items).toHaveLength(1);
    expect(await admin('DELETE', `${gateways}/gw-789?reason=gone`)).toMatchObject({ status: 204 });
  });

  it('get an id of their own when none is given', async () => {
    expect((await admin('POST', gateways, { environment: 'dev' })).body.id).toBe('gw-0001');
  });

  it.each([
    ['http without an endpoint', { driver: 'http' }, 'endpoint'],
    ['plain http', { driver: 'http', endpoint: 'http://gateway.acme.com' }, 'endpoint'],
    ['loopback where it is not allowed', { driver: 'http', endpoint: 'http://127.0.0.1:1' }, 'endpoint'],
    ['credentials in the URL', { driver: 'http', endpoint: 'https://a:b@gateway.acme.com' }, 'endpoint'],
    ['a URL that is none', { endpoint: 'gateway' }, 'endpoint'],
    ["another tenant's secret", { secret_ref: 'sluice/globex/gateway/gw' }, 'secret_ref'],
    ['a secret outside', { secret_ref: 'prod/db-password' }, 'secret_ref'],
    ['a way out of the prefix', { secret_ref: 'sluice/acme/gateway/../../globex/gateway/gw' }, 'secret_ref'],
    ['an unknown machine', { principal: 'mach-none' }, 'principal'],
  ])('refuse %s', async (_, fields, field) => {
    const answer = await admin('POST', gateways, { id: 'gw-1', environment: 'production', ...fields });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ field }] } });
  });

  it('refuse an unknown environment, a taken id, a move, and to go while something runs', async () => {
    expect(await admin('POST', gateways, { environment: 'moon' })).toMatchObject({
      status: 404,
      body: { code: 'unknown_environment' },
    });
    await admin('POST', gateways, { id: 'gw-1', environment: 'staging' });
    expect(await admin('POST', gateways, { id: 'gw-1', environment: 'dev' })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    expect(await admin('PATCH', `${gateways}/gw-1`, { environment: 'dev' })).toMatchObject({
      status: 409,
      body: { code: 'immutable' },
    });
    expect(await admin('PATCH', `${gateways}/gw-1`, { environment: 'stg' })).toMatchObject({ status: 200 });
    await running(world, 'staging', 'gw-1');
    expect(await admin('DELETE', `${gateways}/gw-1`)).toMatchObject({
      status: 409,
      body: { code: 'in_use' },
    });
  });
});
