import { beforeEach, expect, it } from 'vitest';
import { type ExportItem, exportLine } from '../../functions/domain/audit/export-item.ts';
import { verifyExport } from '../../functions/domain/audit/verify.ts';
import { createWorld, type World } from './api-world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
  await world.as('admin')('PATCH', '/api/v1/members/viewer', { roles: [{ role: 'auditor' }] });
});

const admin: ReturnType<World['as']> = (...asked) => world.as('admin')(...asked);
const GONE = 'head/agent/agent-gone/canary';

/** What ran in canary, and ran there no more when canary was deleted. */
async function deleted(): Promise<void> {
  const must = async (...asked: Parameters<typeof admin>) => {
    const { status, body } = await admin(...asked);
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  };
  await must('POST', '/api/v1/environments', { name: 'canary', rank: 9 });
  const record = { id: 'dep-gone', agent_id: 'agent-gone', environment: 'canary' };
  expect((await world.as('dev')('POST', '/api/v1/deployments', record)).status).toBe(201);
  const path = '/api/v1/platform/deployments/dep-gone';
  expect((await world.as('dev')('PATCH', path, { status: 'ROLLED_BACK' })).status).toBe(200);
}
const remove = async () =>
  expect((await admin('DELETE', '/api/v1/environments/canary?reason=unused')).status).toBeLessThan(300);

const checkpoint = async () => (await world.as('viewer')('GET', '/api/v1/audit/checkpoint')).body;
async function exported(limit: number): Promise<ExportItem[]> {
  const all: ExportItem[] = [];
  for (let cursor = ''; ; ) {
    const query = cursor === '' ? '' : `&cursor=${cursor}`;
    const { body } = await world.as('viewer')('GET', `/api/v1/audit/export?limit=${limit}${query}`);
    all.push(...body.items);
    if (body.next_cursor === null) return all;
    cursor = body.next_cursor;
  }
}
const chainsOf = (signed: Awaited<ReturnType<typeof checkpoint>>): readonly string[] =>
  signed.checkpoint.chains.map(({ chain }: { chain: string }) => chain);
async function problems(signed: Awaited<ReturnType<typeof checkpoint>>, limit: number) {
  const { checkpoint: made, signature, public_key } = signed;
  const lines = [{ checkpoint: made, signature }, ...(await exported(limit))].map(exportLine);
  return verifyExport(lines, public_key).problems;
}

it.each([1, 100])('a deleted environment stays in the record, by pages of %i', async (limit) => {
  await deleted();
  const before = await checkpoint();
  await remove();
  const after = await checkpoint();
  for (const signed of [before, after]) {
    expect(chainsOf(signed)).toContain(GONE);
    expect(await problems(signed, limit)).toEqual([]);
  }
  const revisions = (await exported(limit)).filter((item) => 'chain' in item && item.chain === GONE);
  expect(revisions).toHaveLength(2);
});

it('the record of an environment that was deleted is verified against the checkpoint of before, whatever came since', async () => {
  await deleted();
  const before = await checkpoint();
  await remove();
  await admin('POST', '/api/v1/environments', { name: 'canary', rank: 9 });
  const record = { id: 'dep-new', agent_id: 'agent-new', environment: 'canary' };
  expect((await world.as('dev')('POST', '/api/v1/deployments', record)).status).toBe(201);
  expect(await problems(before, 1)).toEqual([]);
  expect(chainsOf(await checkpoint())).toContain(GONE);
});

it('an environment made again under a name begins with a history of its own', async () => {
  await deleted();
  await remove();
  world.at('2026-11-21T10:00:00.000Z');
  await admin('POST', '/api/v1/environments', { name: 'canary', rank: 9 });
  const history = async () =>
    (await world.as('dev')('GET', '/api/v1/platform/deployments/history?environment=canary&kind=all')).body;
  expect(await history()).toEqual([]);
  const record = { id: 'dep-new', agent_id: 'agent-new', environment: 'canary' };
  expect((await world.as('dev')('POST', '/api/v1/deployments', record)).status).toBe(201);
  expect(await history()).toMatchObject([{ id: 'dep-new' }]);
});
