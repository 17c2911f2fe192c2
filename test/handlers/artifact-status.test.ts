import { beforeEach, describe, expect, it } from 'vitest';
import { artifactWorld } from './artifacts-world.ts';

const one = artifactWorld();
const promotions = '/api/v1/promotions';
const path = '/api/v1/artifacts/platform/status';
const dev: ReturnType<typeof one.as> = (...call) => one.as('dev')(...call);
const status = async (query = '') => (await dev('GET', `${path}${query}`)).body;

beforeEach(async () => {
  await one.as('admin')('PATCH', '/api/v1/environments/staging', { gates: [], reason: 'test' });
  // What was weakened in the very moment of a request holds the request.
  one.world.at('2026-11-21T10:00:00.000Z');
});

async function promoted(version: string, over: object = {}) {
  const pushed = await one.published(version);
  const made = await dev('POST', promotions, { version, target_environment: 'staging', ...over });
  await one.world.run(made.body.id);
  return { ...pushed, id: made.body.id };
}

describe('the status of an artifact', () => {
  it('says per environment which version, since when, by whom and with which gates, and what is on its way', async () => {
    const { root, id } = await promoted('v1.2.3');
    await one.published('v1.2.4');
    const waiting = await dev('POST', promotions, { version: 'v1.2.3', target_environment: 'production' });
    const { environments, pending } = await status();
    expect(environments).toMatchObject([
      { environment: 'development', version: 'v1.2.4', promoted_by: { subject: 'dev' }, promotion_id: null },
      {
        environment: 'staging',
        version: 'v1.2.3',
        digest: root,
        promoted_at: '2026-11-21T10:00:00.000Z',
        promoted_by: { subject: 'dev' },
        promotion_id: id,
        gates: [{ name: 'policy_compliance', status: 'PASSED' }],
        registries: null,
      },
      { environment: 'production', version: null, digest: null },
    ]);
    expect(pending).toMatchObject([
      {
        promotion_id: waiting.body.id,
        version: 'v1.2.3',
        source_environment: 'staging',
        target_environment: 'production',
        status: 'blocked',
        blocked_by: ['tests', 'security_scan', 'signature'],
      },
    ]);
  });

  it('asks each registry for the tags, and finds one that somebody moved or removed', async () => {
    const { root } = await promoted('v1.2.3', { sync_registries: true });
    const standing = async () => {
      const { environments } = await status('?verify=true');
      return environments[1].registries.map((each: { registry: string; status: string }) => [
        each.registry,
        each.status,
      ]);
    };
    expect(await standing()).toEqual([
      ['main', 'ok'],
      ['dr', 'ok'],
    ]);
    const repository = one.at(one.dr, one.path());
    const other = await repository.readManifest((await repository.referrers(root))[0]?.digest ?? root);
    if (other !== undefined) await repository.writeManifest('latest-staging', other);
    expect(await standing()).toEqual([
      ['main', 'ok'],
      ['dr', 'drifted'],
    ]);
    await repository.untag('latest-staging');
    expect(await standing()).toEqual([
      ['main', 'ok'],
      ['dr', 'missing'],
    ]);
    one.through = (exchange) => async (request) => {
      if (request.url.startsWith(one.dr.url)) throw new Error('gone');
      return exchange(request);
    };
    expect(await standing()).toEqual([
      ['main', 'ok'],
      ['dr', 'unreachable'],
    ]);
  });

  it('of an artifact that nobody published is 404', async () => {
    expect(await dev('GET', '/api/v1/artifacts/nothing/status')).toMatchObject({ status: 404 });
  });
});
