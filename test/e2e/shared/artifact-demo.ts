import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoArtifact } from '../../../cli/demo-artifact.ts';
import { Api } from '../../support/api.ts';
import { repositoryAt } from '../../support/oci.ts';
import type { Runtime } from '../../support/runtime.ts';

/** What the demo artifact of a fresh machine is for. */
export function demoArtifactTests(shared: () => Runtime): void {
  let runtime: Runtime;
  let dev: Api;
  const said: string[] = [];

  beforeAll(async () => {
    runtime = shared();
    dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
  });
  afterAll(async () => {
    const admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
    await admin.patch('/api/v1/environments/staging', { artifact_repository: null, reason: 'as before' });
  });

  const demo = () => ({
    url: runtime.url,
    say: (line: string) => void said.push(line),
    async call(method: string, path: string, body?: object) {
      const answer = await dev.send(method, `/api/v1${path}`, body);
      expect(answer.status, `${method} ${path}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
      return answer.body;
    },
  });

  describe('a fresh machine', () => {
    it('has a registry with a signed index of two platforms and its SBOM', async () => {
      const { body } = await dev.get('/api/v1/registries');
      expect(body.items).toMatchObject([{ id: 'local', role: 'primary', url: runtime.url }]);
      const { repository } = repositoryAt(runtime.url, 'platform');
      const index = await repository.resolve('build-1');
      expect(index?.mediaType).toBe('application/vnd.oci.image.index.v1+json');
      const referrers = await repository.referrers(index?.digest ?? `sha256:${'0'.repeat(64)}`);
      expect(referrers.map(({ artifactType }) => artifactType).sort()).toEqual([
        'application/spdx+json',
        'application/vnd.dev.sigstore.bundle.v0.3+json',
      ]);
    });

    it('promotes it: published, reported about, and brought to staging by the workflow', async () => {
      await demoArtifact(demo());
      const version = /(v1\.0\.\d+) into development/.exec(said.join('\n'))?.[1] ?? '';
      const { repository } = repositoryAt(runtime.url, 'platform');
      const digest = (await repository.resolve('build-1'))?.digest;
      for (const tag of [`${version}-dev`, 'latest-dev', `${version}-staging`, 'latest-staging']) {
        expect((await repository.resolve(tag))?.digest, tag).toBe(digest);
      }
      const { body } = await dev.get(`/api/v1/artifacts/platform/versions/${version}`);
      expect(body).toMatchObject({ digest, environments: ['development', 'staging'] });
    });

    it('copies to another repository in the step of the workflow', async () => {
      const admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
      const place = { artifact_repository: { repository: 'mirror' } };
      expect((await admin.patch('/api/v1/environments/staging', { ...place, reason: 'test' })).status).toBe(
        200,
      );
      await demoArtifact(demo());
      const { repository } = repositoryAt(runtime.url, 'mirror/platform');
      const root = await repository.resolve('latest-staging');
      const referrers = await repository.referrers(root?.digest ?? `sha256:${'0'.repeat(64)}`);
      // Records of promotions come beside them, each when its own is done.
      expect(referrers.map(({ artifactType }) => artifactType)).toEqual(
        expect.arrayContaining(['application/spdx+json', 'application/vnd.dev.sigstore.bundle.v0.3+json']),
      );
    });
  });
}
