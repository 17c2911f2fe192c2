import { beforeAll, describe, expect, it } from 'vitest';
import { signaturesTag } from '../../../functions/domain/artifact/attached.ts';
import { Api, until } from '../../support/api.ts';
import { attachTagged, keyLayer } from '../../support/cosign.ts';
import { pushSigned, repositoryAt } from '../../support/oci.ts';
import type { Runtime } from '../../support/runtime.ts';
import { pair, pem } from '../../support/signing.ts';

const promotions = '/api/v1/promotions';
const ours = pair();
const theirs = pair();
/** What governs artifacts: it changes the gates of staging and the configuration. */
export function governingTests(shared: () => Runtime): void {
  let runtime: Runtime;
  let dev: Api;
  let admin: Api;
  let credentials: { username: string; password: string };

  beforeAll(async () => {
    runtime = shared();
    const token = await runtime.token('dev@acme.com');
    credentials = { username: 'dev@acme.com', password: token };
    dev = new Api(runtime.url, token);
    admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
  });

  const at = (path: string) => repositoryAt(runtime.url, path, { credentials }).repository;

  /** Changes what governs, as an admin. */
  async function set(method: string, path: string, body: object): Promise<void> {
    const answer = await admin.send(method, `/api/v1${path}`, body);
    expect(answer.status, `${path}: ${JSON.stringify(answer.body)}`).toBe(200);
  }

  /** Pushes an image and publishes it. */
  async function published(artifact: string, version: string, layerBytes: number) {
    const { root } = await pushSigned(at(artifact), layerBytes);
    const manifest = await at(artifact).readManifest(root);
    if (manifest === undefined) throw new Error('it was not pushed');
    await at(artifact).writeManifest(`build-${version}`, manifest);
    const made = await publish(artifact, version);
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return root;
  }

  const publish = (artifact: string, version: string) =>
    dev.post(`/api/v1/artifacts/${artifact}/versions`, { version, reference: `build-${version}` });

  async function requested(artifact: string, version: string): Promise<string> {
    const made = await dev.post(promotions, { artifact, version, target_environment: 'staging' });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body.id;
  }

  /** What the workflow makes of a promotion. */
  async function becomes(id: string, ...statuses: readonly string[]) {
    const { body } = await until(
      () => dev.get(`${promotions}/${id}`),
      ({ body }) => statuses.includes(body.status),
    );
    return body;
  }

  const signatureOf = (body: { gates: readonly { name: string; status: string }[] }) =>
    body.gates.find(({ name }) => name === 'signature');

  describe('artifacts in the local runtime', () => {
    it('pass the signature gate by what its own registry holds, and not without', async () => {
      const provider = { type: 'registry', public_keys: [pem(ours)] };
      const gates = [{ name: 'signature', provider }];
      await set('PATCH', '/environments/staging', { gates, reason: 'keys of ours alone' });
      const root = await published('billing', 'v1.0.0', 1_000);
      const id = await requested('billing', 'v1.0.0');
      // The workflow asks the registry a moment after the request.
      const { body: judged } = await until(
        () => dev.get(`${promotions}/${id}`),
        ({ body }) => signatureOf(body)?.status !== 'PENDING',
      );
      expect(judged.status).toBe('blocked');
      expect(signatureOf(judged)).toMatchObject({ status: 'FAILED' });
      await attachTagged(at('billing'), root, 'sig', [keyLayer(root, theirs), keyLayer(root, ours)]);
      expect((await dev.post(`${promotions}/${id}/validate`, {})).status).toBe(200);
      // Whoever validates while the workflow is about to wait is heard by the next sweep.
      await runtime.runSchedule('sweep');
      const ended = await becomes(id, 'completed', 'failed');
      expect(ended, JSON.stringify(ended.failure)).toMatchObject({ status: 'completed' });
      expect(signatureOf(ended)).toMatchObject({ status: 'PASSED' });
      expect((await at('billing').resolve('latest-staging'))?.digest).toBe(root);
      // Sluice executed it once the gate had passed, as dev had asked.
      const { body } = await dev.get('/api/v1/artifacts/billing/status');
      expect(body.environments[1]).toMatchObject({ promoted_by: { email: 'dev@acme.com' } });
    });

    it('are copied under signature_match only with a signature of ours, which comes along', async () => {
      const provider = { type: 'registry', public_keys: [pem(ours)] };
      const gates = [{ name: 'signature', mode: 'warn', provider }];
      const artifact_repository = { repository: 'mirror' };
      await set('PATCH', '/environments/staging', {
        gates,
        artifact_repository,
        reason: 'a copy of its own',
      });
      await set('PUT', '/configuration?reason=signatures', {
        artifacts: { promotion: { verification: 'signature_match' } },
      });
      const root = await published('ledger', 'v1.0.0', 2_000);
      // A signature is another one each time that it is made.
      const other = keyLayer(root, theirs);
      await attachTagged(at('ledger'), root, 'sig', [other]);
      const id = await requested('ledger', 'v1.0.0');
      expect(await becomes(id, 'failed', 'completed')).toMatchObject({
        status: 'failed',
        failure: { code: 'signature_mismatch', target_state: 'unchanged' },
      });
      expect(await at('mirror/ledger').resolve('latest-staging')).toBeUndefined();
      const both = await attachTagged(at('ledger'), root, 'sig', [other, keyLayer(root, ours)]);
      const again = await dev.post(`${promotions}/${id}/retry`, {});
      expect(again.status, JSON.stringify(again.body)).toBe(201);
      const ended = await becomes(again.body.id, 'completed', 'failed');
      expect(ended, JSON.stringify(ended.failure)).toMatchObject({ status: 'completed' });
      expect((await at('mirror/ledger').resolve('latest-staging'))?.digest).toBe(root);
      expect(await at('mirror/ledger').resolve(signaturesTag(root))).toMatchObject({ digest: both });
    });

    it('are refused where they are larger than the registry takes', async () => {
      await set('PATCH', '/registries/local', { max_artifact_bytes: 10_000 });
      const { root } = await pushSigned(at('heavy'), 20_000);
      const manifest = await at('heavy').readManifest(root);
      if (manifest !== undefined) await at('heavy').writeManifest('build-v1.0.0', manifest);
      const refused = await publish('heavy', 'v1.0.0');
      expect(refused, JSON.stringify(refused.body)).toMatchObject({
        status: 422,
        body: { code: 'artifact_too_large' },
      });
      expect(await at('heavy').resolve('latest-dev')).toBeUndefined();
      await set('PATCH', '/registries/local', { max_artifact_bytes: null });
      expect((await publish('heavy', 'v1.0.0')).status).toBe(201);
    });
  });
}
