import { beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../functions/domain/jcs.ts';
import { openCheckpoint } from '../../functions/domain/transparency-log/checkpoint.ts';
import { entriesIn } from '../../functions/domain/transparency-log/entry.ts';
import { isConsistent, leafHash } from '../../functions/domain/transparency-log/merkle.ts';
import { verifyProof } from '../../functions/domain/transparency-log/proof.ts';
import { feedLogs } from '../../functions/use-cases/transparency-log/feed.ts';
import { testNoteSigner } from '../support/signer.ts';
import { createWorld, type World } from './api-world.ts';

const END = '2099-01-01T00:00:00.000Z';
let world: World;
const proofOf = (id: string, name: Parameters<World['as']>[0] = 'dev') =>
  world.as(name)('GET', `/api/v1/promotions/${id}/proof`);

beforeAll(async () => {
  world = await createWorld();
  for (const environment of ['staging', 'production'])
    await world.as('admin')('POST', '/api/v1/gateways', { id: `gw-${environment}`, environment });
  const where = { gateway_id: 'gw-staging', environment: 'staging' };
  await world.as('dev')('POST', '/api/v1/deployments', { id: 'dep-1', agent_id: 'agent-1', ...where });
  const asked = { agent_id: 'agent-1', source_deployment_id: 'dep-1' };
  const target = { target_gateway_id: 'gw-production', target_environment: 'production' };
  expect((await world.as('dev')('POST', '/api/v1/promotions', { ...asked, ...target })).status).toBe(201);
});

describe('the proof of a promotion', () => {
  it('is to be asked for again while the log has not reached it, and then covers what was logged', async () => {
    const early = await proofOf('prom-0001');
    expect(early.status).toBe(409);
    expect(early.body).toMatchObject({
      code: 'not_logged',
      detail: expect.stringContaining('try again in a minute'),
    });
    expect(early.headers).toMatchObject({ 'retry-after': '60' });
    await feedLogs(world.deps, END);
    const first = await proofOf('prom-0001');
    const key = await testNoteSigner.publicKey();
    expect(verifyProof(canonicalJson(first.body), key)).toMatchObject({ promotion: 'prom-0001', events: 2 });
    await world.as('alice')('POST', '/api/v1/promotions/prom-0001/approve', { comment: 'fine' });
    await world.as('dev')('POST', '/api/v1/promotions/prom-0001/execute');
    await world.run('prom-0001');
    expect((await proofOf('prom-0001')).body).toEqual(first.body);
    await feedLogs(world.deps, END);
    const second = await proofOf('prom-0001');
    const verified = verifyProof(canonicalJson(second.body), key);
    expect(verified).toHaveProperty(
      'events',
      (await world.as('dev')('GET', '/api/v1/promotions/prom-0001/timeline')).body.items.length,
    );
  });

  it('is as unknown to others as the promotion, and to a tenant whose log has none', async () => {
    expect((await proofOf('prom-0001', 'carol')).status).toBe(404);
    expect((await proofOf('prom-9999')).status).toBe(404);
    expect((await proofOf('prom-0001', 'nobody')).status).toBe(403);
  });
});

describe('the newest checkpoint', () => {
  it('is shown to hold all that an older one held', async () => {
    const ask = (first?: number) =>
      world.as('admin')('GET', `/api/v1/audit/log${first === undefined ? '' : `?first=${first}`}`);
    const { body: now } = await ask();
    const head = openCheckpoint(now.checkpoint, now.public_key);
    expect(head?.size).toBe(now.second);
    expect(now.path).toEqual([]);
    await world.as('admin')('POST', '/api/v1/environments/staging/lock', { reason: 'a drill' });
    await feedLogs(world.deps, END);
    const { body: later } = await ask(now.second);
    const newer = openCheckpoint(later.checkpoint, later.public_key);
    if (head === undefined || newer === undefined) throw new Error('not signed');
    const path = later.path.map((hash: string) => Uint8Array.from(Buffer.from(hash, 'base64')));
    expect(newer.size).toBeGreaterThan(head.size);
    expect(isConsistent(head, newer, path)).toBe(true);
    expect(isConsistent({ ...head, root: newer.root }, newer, path)).toBe(false);
    expect((await ask(newer.size + 1)).status).toBe(400);
    const two = (first: number, second: number) =>
      world.as('admin')('GET', `/api/v1/audit/log?first=${first}&second=${second}`);
    const { body: between } = await two(1, now.second);
    expect(between).toMatchObject({ first: 1, second: now.second, checkpoint: later.checkpoint });
    const way = between.path.map((hash: string) => Uint8Array.from(Buffer.from(hash, 'base64')));
    const bundle = await world.deps.logObjects.get(`acme/tile/entries/000.p/${newer.size}`);
    const [entry] = entriesIn(bundle?.bytes ?? new Uint8Array(0)) ?? [];
    const first = { size: 1, root: leafHash(entry ?? new Uint8Array(0)) };
    expect(isConsistent(first, head, way)).toBe(true);
    expect(isConsistent(first, newer, way)).toBe(false);
    expect((await two(2, 1)).body).toMatchObject({ errors: [{ field: 'first', problem: 'is more than 1' }] });
    expect((await two(1, newer.size + 1)).body).toMatchObject({ errors: [{ field: 'second' }] });
    expect((await world.as('dev')('GET', '/api/v1/audit/log')).status).toBe(403);
  });
});
