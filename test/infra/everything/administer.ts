import { Api } from '../../support/api.ts';
import { ok, TENANT, type World } from './world.ts';

/** Creates, reads, lists, changes and deletes one of everything that is administered or configured. */
export async function administer({ runtime, gateway, admin }: World): Promise<void> {
  const anyone = new Api(runtime.url, 'none');
  for (const path of ['/healthz', '/openapi.json']) await ok(anyone.get(path));
  const crud = async (path: string, created: object, change: object, id?: string) => {
    const made = await ok(admin.post(path, created));
    const one = `${path}/${id ?? made.id}`;
    await ok(admin.get(path));
    await ok(admin.get(one));
    await ok(admin.patch(one, change));
    await ok(admin.delete(`${one}?reason=over`));
  };
  await ok(admin.get('/api/v1/me'));
  await crud('/api/v1/members', { subject: 's1', email: 's1@acme.com' }, { groups: ['g'] }, 's1');
  const machine = { name: 'CI', account: '111122223333', role: 'ci', unique_id: 'AROACI', owner: 's2' };
  await ok(admin.post('/api/v1/members', { subject: 's2', email: 's2@acme.com' }));
  await crud('/api/v1/principals', machine, { name: 'CI 2' });
  await ok(
    admin.post('/api/v1/tenants', {
      id: 'other',
      name: 'Other',
      admin: { subject: 's3', email: 's3@x.com' },
    }),
  );
  await ok(admin.get('/api/v1/tenants'));
  await ok(admin.put('/api/v1/tenants/other', { name: 'Another' }));
  await crud('/api/v1/environments', { name: 'canary' }, { protected: true }, 'canary');
  await ok(admin.post('/api/v1/environments/staging/lock', { reason: 'test' }));
  await ok(admin.post('/api/v1/environments/staging/unlock', { reason: 'test' }));
  await ok(admin.post('/api/v1/environments/*/lock', { reason: 'test' }));
  await ok(admin.post('/api/v1/environments/*/unlock', { reason: 'test' }));
  const rule = { name: 'r', source_environment: 'staging', target_environment: 'production' };
  await crud('/api/v1/promotions/rules', rule, { ...rule, name: 'r2' });
  await crud('/api/v1/approval-policies', { name: 'p', environments: ['*'] }, { name: 'p2' });
  const window = { reason: 'test', starts_at: '2020-01-01T00:00:00Z', ends_at: '2020-01-02T00:00:00Z' };
  for (const scope of ['*', 'staging']) {
    await crud(`/api/v1/environments/${scope}/freezes`, window, { reason: 'other' });
  }
  await crud(
    '/api/v1/consumers',
    { id: 'cons-x', name: 'billing', environment: 'staging', artifact: 'platform', constraint: '^1.0.0' },
    { constraint: '~1.2.0' },
  );
  await ok(
    admin.put('/api/v1/configuration?reason=test', {
      artifacts: {
        registry: { dr: { type: 'oci', url: 'dr.acme.com' } },
        promotion: {
          gates: { staging: { tests: true } },
          notifications: { email: { recipients: ['a@acme.com'] } },
        },
      },
      'x-sluice': {
        pins: [{ name: 'b', environment: 'staging', artifact: 'platform', constraint: '^1.0.0' }],
      },
    }),
  );
  await ok(
    admin.put('/api/v1/configuration?reason=test', {
      artifacts: { registry: {}, promotion: { gates: { staging: {} }, notifications: {} } },
      'x-sluice': { pins: [] },
    }),
  );
  await ok(admin.get('/api/v1/configuration'));
  await crud(
    '/api/v1/registries',
    { id: 'reg-x', url: 'registry.acme.com' },
    { type: 'harbor', reason: 'test' },
  );
  await crud('/api/v1/gateways', { id: 'gw-x', environment: 'staging' }, { environment: 'staging' });
  for (const environment of ['development', 'staging']) {
    await ok(admin.post('/api/v1/gateways', { id: `gw-${environment}`, environment, driver: 'record' }));
  }
  const secret_ref = `sluice/${TENANT}/gateway/gw`;
  await ok(
    admin.post('/api/v1/gateways', {
      id: 'gw-http',
      environment: 'production',
      driver: 'http',
      endpoint: gateway.url,
      secret_ref,
      principal: 'local-recorder',
    }),
  );
}
