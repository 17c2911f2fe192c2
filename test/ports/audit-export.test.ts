import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoStores } from '../../functions/adapters/dynamodb/stores.ts';
import { exportLine } from '../../functions/domain/audit/export-item.ts';
import { verifyExport } from '../../functions/domain/audit/verify.ts';
import type { Principal } from '../../functions/domain/identity/principal.ts';
import { emptyHead, swap } from '../../functions/domain/promotion/head.ts';
import { isRefusal } from '../../functions/domain/refusal.ts';
import type { Revision, Slot } from '../../functions/domain/subject.ts';
import type { Stores } from '../../functions/ports/stores.ts';
import { makeCheckpoint } from '../../functions/use-cases/audit/checkpoint.ts';
import { exportAudit } from '../../functions/use-cases/audit/export.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { times } from '../support/length.ts';
import { contentOf, dev, NOON } from '../support/promotion-facts.ts';
import { testSigner } from '../support/signer.ts';
import { environment } from './catalog-samples.ts';

const TENANT = 'acme';
const AUDITOR: Principal = {
  tenant: TENANT,
  subject: 'auditor',
  email: 'auditor@acme.com',
  kind: 'person',
  groups: [],
  grants: [{ role: 'auditor' }],
};
const SLOT: Slot = { subject: { kind: 'config', name: 'config' }, environment: 'staging' };
const REVISIONS = times(1_200, 100_000);
/** Bytes that a Lambda function can answer with. */
const MOST_BYTES = 6 * 1024 * 1024;

describe.skipIf(skipWithoutEngine())(
  `the export of ${REVISIONS} revisions of one environment, on the table`,
  () => {
    let engine: Engine;
    let stores: Stores;
    beforeAll(async () => {
      engine = await startEngine();
      stores = dynamoStores(engine.table, () => NOON);
      const staging = environment('staging');
      await stores.transactions.commit(TENANT, [
        { write: 'catalog', entry: { type: 'environment', item: staging }, expected: 0 },
      ]);
      let head = emptyHead(SLOT, NOON);
      for (let number = 1; number <= REVISIONS; ) {
        const { version: expected } = head;
        const written: Revision[] = [];
        for (; written.length < 98 && number <= REVISIONS; number += 1) {
          const at = {
            digest: contentOf(`${number}`),
            cause: { by: 'edit' },
            actor: dev,
            now: NOON,
          } as const;
          const swapped = swap(head, at);
          written.push(swapped.revision);
          head = swapped.head;
        }
        const revisions = written.map((revision) => ({ write: 'revision', revision }) as const);
        await stores.transactions.commit(TENANT, [{ write: 'head', head, expected }, ...revisions]);
      }
    }, 1_800_000);
    afterAll(() => engine?.stop());

    it('ends, in answers that a function can give, and verifies whole', async () => {
      const deps = { ...stores, clock: { now: () => NOON }, signer: testSigner };
      const made = await makeCheckpoint(deps, AUDITOR);
      if (isRefusal(made)) throw new Error(made.detail);
      const lines = [exportLine(made.signed)];
      let pages = 0;
      for (let after: string | undefined, more = true; more; pages += 1) {
        const page = { limit: 100, ...(after === undefined ? {} : { after }) };
        const answer = await exportAudit(deps, { principal: AUDITOR, page });
        if (isRefusal(answer)) throw new Error(answer.detail);
        const answered = answer.items.map(exportLine);
        expect(answered.join().length).toBeLessThan(MOST_BYTES);
        lines.push(...answered);
        after = answer.next;
        more = after !== undefined;
      }
      expect(pages).toBeGreaterThan(REVISIONS / 500);
      const verified = verifyExport(lines, made.public_key);
      expect(verified).toMatchObject({ problems: [], beyond: 0, entries: REVISIONS });
    }, 1_800_000);
  },
);
