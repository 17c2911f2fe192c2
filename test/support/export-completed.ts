import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportLine } from '../../functions/domain/audit/export-item.ts';
import type { Principal } from '../../functions/domain/identity/principal.ts';
import { isRefusal } from '../../functions/domain/refusal.ts';
import type { Stores } from '../../functions/ports/stores.ts';
import { exportAudit } from '../../functions/use-cases/audit/export.ts';
import { completed } from './written.ts';

/** Numbers stores, so that a later export of one takes the place of the earlier. */
const numbers = new WeakMap<object, number>();
let last = 0;

/** Writes the export of every tenant that completed something since the last call, for the judge of this run. */
export async function exportCompleted(directory: string, testFile: string): Promise<void> {
  const taken = [...completed];
  completed.clear();
  for (const [stores, tenants] of taken) {
    last += 1;
    const number = numbers.get(stores) ?? last;
    numbers.set(stores, number);
    for (const tenant of tenants) {
      const lines = await exportedOf(stores, tenant);
      if (!lines.some((line) => line.includes('"PromotionCompleted"'))) continue;
      mkdirSync(directory, { recursive: true });
      const name = `${testFile.replaceAll('/', '=')}~${process.pid}-${number}-${tenant}.jsonl`;
      writeFileSync(join(directory, name), `${lines.join('\n')}\n`);
    }
  }
}

type From = Pick<Stores, 'promotions' | 'heads' | 'evidence' | 'changes' | 'catalog' | 'denials'>;

/** The lines of a tenant's export, without checkpoints. */
export async function exportedOf(stores: From, tenant: string): Promise<readonly string[]> {
  const principal: Principal = {
    ...{ tenant, subject: 'judge', email: '', kind: 'person', groups: [] },
    grants: [{ role: 'auditor' }],
  };
  const deps = { ...stores, clock: { now: () => '' } };
  const lines: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = { limit: 100, ...(after === undefined ? {} : { after }) };
    const found = await exportAudit(deps, { principal, page });
    if (isRefusal(found)) throw new Error(found.detail);
    lines.push(...found.items.map(exportLine));
    after = found.next;
    if (after === undefined) return lines;
  }
}
