import { beforeEach, describe, expect, it } from 'vitest';
import { createWorld, type World } from './api-world.ts';

let world: World;
const admin = (...call: Parameters<ReturnType<World['as']>>) => world.as('admin')(...call);
const path = '/api/v1/registries';

beforeEach(async () => {
  world = await createWorld();
});

describe('the address of a registry', () => {
  it.each([
    ['registry.acme.com', 'https://registry.acme.com'],
    ['registry.acme.com:5000', 'https://registry.acme.com:5000'],
    ['https://REGISTRY.acme.com/', 'https://registry.acme.com'],
  ])('%s is kept as %s', async (url, kept) => {
    expect(await admin('POST', path, { url })).toMatchObject({ status: 201, body: { url: kept } });
  });

  it.each([
    'http://registry.acme.com',
    'http://127.0.0.1:5000',
    'https://user:password@registry.acme.com',
    'https://registry.acme.com/v2/',
    'https://registry.acme.com/?a=b',
    'https://registry.acme.com/#fragment',
    'ftp://registry.acme.com',
    'file:///etc/passwd',
    'https://',
    'two words',
  ])('%s is refused', async (url) => {
    const refused = await admin('POST', path, { url });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'url' }] } });
  });

  it('may be loopback where the runtime allows it', async () => {
    Object.assign(world.deps, { allowLoopback: true });
    const made = await admin('POST', path, { url: 'http://127.0.0.1:8888' });
    expect(made).toMatchObject({ status: 201, body: { url: 'http://127.0.0.1:8888' } });
  });
});

describe('what else is said of a registry', () => {
  it.each([
    ['repository_prefix', 'Team'],
    ['repository_prefix', 'team//project'],
    ['repository_prefix', '../other'],
    ['repository_prefix', 'team/'],
    ['secret_ref', 'sluice/globex/registry/harbor'],
    ['secret_ref', 'sluice/acme/gateway/gw'],
    ['secret_ref', 'sluice/acme/registry/../gateway/gw'],
    ['max_artifact_bytes', 0],
    ['type', 'ghcr'],
    ['role', 'tertiary'],
  ])('refuses %s %s', async (field, value) => {
    const refused = await admin('POST', path, { url: 'registry.acme.com', [field]: value });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });
});

describe('the primary registry', () => {
  const primary = { id: 'main', role: 'primary', url: 'registry.acme.com' };

  it('is the only one of its tenant', async () => {
    expect(await admin('POST', path, primary)).toMatchObject({ status: 201 });
    const second = { id: 'other', role: 'primary', url: 'other.acme.com' };
    const refused = { status: 409, body: { code: 'conflict', registry_id: 'main' } };
    expect(await admin('POST', path, second)).toMatchObject(refused);
    await admin('POST', path, { ...second, role: 'secondary' });
    expect(await admin('PATCH', `${path}/other`, { role: 'primary' })).toMatchObject(refused);
    const moved = { reason: 'the other one takes over' };
    await admin('PATCH', `${path}/main`, { role: 'secondary', ...moved });
    expect(await admin('PATCH', `${path}/other`, { role: 'primary', ...moved })).toMatchObject({
      status: 200,
    });
  });

  it('is one when two are made at once', async () => {
    const answers = await Promise.all(['a', 'b', 'c'].map((id) => admin('POST', path, { ...primary, id })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it('of another tenant is unknown and no obstacle', async () => {
    await admin('POST', path, primary);
    const carol = world.as('carol');
    expect(await carol('GET', `${path}/main`)).toMatchObject({ status: 404 });
    expect(await carol('POST', path, primary)).toMatchObject({ status: 201 });
  });
});

describe('the number of registries', () => {
  it('is limited to 20 in a tenant', async () => {
    for (let n = 0; n < 20; n += 1) {
      expect(await admin('POST', path, { url: `r${n}.acme.com` })).toMatchObject({ status: 201 });
    }
    const refused = await admin('POST', path, { url: 'one-more.acme.com' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'limit_reached', limit: 20 } });
  });
});
