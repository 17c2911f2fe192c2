import { beforeEach, describe, expect, it } from 'vitest';
import { artifactWorld } from './artifacts-world.ts';

const one = artifactWorld();
const promotions = '/api/v1/promotions';
const as =
  (name: 'dev' | 'alice' | 'admin'): ReturnType<typeof one.as> =>
  (...call) =>
    one.as(name)(...call);
const [dev, alice, admin] = [as('dev'), as('alice'), as('admin')];
const digestOf = async (tag: string, registry = one.main) =>
  (await one.at(registry, one.path()).resolve(tag))?.digest;
const head = (environment: string) =>
  one.world.deps.heads.read('acme', { subject: { kind: 'artifact', name: 'platform' }, environment });

/** No gate but the policy: what gates say of artifacts is other tests' matter. */
async function openGates(...environments: string[]): Promise<void> {
  for (const environment of environments) {
    const answer = await admin('PATCH', `/api/v1/environments/${environment}`, { gates: [], reason: 'test' });
    expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
  }
  // What was weakened in the very moment of a request holds the request.
  one.world.at('2026-11-21T10:00:00.000Z');
}

const toStaging = { artifact: 'platform', version: 'v1.2.3', target_environment: 'staging' };

async function requested(over: object = {}): Promise<string> {
  const made = await dev('POST', promotions, { ...toStaging, ...over });
  expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
  return made.body.id;
}

/** Requests, and lets the workflow execute. */
async function promoted(over: object = {}): Promise<string> {
  const id = await requested(over);
  await one.world.run(id);
  const { body } = await dev('GET', `${promotions}/${id}`);
  expect(body, JSON.stringify(body.failure)).toMatchObject({ status: 'completed' });
  return id;
}

describe('a request', () => {
  it('has the gates of the artifact document, which block it until there is evidence', async () => {
    await one.published('v1.2.3');
    const dry = await dev('POST', `${promotions}?dry_run=true`, toStaging);
    expect(dry).toMatchObject({ status: 200, body: { would_be: 'blocked' } });
    const { body } = await dev('POST', promotions, toStaging);
    expect(body).toMatchObject({ kind: 'artifact', artifact_version: 'v1.2.3', status: 'blocked' });
    expect(body.blocked_by).toEqual(['tests', 'security_scan', 'signature']);
    expect(body.gates.map(({ name }: { name: string }) => name)).toEqual([
      ...['policy_compliance', 'tests', 'security_scan', 'signature'],
    ]);
  });

  it('without a name, where the source has no artifact, says what to do', async () => {
    const { artifact: _, ...rest } = toStaging;
    expect(await dev('POST', promotions, rest)).toMatchObject({
      status: 400,
      body: {
        errors: [
          {
            field: 'artifact',
            problem: expect.stringMatching(/^is required: none is active in dev.*publish/),
          },
        ],
      },
    });
  });

  it('finds the version without v, and the only artifact without its name', async () => {
    await one.published('v1.2.3');
    const { artifact: _, ...rest } = toStaging;
    expect(await dev('POST', promotions, { ...rest, version: '1.2.3' })).toMatchObject({
      status: 201,
      body: { subject: { kind: 'artifact', name: 'platform' }, artifact_version: 'v1.2.3' },
    });
    expect(await dev('POST', promotions, { ...rest, target_environment: 'production' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'artifact' }] },
    });
  });

  it('shows what it changes: digest, version, tags, and the repository', async () => {
    const { root } = await one.published('v1.2.3');
    const id = await requested();
    const { items } = (await dev('GET', `${promotions}/${id}/changes`)).body;
    const place = `${new URL(one.main.url).host}/${one.path()}`;
    expect(items).toEqual([
      { key: 'staging', from: null, to: root },
      { key: 'version', from: null, to: 'v1.2.3' },
      { key: 'tags', from: null, to: 'v1.2.3-staging, latest-staging' },
      { key: 'registry/main', from: place, to: place },
    ]);
  });

  it.each([
    ['a version that nobody published', { version: 'v9.9.9' }, 404, 'not_found'],
    [
      'an environment that is not the next',
      { target_environment: 'production', source_environment: 'dev' },
      409,
      'missing_stages',
    ],
    [
      'the way back',
      { target_environment: 'development', source_environment: 'staging' },
      409,
      'invalid_transition',
    ],
    ['an unknown environment', { target_environment: 'nowhere' }, 404, 'unknown_environment'],
    ['no version', { version: undefined }, 400, 'invalid_request'],
    ['a version with a line end', { version: 'v1.2.3\n' }, 400, 'invalid_request'],
  ])('of %s is refused', async (_, over, status, code) => {
    await one.published('v1.2.3');
    expect(await dev('POST', promotions, { ...toStaging, ...over })).toMatchObject({
      status,
      body: { code },
    });
  });

  it('of a version that the source no longer has names the one that is active', async () => {
    await one.published('v1.2.3');
    await one.published('v1.2.4');
    expect(await dev('POST', promotions, toStaging)).toMatchObject({
      status: 409,
      body: { code: 'source_not_deployed', active: 'v1.2.4', environment: 'development' },
    });
  });
});

describe('a promotion', () => {
  beforeEach(() => openGates('staging', 'production'));

  it('moves the same digest to staging and production, and each environment gets its two tags', async () => {
    const { root } = await one.published('v1.2.3');
    await promoted();
    const id = await requested({ target_environment: 'production' });
    await alice('POST', `${promotions}/${id}/approve`);
    await dev('POST', `${promotions}/${id}/execute`);
    await one.world.run(id);
    const { body } = await dev('GET', `${promotions}/${id}`);
    expect(body).toMatchObject({ status: 'completed' });
    for (const tag of ['v1.2.3-staging', 'latest-staging', 'v1.2.3-prod', 'latest-prod']) {
      expect(await digestOf(tag), tag).toBe(root);
    }
    expect((await head('production'))?.digest).toBe(root);
    const deployment = await dev('GET', `/api/v1/deployments/${body.target_deployment_id}`);
    expect(deployment.body).toMatchObject({
      version: 'v1.2.3',
      status: 'DEPLOYED',
      environment: 'production',
    });
  });

  it('without approval runs by itself, and the publisher may not approve where authors may not', async () => {
    await one.published('v1.2.3');
    const policy = {
      name: 'p',
      environments: ['staging'],
      required_approvers: 1,
      separation_of_duties: { author: true },
    };
    await admin('POST', '/api/v1/approval-policies', policy);
    const id = await requested();
    await admin('PATCH', '/api/v1/members/dev', {
      roles: [{ role: 'developer' }, { role: 'approver' }],
      reason: 't',
    });
    expect(await dev('POST', `${promotions}/${id}/approve`)).toMatchObject({
      status: 403,
      body: { code: 'separation_of_duties' },
    });
    expect(await alice('POST', `${promotions}/${id}/approve`)).toMatchObject({ status: 200 });
  });

  it('again to where the version is active keeps everything as it is', async () => {
    const { root } = await one.published('v1.2.3');
    await promoted();
    await promoted();
    expect(await digestOf('latest-staging')).toBe(root);
    expect((await head('staging'))?.revision).toBe(2);
  });

  it('fails on a tag that names other content, and nothing has moved', async () => {
    await one.published('v1.2.3');
    const other = await one.build('v1.2.3-staging', 5_000);
    const id = await requested();
    await one.world.run(id);
    expect((await dev('GET', `${promotions}/${id}`)).body).toMatchObject({
      status: 'failed',
      failure: { code: 'tag_exists', target_state: 'unchanged' },
    });
    expect(await digestOf('v1.2.3-staging')).toBe(other.root);
    expect(await digestOf('latest-staging')).toBeUndefined();
    expect(await head('staging')).toMatchObject({ digest: null });
    expect((await head('staging'))?.claim).toBeUndefined();
  });

  it('fails when somebody moved the tag of the source since it was approved', async () => {
    await one.published('v1.2.3');
    const id = await requested();
    // A registry whose tags move: only then can somebody have moved one.
    const { root } = await one.build('other', 6_000);
    one.through = (exchange) => async (request) => {
      if (!request.url.endsWith('/manifests/v1.2.3-dev')) return exchange(request);
      return exchange({ ...request, url: request.url.replace('v1.2.3-dev', root) });
    };
    await one.world.run(id);
    expect((await dev('GET', `${promotions}/${id}`)).body).toMatchObject({
      status: 'failed',
      failure: {
        code: 'tag_exists',
        target_state: 'unchanged',
        message: expect.stringContaining('v1.2.3-dev'),
      },
    });
    expect(await digestOf('latest-staging')).toBeUndefined();
  });

  it('of fifty requests at once is one', async () => {
    await one.published('v1.2.3');
    const answers = await Promise.all(Array.from({ length: 50 }, () => dev('POST', promotions, toStaging)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'already_open')).toHaveLength(49);
  });

  it('of another version waits while one is executing, and fifty executions at once leave one consistent end', async () => {
    const first = await one.published('v1.2.3');
    const a = await requested();
    await one.published('v1.2.4');
    const b = await requested({ version: 'v1.2.4' });
    const ids = Array.from({ length: 50 }, (_, n) => (n % 2 === 0 ? a : b));
    await Promise.all(ids.map((id) => one.world.run(id).catch(() => undefined)));
    for (const id of [a, b]) {
      const { body } = await dev('GET', `${promotions}/${id}`);
      expect(['completed', 'blocked', 'pending'], body.status).toContain(body.status);
    }
    const { digest, claim } = (await head('staging')) ?? {};
    expect(claim).toBeUndefined();
    expect(await digestOf('latest-staging')).toBe(digest);
    expect(await digestOf('v1.2.3-staging')).toBe(
      digest === first.root ? first.root : await digestOf('v1.2.3-staging'),
    );
  });
});
