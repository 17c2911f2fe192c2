import { ARTIFACT_SETTINGS } from '../../functions/domain/artifact/settings.ts';
import type { PendingChange } from '../../functions/domain/audit/pending-change.ts';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import { ROLES } from '../../functions/domain/identity/principal.ts';
import { artifactVersion } from '../ports/artifacts.contract.ts';
import { appIdentity } from '../support/slack-channels.ts';
import { ACME, START, type World } from './api-world.ts';
import { ABSENT, freeze, channel as newChannel, passedTests, policy, rule } from './calls/bodies.ts';

/** Ids of what stands in the furnished tenant. */
export type Furniture = {
  readonly promotion: string;
  readonly failed: string;
  readonly rule: string;
  readonly policy: string;
  readonly freeze: string;
  readonly environment: string;
  readonly gateway: string;
  readonly registry: string;
  readonly consumer: string;
  readonly flag_key: string;
  readonly channel: string;
  readonly member: string;
  readonly machine: string;
  readonly pending: string;
  readonly deployment: string;
  readonly platform: string;
  readonly configPromotion?: string;
  /** A part of an import that waits for its commit. */
  readonly stage?: string;
};

/** A change that alice asked for and that waits for a second admin. */
const pending = {
  id: 'pend-waits',
  asked_by: { subject: 'alice', email: 'alice@acme.com', kind: 'person' },
  expires_at: '2026-11-28T09:00:00.000Z',
  action: 'delete',
  target: { type: 'environment', id: 'production' },
  ...{ expected: 1, reason: 'r', weakens: [], values: {} },
  ...{ version: 1, created_at: START, updated_at: START },
} as const satisfies PendingChange;

/** Puts one of everything into the tenant `acme`. */
export async function furnish(world: World): Promise<Furniture> {
  const [dev, alice, admin] = [world.as('dev'), world.as('alice'), world.as('admin')];
  const must = async (answer: ReturnType<typeof dev>) => {
    const { status, body } = await answer;
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body;
  };
  await must(admin('POST', '/api/v1/gateways', { id: 'gw-789', environment: 'production' }));
  await must(
    admin('POST', '/api/v1/gateways', {
      id: 'gw-broken',
      environment: 'production',
      driver: 'http',
      endpoint: 'https://gw.acme.com/',
    }),
  );
  await must(admin('POST', '/api/v1/gateways', { id: 'gw-idle', environment: 'development' }));
  await must(admin('POST', '/api/v1/registries', { id: 'dr', url: 'registry.acme.com' }));
  const key = { name: 'billing', environment: 'development', type: 'server' };
  const { id: flag_key } = await must(admin('POST', '/api/v1/flag-keys', key));
  const consumer = { id: 'cons-1', name: 'billing', environment: 'development', artifact: 'platform' };
  await must(dev('POST', '/api/v1/consumers', { ...consumer, constraint: '^1.0.0' }));
  for (const agent of ['123', 'new', 'bad']) {
    const id = agent === '123' ? 'dep-456' : `dep-${agent}`;
    await must(
      dev('POST', '/api/v1/deployments', {
        id,
        agent_id: `agent-${agent}`,
        gateway_id: 'gw-stg',
        environment: 'staging',
      }),
    );
  }
  await must(
    dev('POST', '/api/v1/platform/deployments', {
      id: 'dep-platform',
      imageTag: 'v1',
      environment: 'staging',
      status: 'PENDING',
    }),
  );
  await must(
    dev('POST', '/api/v1/platform/deployments', { id: 'dep-live', imageTag: 'v0', environment: 'staging' }),
  );
  await must(admin('POST', '/api/v1/environments', { name: 'acme-only' }));
  const config = '/api/v1/config/environments/acme-only';
  await must(dev('PUT', `${config}/configs/setting`, { value: 1 }));
  await must(
    dev('PUT', `${config}/flags/setting`, { enabled: true, variants: { on: 1 }, defaultVariant: 'on' }),
  );
  const part = { entries: [{ kind: 'config', key: 'imported', value: 1 }] };
  const { stage } = await must(dev('POST', `${config}/import/parts`, part));
  const stagingConfig = '/api/v1/config/environments/staging';
  const put = ['a.one', 'b.one'].map((key) => ({ kind: 'config', key, value: 1 }));
  await must(dev('POST', `${stagingConfig}/batch`, { put }));
  const configPromotion = await must(
    dev('POST', '/api/v1/config/promotions', {
      targetEnvironment: 'production',
      promotionType: 'SELECTIVE',
      configIds: ['a.one'],
    }),
  );
  await world.commit(ACME, { write: 'artifact_version', item: artifactVersion('1.0.0'), expected: 0 });
  const settings = {
    id: ARTIFACT_SETTINGS,
    cross_registry_sync: false,
    verification: 'digest_match',
    retention: { keep_versions: 10, keep_days: 90, protected: [] },
    version: 1,
    created_at: START,
    updated_at: START,
  } as const;
  await world.commit(ACME, {
    write: 'catalog',
    entry: { type: 'artifact_settings', item: settings },
    expected: 0,
  });
  const rules = await must(admin('POST', '/api/v1/promotions/rules', rule));
  const freezes = await must(admin('POST', '/api/v1/environments/acme-only/freezes', freeze));
  const channel = await must(admin('POST', '/api/v1/notification-channels', newChannel));
  const policies = await must(admin('POST', '/api/v1/approval-policies', policy));
  const request = (agent: string, source: string, gateway: string) => ({
    agent_id: `agent-${agent}`,
    source_deployment_id: source,
    target_gateway_id: gateway,
    target_environment: 'production',
  });
  const promotion = await must(dev('POST', '/api/v1/promotions', request('123', 'dep-456', 'gw-789')));
  const failing = await must(dev('POST', '/api/v1/promotions', request('bad', 'dep-bad', 'gw-broken')));
  await must(alice('POST', `/api/v1/promotions/${failing.id}/approve`));
  await must(dev('POST', `/api/v1/promotions/${failing.id}/execute`));
  await must(dev('POST', '/api/v1/evidence', { ...passedTests, subject_digest: ABSENT }));
  const invitation = digestOfBytes('invitation');
  const link = { tenant: ACME, team: 'T1', user: 'UBOB' };
  await world.deps.slackPeople.invite(invitation, {
    ...link,
    app: appIdentity,
    expires_at: '9999-12-31T00:00:00.000Z',
  });
  await world.deps.slackPeople.accept(invitation, {
    ...link,
    app: appIdentity,
    subject: 'bob',
    linked_at: START,
  });
  await world.commit(ACME, {
    write: 'catalog',
    entry: { type: 'pending_change', item: pending },
    expected: 0,
  });
  world.outcome = { outcome: 'refused', message: 'no' };
  await world.run(failing.id);
  return {
    promotion: promotion.id,
    failed: failing.id,
    rule: rules.id,
    policy: policies.id,
    freeze: freezes.id,
    environment: 'acme-only',
    gateway: 'gw-idle',
    registry: 'dr',
    consumer: 'cons-1',
    flag_key,
    channel: channel.id,
    member: 'bob',
    machine: 'mach-ci',
    pending: pending.id,
    deployment: 'dep-456',
    platform: 'dep-platform',
    configPromotion: configPromotion.id,
    stage,
  };
}

/** Makes `all` a member who has every role. */
export async function admitAll(world: World): Promise<void> {
  const membership = {
    tenant: ACME,
    subject: 'all',
    user_id: 'all',
    email: 'all@acme.com',
    groups: [],
    grants: ROLES.map((role) => ({ role })),
    status: 'active',
    version: 1,
    created_at: START,
    updated_at: START,
  } as const;
  await world.commit(ACME, { write: 'membership', membership, expected: 0 });
}
