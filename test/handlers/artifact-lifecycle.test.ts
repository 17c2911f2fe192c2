import { beforeEach, describe, expect, it } from 'vitest';
import { artifactWorld } from './artifacts-world.ts';

const stage = artifactWorld();
const versions = '/api/v1/artifacts/platform/versions';
const promotions = '/api/v1/promotions';
const admin = (...call: Parameters<ReturnType<typeof stage.as>>) => stage.as('admin')(...call);
const dev = (...call: Parameters<ReturnType<typeof stage.as>>) => stage.as('dev')(...call);
const set = (lifecycle: object, version = 'v1.2.3') =>
  admin('PUT', `${versions}/${version}/lifecycle`, lifecycle);
const [TODAY, LATER] = ['2026-11-21T09:00:00.000Z', '2026-12-01T00:00:00.000Z'];

beforeEach(async () => {
  await stage.published('v2.0.0');
  await stage.published('v1.2.3');
});

describe('a version', () => {
  const none = { status: 'active', deprecated_at: null, eol_at: null, replacement: null, reason: null };

  it('is active, is deprecated and over by its dates, and active again when they are taken back', async () => {
    expect((await dev('GET', `${versions}/v1.2.3`)).body.lifecycle).toEqual(none);
    const changed = await set({
      deprecated_at: '2026-11-21T10:00:00+01:00',
      eol_at: '2026-12-01T00:00:00Z',
      replacement: '2.0.0',
      reason: 'CVE-2026-1',
    });
    expect(changed).toMatchObject({
      status: 200,
      headers: { etag: expect.stringMatching(/^"2-/) },
      body: {
        lifecycle: {
          ...{ status: 'deprecated', deprecated_at: TODAY, eol_at: LATER },
          ...{ replacement: 'v2.0.0', reason: 'CVE-2026-1' },
        },
      },
    });
    stage.world.at(LATER);
    const [, first] = (await dev('GET', versions)).body.items;
    expect(first).toMatchObject({ version: 'v1.2.3', lifecycle: { status: 'eol' } });
    expect((await set({})).body.lifecycle).toEqual(none);
  });

  it('keeps who changed it in the chain of changes, and what is so already is no change', async () => {
    await set({ eol_at: LATER, reason: 'old' });
    await set({ eol_at: LATER, reason: 'old' });
    const { items } = (await admin('GET', '/api/v1/audit/changes?limit=2')).body;
    expect(items[0]).toMatchObject({
      target: { type: 'artifact_version', id: 'platform@1.2.3' },
      reason: 'old',
      values: { before: {}, after: { eol_at: LATER } },
    });
    expect(items[1].target.type).not.toBe('artifact_version');
  });

  it('stays what it is when it is published again', async () => {
    await set({ eol_at: LATER });
    await dev('POST', versions, { version: 'v1.2.3', reference: 'build-v1.2.3' });
    expect((await dev('GET', `${versions}/v1.2.3`)).body.lifecycle).toMatchObject({ eol_at: LATER });
  });

  it.each([
    ['replacement', { replacement: 'v1.2.3' }],
    ['replacement', { replacement: 'v9.9.9' }],
    ['eol_at', { deprecated_at: '2027-01-01T00:00:00Z', eol_at: '2026-12-01T00:00:00Z' }],
    ['eol_at', { eol_at: 'soon' }],
  ])('is refused for its %s', async (field, lifecycle) => {
    expect(await set(lifecycle)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  it('takes the role, exists, and is the version that was read', async () => {
    expect(await dev('PUT', `${versions}/v1.2.3/lifecycle`, {})).toMatchObject({ status: 403 });
    expect(await set({}, 'v9.9.9')).toMatchObject({ status: 404 });
    expect(await stage.as('carol')('PUT', `${versions}/v1.2.3/lifecycle`, {})).toMatchObject({ status: 404 });
    await set({ eol_at: LATER });
    const stale = await admin('PUT', `${versions}/v1.2.3/lifecycle`, {}, { 'if-match': '"1"' });
    expect(stale).toMatchObject({ status: 412 });
  });
});

describe('a version that is over', () => {
  const asked = { artifact: 'platform', version: 'v1.2.3', target_environment: 'staging' };

  it('is promoted only by who says to know that', async () => {
    await set({ eol_at: TODAY, replacement: 'v2.0.0' });
    expect(await dev('POST', promotions, asked)).toMatchObject({
      status: 409,
      body: { code: 'risk_not_acknowledged', field: 'acknowledge_eol', eol_at: TODAY, replacement: 'v2.0.0' },
    });
    expect(await dev('POST', promotions, { ...asked, acknowledge_eol: true })).toMatchObject({ status: 201 });
  });

  it('since it was asked for is not executed', async () => {
    await admin('PATCH', '/api/v1/environments/staging', { gates: [], reason: 'test' });
    stage.world.at('2026-11-21T10:00:00.000Z');
    const { body } = await dev('POST', promotions, { ...asked, execution: 'manual' });
    await set({ eol_at: '2026-11-21T10:00:00Z' });
    const executed = await dev('POST', `${promotions}/${body.id}/execute`);
    expect(executed).toMatchObject({ status: 409, body: { code: 'risk_not_acknowledged' } });
  });
});

describe('where nothing is said of other registries', () => {
  const places = async () => {
    const asked = { artifact: 'platform', version: 'v1.2.3', target_environment: 'staging' };
    const { body } = await dev('POST', promotions, asked);
    const { items } = (await dev('GET', `${promotions}/${body.id}/changes`)).body;
    return items.map(({ key }: { key: string }) => key).filter((key: string) => key.startsWith('registry/'));
  };

  it('a promotion goes to the primary one, and to all where the configuration says so', async () => {
    const document = { artifacts: { promotion: { cross_registry_sync: true } } };
    expect(await admin('PUT', '/api/v1/configuration?reason=r', document)).toMatchObject({ status: 200 });
    expect(await places()).toEqual(['registry/main', 'registry/dr']);
  });
});
