import { beforeEach, describe, expect, it } from 'vitest';
import { artifactWorld } from './artifacts-world.ts';
import { narrow } from './narrow.ts';

const path = '/api/v1/consumers';
const stage = artifactWorld();
const billing = { id: 'billing', name: 'billing', environment: 'dev', artifact: 'platform' };
const made = (constraint: string, more: object = {}) =>
  stage.as('dev')('POST', path, { ...billing, constraint, ...more });
const updates = async (id = 'billing') =>
  (await stage.as('dev')('GET', `${path}/${id}/available-updates`)).body;

describe('a consumer', () => {
  it('says what it uses where, by the environment’s name', async () => {
    expect(await made('>=1.2.0, <2.0.0')).toMatchObject({
      status: 201,
      body: { environment: 'development', constraint: '>=1.2.0, <2.0.0', warning: null },
    });
    expect((await stage.as('dev')('GET', path)).body.items).toHaveLength(1);
  });

  it('is warned of a pin that moves', async () => {
    const warning = expect.stringContaining('moves with every promotion');
    expect(await made('latest-prod')).toMatchObject({ status: 201, body: { warning } });
  });

  it.each([
    ['constraint', { constraint: '>=' }],
    ['constraint', { constraint: '1.2.3; rm -rf' }],
    ['artifact', { artifact: '../platform' }],
    ['artifact', { artifact: 'Platform' }],
  ])('is refused for its %s, with the reason', async (field, more) => {
    expect(await made('^1.0.0', more)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  it('of an environment that does not exist is refused', async () => {
    expect(await made('^1.0.0', { environment: 'moon' })).toMatchObject({
      body: { code: 'unknown_environment' },
    });
  });

  it('of another tenant is unknown', async () => {
    await made('^1.0.0');
    const carol = stage.as('carol');
    for (const at of [`${path}/billing`, `${path}/billing/available-updates`]) {
      expect(await carol('GET', at)).toMatchObject({ status: 404 });
    }
  });

  it('takes the role in its own environment', async () => {
    const alice = stage.as('alice');
    expect(await alice('POST', path, { ...billing, constraint: '^1.0.0' })).toMatchObject({ status: 403 });
  });
});

describe('available updates', () => {
  beforeEach(async () => {
    for (const version of ['v1.2.3', 'v1.3.0', 'v2.0.0']) await stage.published(version);
  });

  it('name what the consumer takes, what is active, and what is above', async () => {
    await made('~1.2.0');
    expect(await updates()).toMatchObject({
      status: 'satisfied',
      reason: null,
      takes: 'v1.2.3',
      active: 'v2.0.0',
      updates: [
        { version: 'v1.3.0', allowed: false, change: 'minor' },
        { version: 'v2.0.0', allowed: false, change: 'major' },
      ],
    });
  });

  it('of an environment that received nothing say so, and what a promotion would bring', async () => {
    await made('^1.0.0', { environment: 'production' });
    expect(await updates()).toMatchObject({
      status: 'unsatisfied',
      reason: expect.stringContaining('received none'),
      takes: null,
      active: null,
      updates: [
        { version: 'v1.2.3', allowed: true },
        { version: 'v1.3.0', allowed: true },
        { version: 'v2.0.0', allowed: false },
      ],
    });
  });

  it('of latest follow what is active in the environment that it names', async () => {
    await made('latest-dev', { environment: 'production' });
    expect(await updates()).toMatchObject({ status: 'satisfied', takes: 'v2.0.0', updates: [] });
    await made('latest-moon', { id: 'lost' });
    expect(await updates('lost')).toMatchObject({
      status: 'unsatisfied',
      reason: 'there is no environment moon',
    });
  });

  it('of latest tell nobody what is active where they may not read', async () => {
    const call = await narrow(stage.world, 'developer', 'production');
    const spying = { ...billing, environment: 'production', constraint: 'latest-dev' };
    expect((await call('POST', path, spying)).status).toBe(201);
    expect((await call('GET', `${path}/billing/available-updates`)).body).toMatchObject({
      status: 'unsatisfied',
      reason: 'what is active in development takes a role there to read',
      takes: null,
      active: null,
    });
    expect(await updates()).toMatchObject({ status: 'satisfied', takes: 'v2.0.0' });
  });
});
