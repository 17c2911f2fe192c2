import { expect } from 'vitest';
import { type ExportItem, exportLine } from '../../functions/domain/audit/export-item.ts';
import { verifyExport } from '../../functions/domain/audit/verify.ts';
import { verifyConsistency } from '../../functions/domain/transparency-log/consistency.ts';
import type { Body } from './api.ts';
import type { Installation } from './golden.ts';

/** Verifies the whole export, by the key of its checkpoints, and that the log continues the checkpoint that was kept. `read` answers a GET. */
export async function verifyRecord(
  read: (path: string) => Promise<Body>,
  { log }: Installation,
): Promise<void> {
  const { public_key, next_cursor: _, ...signed } = await read('/api/v1/audit/checkpoint');
  const lines = [exportLine(signed)];
  for (let cursor = ''; ; ) {
    const page = await read(`/api/v1/audit/export?limit=100${cursor}`);
    lines.push(...page.items.map((item: ExportItem) => exportLine(item)));
    if (page.next_cursor === null) break;
    cursor = `&cursor=${page.next_cursor}`;
  }
  const verified = verifyExport(lines, public_key);
  expect(verified.problems).toEqual([]);
  expect(verified.decisions).toBeGreaterThan(20);
  const { checkpoint: newer, path } = await read(`/api/v1/audit/log?first=${log.size}`);
  const grown = verifyConsistency({ older: log.checkpoint, newer, path, publicKey: log.public_key });
  expect(grown).toMatchObject({ first: log.size, second: expect.any(Number) });
  expect('second' in grown && grown.second).toBeGreaterThan(log.size);
}
