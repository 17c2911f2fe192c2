import { beforeEach, describe, expect, it } from 'vitest';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import { attachRecord } from '../../functions/use-cases/artifacts/attach-record.ts';
import { artifactWorld } from './artifacts-world.ts';

const stage = artifactWorld();
const versions = '/api/v1/artifacts/platform/versions';
const path = '/api/v1/artifacts/platform/retention';
const admin = (...call: Parameters<ReturnType<typeof stage.as>>) => stage.as('admin')(...call);
const dev = (...call: Parameters<ReturnType<typeof stage.as>>) => stage.as('dev')(...call);
const keep = (keep_versions: number, more: object = {}) =>
  admin('PUT', '/api/v1/configuration', {
    'x-sluice': { retention: { keep_versions, keep_days: 0, ...more } },
  });
const dry = async () => (await admin('POST', `${path}?dry_run=true`)).body;
const run = async () => (await admin('POST', path)).body;
const going = ({ removed }: { removed: { version: string }[] }) => removed.map(({ version }) => version);
const tags = () => stage.at(stage.main, stage.path()).tags();
const manifests = ({ removed }: { removed: { places: { manifest: string; kept_because: string }[] }[] }) =>
  removed.map(({ places: [place] }) => place?.kept_because ?? place?.manifest);

/** Publishes an image that nothing refers to. */
async function plain(version: string): Promise<void> {
  const repository = stage.at(stage.main, stage.path());
  const blob = async (bytes: Buffer) => {
    const digest = digestOfBytes(bytes);
    await repository.finishUpload(await repository.sendChunk(await repository.openUpload(), bytes), digest);
    return { digest, size: bytes.length };
  };
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const config = {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    ...(await blob(Buffer.from(version))),
  };
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [] }));
  const digest = digestOfBytes(bytes);
  await repository.writeManifest(digest, { digest, mediaType, bytes });
  expect(await dev('POST', versions, { version, reference: digest })).toMatchObject({ status: 201 });
}

beforeEach(async () => {
  for (const version of ['v1.0.0', 'v1.1.0', 'v1.2.0']) await plain(version);
  stage.world.at('2026-12-21T09:00:00.000Z');
});

describe('retention', () => {
  it('does what its dry run says, once', async () => {
    await keep(1);
    const before = await tags();
    const planned = await dry();
    expect(going(planned)).toEqual(['v1.1.0', 'v1.0.0']);
    expect(manifests(planned)).toEqual(['deleted', 'deleted']);
    expect(planned.kept).toEqual([{ version: 'v1.2.0', because: ['newest', 'active'] }]);
    expect(await tags()).toEqual(before);
    const { dry_run: _, ...done } = await run();
    const { dry_run: __, ...said } = planned;
    expect(done).toEqual(said);
    expect((await tags()).filter((tag) => tag.endsWith('-dev')).sort()).toEqual(['latest-dev', 'v1.2.0-dev']);
    expect(going(await run())).toEqual([]);
  });

  it('takes away what is no longer offered: it is not resolved, and not published again', async () => {
    await keep(1);
    await run();
    expect(await dev('GET', `${versions}/resolve?constraint=~1.1.0`)).toMatchObject({ status: 404 });
    expect((await dev('GET', `${versions}/v1.1.0`)).body).toMatchObject({
      removed_at: '2026-12-21T09:00:00.000Z',
    });
    const { items } = (await admin('GET', '/api/v1/audit/changes?limit=1')).body;
    expect(items[0]).toMatchObject({
      action: 'delete',
      target: { id: 'platform@1.0.0' },
      reason: 'retention',
    });
  });

  it('keeps what a consumer takes, what a glob names, and what was live within its days', async () => {
    await keep(1, { protected: ['v1.0.*'] });
    const pin = { name: 'billing', environment: 'development', artifact: 'platform', constraint: '~1.1.0' };
    await dev('POST', '/api/v1/consumers', pin);
    const { kept } = await dry();
    expect(kept).toMatchObject([{}, { because: ['pinned'] }, { because: ['protected'] }]);
    await keep(1, { keep_days: 365 });
    expect(going(await dry())).toEqual([]);
  });

  it('untags a signed image and keeps its manifest, as its signature refers to it', async () => {
    await stage.published('v0.9.0');
    await plain('v1.3.0');
    await keep(1);
    stage.world.at('2027-12-21T09:00:00.000Z');
    const done = await run();
    const signed = done.removed.find(({ version }: { version: string }) => version === 'v0.9.0');
    expect(signed.places[0]).toMatchObject({ tags: ['v0.9.0-dev'], manifest: 'kept' });
    expect(['referred', 'tagged']).toContain(signed.places[0].kept_because);
    expect(await tags()).not.toContain('v0.9.0-dev');
  });

  it('keeps a manifest that another tag names', async () => {
    const repository = stage.at(stage.main, stage.path());
    const manifest = await repository.readManifest('v1.0.0-dev');
    if (manifest !== undefined) await repository.writeManifest('golden', manifest);
    await keep(1);
    expect(manifests(await run())).toEqual(['deleted', 'tagged']);
    expect((await repository.resolve('golden'))?.digest).toBe(manifest?.digest);
  });

  it('says where a registry does not offer it', async () => {
    await keep(1);
    const nothing = { headers: {}, body: (async function* () {})(), discard: () => {} };
    stage.through = (exchange) => async (request) =>
      request.method === 'DELETE' ? { ...nothing, status: 405 } : exchange(request);
    expect(manifests(await run())).toEqual(['not_offered', 'not_offered']);
    expect(going(await dry())).toEqual(['v1.1.0', 'v1.0.0']);
    expect(await tags()).toContain('v1.0.0-dev');
  });

  it('goes on where it broke off', async () => {
    await keep(1);
    let left = 4;
    stage.through = (exchange) => (request) => {
      if (request.method === 'DELETE') left -= 1;
      if (left < 3) throw new Error('the process died');
      return exchange(request);
    };
    await admin('POST', path);
    stage.through = (exchange) => exchange;
    await run();
    expect((await tags()).filter((tag) => tag.startsWith('v'))).toEqual(['v1.2.0-dev']);
    expect(going(await run())).toEqual([]);
  });

  it('is asked for by name, by the role, in the own tenant', async () => {
    expect(await admin('POST', path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await dev('POST', path)).toMatchObject({ status: 403 });
    await keep(1);
    expect(await admin('POST', '/api/v1/artifacts/other/retention')).toMatchObject({ status: 404 });
    expect(await stage.as('carol')('POST', path)).toMatchObject({ status: 404 });
  });

  it('keeps a record while its artifact lives, and takes it away with it', async () => {
    await admin('PATCH', '/api/v1/environments/staging', { gates: [], reason: 'test' });
    stage.world.at('2026-12-21T10:00:00.000Z');
    const repository = stage.at(stage.main, stage.path());
    const promote = async (version: string) => {
      const asked = { version, target_environment: 'staging' };
      const { body } = await dev('POST', '/api/v1/promotions', asked);
      await stage.world.run(body.id);
      await attachRecord(stage.world.deps, { tenant: 'acme', promotion_id: body.id });
      const root = (await repository.resolve(`${version}-staging`))?.digest ?? digestOfBytes('');
      const [record] = await repository.referrers(root);
      return { root, record: record?.digest ?? '' };
    };
    await plain('v1.3.0');
    const first = await promote('v1.3.0');
    await keep(1);
    await run();
    expect(await repository.resolve(first.record)).toBeDefined();
    await plain('v1.4.0');
    await promote('v1.4.0');
    stage.world.at('2026-12-23T10:00:00.000Z');
    expect(going(await dry())).toEqual(['v1.3.0', 'v1.2.0']);
    expect(await repository.resolve(first.record)).toBeDefined();
    expect(manifests(await run())).toEqual(['deleted', 'deleted']);
    expect(await repository.resolve(first.root)).toBeUndefined();
    expect(await repository.resolve(first.record)).toBeUndefined();
    expect(await repository.referrers(first.root)).toEqual([]);
  });
});
