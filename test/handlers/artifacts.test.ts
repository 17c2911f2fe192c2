import { describe, expect, it } from 'vitest';
import { artifactWorld } from './artifacts-world.ts';

const one = artifactWorld();
const versions = '/api/v1/artifacts/platform/versions';
const dev: ReturnType<typeof one.as> = (...call) => one.as('dev')(...call);
const repository = () => one.at(one.main, one.path());
const digestOf = async (tag: string) => (await repository().resolve(tag))?.digest;

describe('publishing', () => {
  it('asks the registry for the digest, sets both tags of the first environment, and names the publisher', async () => {
    const { root } = await one.build('build-1');
    const answer = await dev('POST', versions, { version: 'v1.2.3', reference: 'build-1' });
    expect(answer).toMatchObject({
      status: 201,
      headers: { location: `${versions}/v1.2.3` },
      body: {
        version: 'v1.2.3',
        digest: root,
        environments: ['development'],
        reference: `${new URL(one.main.url).host}/${one.path()}@${root}`,
        published_by: { subject: 'dev' },
      },
    });
    expect(await digestOf('v1.2.3-dev')).toBe(root);
    expect(await digestOf('latest-dev')).toBe(root);
    const deployment = await dev('GET', `/api/v1/deployments/${answer.body.deployment_id}`);
    expect(deployment.body).toMatchObject({ version: 'v1.2.3', content_digest: root, status: 'DEPLOYED' });
  });

  it('takes a digest, and references as clients write them', async () => {
    const { root } = await one.build('build-1');
    const host = new URL(one.main.url).host;
    const references = [
      root,
      `${one.path()}:build-1`,
      `${host}/${one.path()}:build-1`,
      `${host}/${one.path()}@${root}`,
    ];
    for (const [n, reference] of references.entries()) {
      const answer = await dev('POST', versions, { version: `1.0.${n}`, reference });
      expect(answer, reference).toMatchObject({ status: 201, body: { digest: root } });
    }
  });

  it('of the same version and content again answers what was published', async () => {
    await one.published('v1.0.0');
    const again = await dev('POST', versions, { version: '1.0.0', reference: 'build-v1.0.0' });
    expect(again).toMatchObject({ status: 200, body: { version: 'v1.0.0' } });
  });

  it('of the same version with other content is refused, and changes nothing', async () => {
    const { root } = await one.published('v1.0.0');
    await one.build('build-other', 77);
    const refused = await dev('POST', versions, { version: 'v1.0.0', reference: 'build-other' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'tag_exists' } });
    expect(await digestOf('v1.0.0-dev')).toBe(root);
    expect(await digestOf('latest-dev')).toBe(root);
  });

  it('finds a tag that somebody else has set, and changes nothing', async () => {
    const { root } = await one.build('v1.0.0-dev');
    await one.build('build-2', 99);
    const refused = await dev('POST', versions, { version: 'v1.0.0', reference: 'build-2' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'tag_exists' } });
    expect(await digestOf('v1.0.0-dev')).toBe(root);
    expect(await digestOf('latest-dev')).toBeUndefined();
    expect(await dev('GET', `${versions}/v1.0.0`)).toMatchObject({ status: 404 });
  });

  it.each([
    ['version', '1.2.3\n'],
    ['version', 'v1.2.3-prod'],
    ['version', '1.2.3+build'],
    ['version', '../1.2.3'],
    ['version', '１.２.３'],
    ['version', `1.0.0-${'a'.repeat(123)}`],
    ['reference', '../../etc/passwd'],
    ['reference', 'other:build-1'],
    ['reference', 'evil.example.com/platform:build-1'],
    ['reference', 'build 1'],
  ])('refuses the %s %j', async (field, value) => {
    const body = { version: 'v1.0.0', reference: 'build-1', [field]: value };
    expect(await dev('POST', versions, body)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  it.each(['Platform', 'a..b', 'a___b', '-a'])('refuses the name %s', async (name) => {
    const path = `/api/v1/artifacts/${name}/versions`;
    const refused = await dev('POST', path, { version: 'v1.0.0', reference: 'build-1' });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'name' }] } });
  });

  it('of what is not there is 404, and names it', async () => {
    const refused = await dev('POST', versions, { version: 'v1.0.0', reference: 'nothing' });
    expect(refused).toMatchObject({ status: 404, body: { field: 'reference' } });
  });

  it('is refused beyond the size that the registry allows', async () => {
    await one.build('build-1', 50_000);
    await one.as('admin')('PATCH', '/api/v1/registries/main', { max_artifact_bytes: 50_000 });
    const refused = await dev('POST', versions, { version: 'v1.0.0', reference: 'build-1' });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'artifact_too_large', registry_id: 'main', max_artifact_bytes: 50_000 },
    });
    expect(refused.body.bytes).toBeGreaterThan(50_000);
    expect(await digestOf('v1.0.0-dev')).toBeUndefined();
  });

  it('without a primary registry says what to do', async () => {
    await one.as('admin')('PATCH', '/api/v1/registries/main', { role: 'secondary', reason: 'r' });
    const refused = await dev('POST', versions, { version: 'v1.0.0', reference: 'build-1' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'no_registry' } });
  });

  it('keeps its answer for a repeated request', async () => {
    await one.build('build-1');
    const call = [
      'POST',
      versions,
      { version: 'v1.0.0', reference: 'build-1' },
      { 'idempotency-key': 'k' },
    ] as const;
    const first = await dev(...call);
    expect(await dev(...call)).toMatchObject({ status: 201, body: first.body });
  });

  it('into a protected environment is for recorders alone', async () => {
    await one.published('v1.0.0');
    await one.as('admin')('PATCH', '/api/v1/environments/development', { protected: true });
    await one.build('build-2', 7);
    const refused = await dev('POST', versions, { version: 'v1.0.1', reference: 'build-2' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'protected' } });
    expect(await digestOf('v1.0.1-dev')).toBeUndefined();
  });
});

describe('many who publish at once', () => {
  it('leave the latest tag where the head is', async () => {
    const labels = Array.from({ length: 6 }, (_, n) => `v1.0.${n}`);
    await Promise.all(labels.map((version, n) => one.build(`build-${version}`, 100 + n)));
    const answers = await Promise.all(
      labels.map((version) => dev('POST', versions, { version, reference: `build-${version}` })),
    );
    expect(answers.map(({ status }) => status)).toEqual(labels.map(() => 201));
    const { items } = (await dev('GET', versions)).body;
    const active = items.filter(({ environments }: { environments: string[] }) => environments.length > 0);
    expect(active).toHaveLength(1);
    expect(await digestOf('latest-dev')).toBe(active[0].digest);
  });

  it('of one version with different content publish one of them', async () => {
    await Promise.all(['a', 'b', 'c'].map((tag, n) => one.build(tag, 200 + n)));
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((reference) => dev('POST', versions, { version: 'v1.0.0', reference })),
    );
    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'tag_exists')).toHaveLength(2);
    expect(await digestOf('v1.0.0-dev')).toBe(made[0]?.body.digest);
  });
});

describe('a publish that breaks off', () => {
  it('at any request to the registry is whole when it is done again', async () => {
    await one.build('build-1');
    let requests = 0;
    one.through = (exchange) => (request) => {
      requests += 1;
      return exchange(request);
    };
    const body = { version: 'v9.0.0', reference: 'build-1' };
    await dev('POST', versions, body);
    const calls = requests;
    expect(calls).toBeGreaterThan(6);
    for (let kill = 1; kill <= calls; kill += 1) {
      const version = `v1.0.${kill}`;
      const { root } = await one.build(`build-${kill}`, 300 + kill);
      let count = 0;
      one.through = (exchange) => async (request) => {
        count += 1;
        if (count < kill) return exchange(request);
        if (count === kill) await exchange(request);
        throw new Error('killed');
      };
      await dev('POST', versions, { version, reference: `build-${kill}` });
      one.through = (exchange) => exchange;
      const again = await dev('POST', versions, { version, reference: `build-${kill}` });
      expect(again.body, String(kill)).toMatchObject({ digest: root });
      expect(await digestOf(`${version}-dev`)).toBe(root);
      expect(await digestOf('latest-dev')).toBe(root);
    }
  });
});

describe('versions', () => {
  it('are listed highest first, and resolved by constraints', async () => {
    for (const version of ['v1.2.0', '1.10.0', 'v2.0.0-rc.1', 'v1.9.0']) await one.published(version);
    const { body } = await dev('GET', versions);
    expect(body.items.map(({ version }: { version: string }) => version)).toEqual([
      ...['v2.0.0-rc.1', '1.10.0', 'v1.9.0', 'v1.2.0'],
    ]);
    const resolve = (query: string) => dev('GET', `${versions}/resolve?${query}`);
    expect(await resolve('constraint=%5E1.2.0')).toMatchObject({
      status: 200,
      body: { version: { version: '1.10.0' }, warning: null },
    });
    const latest = await resolve('constraint=latest-dev');
    expect(latest).toMatchObject({ status: 200, body: { version: { version: 'v1.9.0' } } });
    expect(latest.body.warning).toContain('moves with every promotion');
    expect(await resolve('constraint=%5E3')).toMatchObject({
      status: 404,
      body: { available: ['v2.0.0-rc.1', '1.10.0', 'v1.9.0', 'v1.2.0'] },
    });
    expect(await resolve('constraint=%5E1.2.0&environment=staging')).toMatchObject({ status: 404 });
    expect(await resolve('constraint=not+one')).toMatchObject({ status: 400 });
    expect(await resolve('constraint=latest-nowhere')).toMatchObject({ status: 404 });
  });

  it('are found with and without v', async () => {
    await one.published('v1.2.3');
    for (const name of ['v1.2.3', '1.2.3']) {
      expect(await dev('GET', `${versions}/${name}`)).toMatchObject({
        status: 200,
        body: { version: 'v1.2.3' },
      });
    }
  });
});

describe('the primary registry', () => {
  it('is not deleted while it holds an active artifact', async () => {
    await one.published('v1.0.0');
    expect(await one.as('admin')('DELETE', '/api/v1/registries/main')).toMatchObject({
      status: 409,
      body: { code: 'in_use', subject: { kind: 'artifact', name: 'platform' } },
    });
  });
});

describe('an environment that names its own place', () => {
  const staging = '/api/v1/environments/staging';
  const admin: ReturnType<typeof one.as> = (...call) => one.as('admin')(...call);

  it('names a registry that exists, and keeps it from being deleted', async () => {
    const unknown = { artifact_repository: { registry: 'nowhere' } };
    expect(await admin('PATCH', staging, unknown)).toMatchObject({ status: 400 });
    const artifact_repository = { registry: 'dr', repository: 'stage' };
    expect(await admin('PATCH', staging, { artifact_repository, reason: 'r' })).toMatchObject({
      status: 200,
      body: { artifact_repository },
    });
    expect(await admin('DELETE', '/api/v1/registries/dr')).toMatchObject({
      status: 409,
      body: { code: 'in_use', environment: 'staging' },
    });
    await admin('PATCH', staging, { artifact_repository: null, reason: 'r' });
    expect(await admin('DELETE', '/api/v1/registries/dr?reason=gone')).toMatchObject({ status: 204 });
  });

  it.each([{}, { repository: 'Stage' }, { repository: '../x' }])(
    'refuses %j',
    async (artifact_repository) => {
      expect(await admin('PATCH', staging, { artifact_repository })).toMatchObject({ status: 400 });
    },
  );
});
