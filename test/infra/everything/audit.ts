import { expect } from 'vitest';
import { type ExportItem, exportLine } from '../../../functions/domain/audit/export-item.ts';
import { verifyExport } from '../../../functions/domain/audit/verify.ts';
import { verifyProof } from '../../../functions/domain/transparency-log/proof.ts';
import { ok, type World } from './world.ts';

/** Reads the audit, is told no, and proves what was recorded with the key of the template. */
export async function audit({ admin, dev, runtime }: World): Promise<void> {
  expect((await dev.get('/api/v1/audit')).status).toBe(403);
  await ok(admin.get('/api/v1/audit?environment=production'));
  await ok(admin.get('/api/v1/audit/denials'));
  expect((await ok(admin.get('/api/v1/audit/changes?type=gateway'))).items).not.toEqual([]);
  const { public_key, next_cursor: _, ...signed } = await ok(admin.get('/api/v1/audit/checkpoint'));
  const lines = [exportLine(signed)];
  for (let cursor = ''; ; ) {
    const page = await ok(admin.get(`/api/v1/audit/export?limit=5${cursor}`));
    lines.push(...page.items.map((item: ExportItem) => exportLine(item)));
    if (page.next_cursor === null) break;
    cursor = `&cursor=${page.next_cursor}`;
  }
  const verified = verifyExport(lines, public_key);
  expect(verified.problems).toEqual([]);
  expect(verified.decisions).toBeGreaterThan(0);
  await proveByLog({ admin, dev, runtime });
}

/** Feeds the log twice, so that it also reads and replaces what it wrote, and proves a promotion by it. */
async function proveByLog({ admin, dev, runtime }: Pick<World, 'admin' | 'dev' | 'runtime'>): Promise<void> {
  await runtime.runSchedule('feed-log');
  await ok(admin.post('/api/v1/environments/production/lock', { reason: 'a drill' }));
  await ok(admin.post('/api/v1/environments/production/unlock', { reason: 'over' }));
  await runtime.runSchedule('feed-log');
  const { checkpoint, public_key } = await ok(admin.get('/api/v1/audit/log?first=1'));
  const { items } = await ok(dev.get('/api/v1/promotions?status=completed'));
  const proof = await ok(dev.get(`/api/v1/promotions/${items[0].id}/proof`));
  expect(proof.checkpoint).toBe(checkpoint);
  expect(verifyProof(JSON.stringify(proof), public_key)).toMatchObject({ promotion: items[0].id });
}
