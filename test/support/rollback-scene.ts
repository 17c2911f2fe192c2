import { Api, until } from './api.ts';
import { pushSigned, repositoryAt } from './oci.ts';
import type { Runtime } from './runtime.ts';

/** The newest promotion of each kind to staging, which can be taken back. */
export type RollbackScene = { readonly [kind in 'agent' | 'artifact' | 'config']: string };

/** Promotes two versions of an agent and of an artifact and an edit of configuration to staging. A consumer takes the newer artifact alone. */
export async function setRollbackScene(runtime: Runtime): Promise<RollbackScene> {
  const token = await runtime.token('dev@acme.com');
  const dev = new Api(runtime.url, token);
  const admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
  const must = async (answer: ReturnType<Api['get']>) => {
    const { status, body } = await answer;
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body;
  };
  const completed = async (asked: object, path = '/api/v1/promotions'): Promise<string> => {
    const { id } = await must(dev.post(path, { ...asked, execution: 'automatic' }));
    await until(
      async () => (await must(dev.get(`/api/v1/promotions/${id}`))).status,
      (status) => status === 'completed',
    );
    return id;
  };
  await must(admin.patch('/api/v1/environments/staging', { gates: [], reason: 'of no concern here' }));
  await must(admin.post('/api/v1/gateways', { id: 'gw-back', environment: 'staging' }));

  let agent = '';
  for (const version of ['1.4.1', '1.5.0']) {
    const id = `dep-${version}`;
    const content_digest = `sha256:${Buffer.from(version).toString('hex').padEnd(64, '0')}`;
    const what = { id, agent_id: 'invoices', environment: 'development', version, content_digest };
    await must(dev.post('/api/v1/deployments', { ...what, gateway_id: 'gw-dev' }));
    agent = await completed({
      agent_id: 'invoices',
      source_deployment_id: id,
      target_gateway_id: 'gw-back',
      target_environment: 'staging',
    });
  }

  const credentials = { username: 'dev@acme.com', password: token };
  const { repository } = repositoryAt(runtime.url, 'platform', { credentials });
  let artifact = '';
  for (const [at, version] of ['v1.4.1', 'v1.4.2', 'v1.5.0'].entries()) {
    const { root } = await pushSigned(repository, 2_000 + at);
    await must(dev.post('/api/v1/artifacts/platform/versions', { version, reference: root }));
    artifact = await completed({ artifact: 'platform', version, target_environment: 'staging' });
  }
  // Not promoted: what consumers could take next.
  for (const [at, version] of ['v1.6.0', 'v2.0.0'].entries()) {
    const { root } = await pushSigned(repository, 2_100 + at);
    await must(dev.post('/api/v1/artifacts/platform/versions', { version, reference: root }));
  }
  const consumer = { environment: 'staging', artifact: 'platform' };
  await must(admin.post('/api/v1/consumers', { ...consumer, name: 'billing', constraint: '^1.5.0' }));
  await must(admin.post('/api/v1/consumers', { ...consumer, name: 'reports', constraint: '^1.0.0' }));
  await must(admin.post('/api/v1/consumers', { ...consumer, name: 'exports', constraint: '^2.0.0' }));

  const path = '/api/v1/config/environments/development/configs/orders.limit';
  await must(dev.put(path, { value: 40, reason: 'load test' }));
  const config = await completed(
    {
      sourceEnvironment: 'development',
      targetEnvironment: 'staging',
      promotionType: 'SELECTIVE',
      configIds: ['orders.limit'],
    },
    '/api/v1/config/promotions',
  );
  return { agent, artifact, config };
}
