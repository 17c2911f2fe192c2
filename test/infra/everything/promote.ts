import { expect } from 'vitest';
import { until } from '../../support/api.ts';
import { startSigstore, statementAbout } from '../../support/sigstore.ts';
import { asked, reaches, recorded, report, requested } from './requests.ts';
import { ok, type World } from './world.ts';

/** An automatic promotion, and approved ones through a gateway that answers at once and one that reports later. */
export async function promote(world: World): Promise<void> {
  const { gateway, dev, alice, admin } = world;
  await ok(
    admin.post('/api/v1/promotions/rules', {
      name: 'auto',
      source_environment: 'development',
      target_environment: 'staging',
      requires_approval: false,
      auto_promote: true,
      conditions: { all: [{ field: 'tests.pass_rate', op: 'gte', value: 100 }] },
    }),
  );
  const id = await recorded(world, 'a-auto', 'development');
  await ok(dev.put(`/api/v1/deployments/${id}/metrics`, { tests: { pass_rate: 100 } }));
  await ok(dev.get(`/api/v1/deployments/${id}/auto-promotion`));
  const automatic = '/api/v1/promotions?agent_id=a-auto';
  await until(
    async () => (await dev.get(automatic)).body.items,
    (items) => items[0]?.status === 'completed',
  );

  await promoteTested(world);

  const path = await requested(world, 'a-now');
  await ok(dev.get(`${path}?wait=1`));
  expect((await dev.post(`${path}/approve`)).status).toBe(403);
  await ok(alice.post(`${path}/approve`));
  await ok(dev.post(`${path}/execute`));
  await reaches(world, path, 'completed');
  for (const view of ['decision', 'manifest', 'timeline', 'approvals', 'changes', 'impact', 'evidence']) {
    await dev.get(`${path}/${view}`);
  }
  for (const list of ['deployments?environment=staging', 'deployments?agent_id=a-now']) {
    await ok(dev.get(`/api/v1/${list}`));
  }

  gateway.behaviour = () => 202;
  const later = await requested(world, 'a-later');
  await ok(alice.post(`${later}/approve`));
  await ok(dev.post(`${later}/execute`));
  await report(world, await asked(world, 'a-later'));
  await reaches(world, later, 'completed');
}

/** An automatic promotion that a report sets off. */
async function promoteTested(world: World): Promise<void> {
  const { dev, admin } = world;
  await ok(
    admin.post('/api/v1/promotions/rules', {
      name: 'auto-tested',
      source_environment: 'development',
      target_environment: 'staging',
      auto_promote: true,
      conditions: { field: 'evidence.smoke.status', op: 'eq', value: 'PASSED' },
    }),
  );
  const id = await recorded(world, 'a-smoked', 'development');
  const { content_digest: subject_digest } = await ok(dev.get(`/api/v1/deployments/${id}`));
  const document = { passed: true };
  await ok(dev.post('/api/v1/evidence', { gate: 'smoke', format: 'json', subject_digest, document }));
  await until(
    async () => (await dev.get('/api/v1/promotions?agent_id=a-smoked')).body.items,
    (items) => items[0]?.status === 'completed',
  );
}

/** A promotion that waits for evidence, which somebody brings: first what fails, then what passes. */
export async function prove(world: World): Promise<void> {
  const { dev, admin } = world;
  const gates = [{ name: 'tests', applies_to: ['agent'] }];
  await ok(admin.patch('/api/v1/environments/staging', { gates, reason: 'one gate' }));
  const body = {
    agent_id: 'a-tested',
    source_deployment_id: await recorded(world, 'a-tested', 'development'),
    target_gateway_id: 'gw-staging',
    target_environment: 'staging',
    execution: 'automatic',
  };
  const path = `/api/v1/promotions/${(await ok(dev.post('/api/v1/promotions', body))).id}`;
  await reaches(world, path, 'blocked');
  await world.waits(path);
  const report = { gate: 'tests', format: 'json' };
  await ok(dev.post(`${path}/evidence`, { ...report, document: { passed: false } }));
  await until(
    async () => (await dev.get(`${path}/timeline`)).body.items,
    (events) => events.some(({ type }: { type: string }) => type === 'EvidenceAttached'),
  );
  await ok(dev.post(`${path}/evidence`, { ...report, document: { passed: true } }));
  await reaches(world, path, 'completed');
  const { subject_digest } = (await ok(dev.get(`${path}/evidence`))).items[0];
  const again = { ...report, document: { passed: true, again: true }, subject_digest };
  await ok(dev.post('/api/v1/evidence', again, { 'idempotency-key': 'evidence' }));
  await ok(dev.get(`/api/v1/evidence?subject_digest=${subject_digest}`));
  // More than a gate looks at.
  for (let n = 0; n < 12; n += 1) {
    await ok(dev.post('/api/v1/evidence', { ...report, document: { passed: true, n }, subject_digest }));
  }
  const document = '<testsuite><testcase name="a"/></testsuite>';
  await ok(dev.post('/api/v1/evidence', { gate: 'tests', format: 'junit', document, subject_digest }));
  const { signed, trusted_root } = await startSigstore();
  const signature = { bundle: await signed(statementAbout(subject_digest)), trusted_root };
  const cosign = { gate: 'signature', format: 'cosign', document: signature, subject_digest };
  expect((await ok(dev.post('/api/v1/evidence', cosign))).result).toMatchObject({ verified: true });
  await ok(admin.patch('/api/v1/environments/staging', { gates: [], reason: 'no gates' }));
}
