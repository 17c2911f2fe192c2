import { Api } from './api.ts';
import type { Runtime } from './runtime.ts';

/** The promotion that the pictures show. */
export type Scene = { readonly promotion: string };

const DAY = 86_400_000;

/** Puts something onto every page of the dashboard, as the demo people would: what runs, what moves, and what governs it. */
export async function setScene(runtime: Runtime): Promise<Scene> {
  const [dev, admin] = await Promise.all(
    ['dev@acme.com', 'admin@acme.com'].map(async (email) => new Api(runtime.url, await runtime.token(email))),
  );
  if (dev === undefined || admin === undefined) throw new Error('nobody is there');
  const must = async (answer: ReturnType<Api['get']>) => {
    const { status, body } = await answer;
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body;
  };
  for (const environment of ['development', 'staging', 'production']) {
    await must(admin.post('/api/v1/gateways', { id: `gw-${environment}`, environment }));
  }
  for (const [agent_id, environment, version] of [
    ['agent-123', 'development', '1.5.0'],
    ['agent-123', 'staging', '1.4.2'],
    ['agent-207', 'development', '2.0.1'],
    ['agent-207', 'staging', '2.0.1'],
    ['claims', 'staging', '0.9.0'],
  ] as const) {
    // Versions of one agent with the same number have the same content.
    const content_digest = `sha256:${Buffer.from(agent_id + version)
      .toString('hex')
      .padEnd(64, '0')
      .slice(0, 64)}`;
    const what = { agent_id, environment, version, content_digest, gateway_id: `gw-${environment}` };
    await must(dev.post('/api/v1/deployments', what));
  }
  const put = [
    { kind: 'config', key: 'limits.memory', value: '768 MiB' },
    { kind: 'config', key: 'telemetry.sampling', value: 0.05 },
    { kind: 'config', key: 'database.url', value: url(40) },
    {
      kind: 'flag',
      key: 'bulk-export',
      enabled: true,
      variants: { on: true, off: false },
      defaultVariant: 'on',
    },
  ];
  await must(
    dev.post('/api/v1/config/environments/staging/batch', { put, reason: 'sizes of the load test' }),
  );
  await must(
    admin.post('/api/v1/approval-policies', {
      name: 'Two people, one of them from security',
      environments: ['production'],
      required_approvers: 2,
      groups: [{ group: 'security', min: 1 }],
    }),
  );
  await must(
    admin.post('/api/v1/promotions/rules', {
      name: 'On to staging',
      source_environment: 'development',
      target_environment: 'staging',
      auto_promote: false,
    }),
  );
  await must(
    admin.post('/api/v1/notification-channels', {
      name: 'Approvers',
      type: 'email',
      recipients: 'approvers',
    }),
  );
  const begin = Date.now() + 3 * DAY;
  await must(
    admin.post('/api/v1/environments/*/freezes', {
      reason: 'Quarter close',
      starts_at: new Date(begin).toISOString(),
      ends_at: new Date(begin + 4 * DAY).toISOString(),
    }),
  );
  const asked = {
    targetEnvironment: 'production',
    promotionType: 'FULL',
    execution: 'automatic',
    notes: 'Sizes of the load test',
  };
  const { id } = await must(dev.post('/api/v1/config/promotions', asked));
  const bob = new Api(runtime.url, await runtime.token('bob@acme.com'));
  await must(bob.post(`/api/v1/promotions/${id}/approve`, { comment: 'Load test looks good.' }));
  // Sums of the day, and the log: what runs by the clock, at once.
  for (const schedule of ['sweep', 'feed-log']) await runtime.runSchedule(schedule);
  return { promotion: id };
}

const url = (pool: number): string =>
  `postgres://orders@db-2.internal:5432/platform?sslmode=verify-full&pool_max=${pool}&idle_timeout=30s&application_name=orders`;
