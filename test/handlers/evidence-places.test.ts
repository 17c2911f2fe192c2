import { beforeEach, describe, expect, it } from 'vitest';
import type { Grant } from '../../functions/domain/identity/principal.ts';
import { ACME, START } from './api-world.ts';
import {
  as,
  asking,
  EVIDENCE,
  freshWorld,
  JUNIT,
  junit,
  requested,
  stateOf,
  world,
} from './evidence-world.ts';

async function member(subject: string, ...grants: Grant[]): Promise<void> {
  const membership = {
    tenant: ACME,
    subject,
    user_id: subject,
    email: `${subject}@acme.com`,
    groups: [],
    grants,
    status: 'active',
    version: 1,
    created_at: START,
    updated_at: START,
  } as const;
  await world.commit(ACME, { write: 'membership', membership, expected: 0 });
}
const call = (sub: string, method: string, path: string, body?: unknown) =>
  world.send({ method, path, signer: { sub }, ...(body === undefined ? {} : { body }) });

beforeEach(async () => {
  await freshWorld();
  await member('greta', { role: 'developer', environment: 'staging' });
  await member('henry', { role: 'viewer', environment: 'production' });
});

describe('evidence of somebody who may attach it in one environment', () => {
  it('counts there, and not for another environment to which the same content goes', async () => {
    await asking();
    const { id, path } = await requested();
    const taken = await call('greta', 'POST', `${path}/evidence`, junit());
    expect(taken).toMatchObject({ status: 201, body: { environments: ['staging'] } });
    await world.run(id);
    const { target_deployment_id } = await stateOf(path);
    const production = await world.deps.catalog.item(ACME, 'environment', 'production');
    if (production === undefined) throw new Error('there is no production');
    const gates = [{ name: 'tests', mode: 'block', applies_to: ['agent'] }] as const;
    const item = { ...production, protected: false, gates, version: production.version + 1 };
    await world.commit(ACME, {
      write: 'catalog',
      entry: { type: 'environment', item },
      expected: production.version,
    });
    await as('admin')('POST', '/api/v1/gateways', { id: 'gw-2', environment: 'production' });
    const onwards = await as('dev')('POST', '/api/v1/promotions', {
      agent_id: 'agent-1',
      source_deployment_id: target_deployment_id,
      target_gateway_id: 'gw-2',
      target_environment: 'production',
    });
    expect(onwards, JSON.stringify(onwards.body)).toMatchObject({
      body: { status: 'blocked', reason_code: 'evidence_untrusted' },
    });
    await as('dev')('POST', `/api/v1/promotions/${onwards.body.id}/evidence`, junit());
    expect(await stateOf(`/api/v1/promotions/${onwards.body.id}`)).toMatchObject({ status: 'approved' });
  });
});

describe('reports and their documents', () => {
  it('are read on a promotion that one may read, or with a role in the whole tenant', async () => {
    await asking();
    const { id, path, subject } = await requested();
    const { document_digest } = (await as('dev')('POST', `${path}/evidence`, junit())).body;
    const document = `${EVIDENCE}/document?digest=${document_digest}`;
    for (const about of [`${EVIDENCE}?subject_digest=${subject}`, document]) {
      expect(await as('viewer')('GET', about)).toMatchObject({ status: 200 });
      expect(await call('greta', 'GET', about)).toMatchObject({ status: 403 });
    }
    const named = `${document}&promotion_id=${id}`;
    expect(await call('greta', 'GET', named)).toMatchObject({ status: 200, body: { document: JUNIT } });
    expect(await call('henry', 'GET', named)).toMatchObject({ status: 404 });
    const other = await requested('agent-2');
    expect(await call('greta', 'GET', `${document}&promotion_id=${other.id}`)).toMatchObject({ status: 404 });
  });
});
