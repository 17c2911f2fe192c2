import { beforeAll, describe, expect, it } from 'vitest';
import type { ExportItem } from '../../functions/domain/audit/export-item.ts';
import { exportLine } from '../../functions/domain/audit/export-item.ts';
import { verifyExport } from '../../functions/domain/audit/verify.ts';
import type { Principal } from '../../functions/domain/identity/principal.ts';
import { isRefusal } from '../../functions/domain/refusal.ts';
import { makeCheckpoint } from '../../functions/use-cases/audit/checkpoint.ts';
import { createWorld, type World } from './api-world.ts';

const path = '/api/v1/audit';
const AUDITOR: Principal = {
  tenant: 'acme',
  subject: 'viewer',
  email: 'viewer@acme.com',
  kind: 'person',
  groups: [],
  grants: [{ role: 'auditor' }],
};
const asked = {
  agent_id: 'agent-123',
  source_deployment_id: 'dep-1',
  target_gateway_id: 'gw-production',
  target_environment: 'production',
};

let world: World;
const as = (name: Parameters<World['as']>[0]) => world.as(name);

/** A tenant with one promotion that went through, one that was rejected and one that waits. */
beforeAll(async () => {
  world = await createWorld();
  await as('admin')('PATCH', '/api/v1/members/viewer', { roles: [{ role: 'auditor' }] });
  for (const environment of ['staging', 'production']) {
    await as('admin')('POST', '/api/v1/gateways', { id: `gw-${environment}`, environment });
  }
  for (const n of [1, 2, 3]) {
    const deployment = { id: `dep-${n}`, agent_id: `agent-12${n + 2}`, version: `v1.2.${n}` };
    await as('dev')('POST', '/api/v1/deployments', {
      ...deployment,
      gateway_id: 'gw-staging',
      environment: 'staging',
    });
  }
  const request = (n: number) =>
    as('dev')('POST', '/api/v1/promotions', {
      ...asked,
      agent_id: `agent-12${n + 2}`,
      source_deployment_id: `dep-${n}`,
    });
  await request(1);
  world.at('2026-11-21T09:10:00.000Z');
  await as('dev')('POST', '/api/v1/promotions/prom-0001/approve');
  await as('alice')('POST', '/api/v1/promotions/prom-0001/approve', { comment: 'fine' });
  world.at('2026-11-21T09:20:00.000Z');
  await as('dev')('POST', '/api/v1/promotions/prom-0001/execute');
  await world.run('prom-0001');
  await request(2);
  await as('bob')('POST', '/api/v1/promotions/prom-0002/reject', { reason: '=not, "today"' });
  world.at('2026-11-21T09:30:00.000Z');
  await request(3);
});

const found = async (query: string): Promise<readonly string[]> => {
  const { status, body } = await as('viewer')('GET', `${path}?${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.items.map(({ promotion_id }: { promotion_id: string }) => promotion_id);
};

describe('the audit', () => {
  it('names the version as the source did, and so does the deployment that was made', async () => {
    const { body } = await as('dev')('GET', '/api/v1/deployments?agent_id=agent-123');
    const versions = body.items.map((item: { environment: string; version: string }) => [
      item.environment,
      item.version,
    ]);
    expect(versions).toEqual([
      ['production', 'v1.2.1'],
      ['staging', 'v1.2.1'],
    ]);
  });

  it('has a record of each promotion with every member of the document', async () => {
    const { body } = await as('viewer')('GET', `${path}?subject=agent-123`);
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({
      promotion_id: 'prom-0001',
      artifact: { version: 'v1.2.1', digest: expect.stringMatching(/^sha256:/) },
      source_env: 'staging',
      target_env: 'production',
      timestamp: '2026-11-21T09:20:00.000Z',
      promoted_by: 'dev@acme.com',
      approval: {
        required: true,
        approvers: ['alice@acme.com'],
        approval_timestamp: '2026-11-21T09:10:00.000Z',
      },
      validation_gates: { policy_compliance: 'PASSED' },
      result: 'SUCCESS',
    });
  });

  it.each([
    ['', ['prom-0003', 'prom-0002', 'prom-0001']],
    ['subject=agent-124', ['prom-0002']],
    ['environment=stg', ['prom-0003', 'prom-0002', 'prom-0001']],
    ['environment=development', []],
    ['person=alice', ['prom-0001']],
    ['person=ALICE@acme.com', ['prom-0001']],
    ['person=bob', ['prom-0002']],
    ['person=nobody', []],
    ['from=2026-11-21T09:20:00Z', ['prom-0003', 'prom-0002']],
    ['before=2026-11-21T09:20:00Z', ['prom-0001']],
    ['from=2026-11-21T10:20:00%2B01:00&before=2026-11-21T09:30:00Z', ['prom-0002']],
    ['kind=config', []],
  ])('is searched by %s', async (query, ids) => {
    expect(await found(query)).toEqual(ids);
  });

  it('is read page by page', async () => {
    const first = (await as('viewer')('GET', `${path}?limit=2&environment=production`)).body;
    const second = await found(`limit=2&environment=production&cursor=${first.next_cursor}`);
    expect(second).toEqual(['prom-0001']);
    expect(await as('viewer')('GET', `${path}?cursor=${first.next_cursor}`)).toMatchObject({ status: 400 });
    expect(await as('viewer')('GET', `${path}?environment=moon`)).toMatchObject({ status: 404 });
  });

  it('is CSV on request, page by page as well', async () => {
    const answer = await as('viewer')('GET', `${path}?format=csv&limit=2`);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'x-next-cursor': expect.any(String),
    });
    const [header, ...rows] = String(answer.body).trimEnd().split('\r\n');
    expect(header).toMatch(/^promotion_id,kind,subject,version,digest,source_env,target_env,timestamp/);
    expect(rows).toHaveLength(2);
    expect(rows[1]).toMatch(/^prom-0002,agent,agent-124,v1\.2\.2,sha256:/);
    const last = await as('viewer')(
      'GET',
      `${path}?format=csv&limit=2&cursor=${answer.headers['x-next-cursor']}`,
    );
    expect(last.headers['x-next-cursor']).toBeUndefined();
    expect(last.body).toContain('alice@acme.com');
  });

  it('lists access denials', async () => {
    const { body } = await as('viewer')('GET', `${path}/denials`);
    expect(body.items).toContainEqual({
      at: '2026-11-21T09:10:00.000Z',
      actor: { subject: 'dev', email: 'dev@acme.com', kind: 'person' },
      code: 'separation_of_duties',
      action: 'approve',
      promotion_id: 'prom-0001',
    });
  });

  it('is for auditors and admins of the whole tenant', async () => {
    for (const route of ['', '/denials', '/checkpoint', '/export']) {
      expect(await as('dev')('GET', `${path}${route}`)).toMatchObject({ status: 403 });
      expect(await as('admin')('GET', `${path}${route}`)).toMatchObject({ status: 200 });
    }
  });

  it('proves itself: a checkpoint, then an export in pages of any size, verified offline', async () => {
    const { checkpoint, signature, public_key } = (await as('viewer')('GET', `${path}/checkpoint`)).body;
    expect(checkpoint).toMatchObject({ v: 1, tenant: 'acme', key_id: 'test-key' });
    for (const limit of [1, 2, 100]) {
      const lines = [exportLine({ checkpoint, signature }), ...(await exported(limit))];
      expect(verifyExport(lines, public_key)).toMatchObject({ problems: [], beyond: 0, chains: 8 });
      expect(verifyExport(lines.toSpliced(3, 1), public_key).problems).not.toEqual([]);
    }
    const parts: string[] = [];
    for (let after: string | undefined; ; ) {
      const made = await makeCheckpoint(world.deps, AUDITOR, {
        most: 3,
        ...(after === undefined ? {} : { after }),
      });
      if (isRefusal(made)) throw new Error(made.detail);
      parts.push(exportLine(made.signed));
      after = made.next;
      if (after === undefined) break;
    }
    expect(parts.length).toBeGreaterThan(2);
    const inParts = verifyExport([...parts, ...(await exported(100))], public_key);
    expect(inParts).toMatchObject({ problems: [], beyond: 0, chains: 8 });
    await as('alice')('POST', '/api/v1/promotions/prom-0003/approve');
    const later = [exportLine({ checkpoint, signature }), ...(await exported(100))];
    const verified = verifyExport(later, public_key);
    expect(verified.problems).toEqual([]);
    expect(verified.beyond).toBeGreaterThan(0);
  });
});

async function exported(limit: number): Promise<readonly string[]> {
  const lines: string[] = [];
  let cursor = '';
  do {
    const { body } = await as('viewer')('GET', `${path}/export?limit=${limit}${cursor}`);
    lines.push(...body.items.map((item: ExportItem) => exportLine(item)));
    cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
  } while (cursor !== '');
  return lines;
}
