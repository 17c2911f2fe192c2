import { expect } from 'vitest';
import { type ExportItem, exportLine } from '../../../functions/domain/audit/export-item.ts';
import { verifyExport } from '../../../functions/domain/audit/verify.ts';
import { ok, type World } from './world.ts';

/** Reads the audit, is told no, and proves what was recorded with the key of the template. */
export async function audit({ admin, dev }: World): Promise<void> {
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
}
