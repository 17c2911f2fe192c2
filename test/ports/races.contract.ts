import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CommitResult, Write } from '../../functions/ports/transaction.ts';
import { times } from '../support/length.ts';
import type { Bench } from './adapters.ts';
import { environment } from './catalog-samples.ts';
import { AGENT, deployment, head, IDLE, promotion, promotionWrite, revision, SLOT, sha } from './samples.ts';

/** Operations of one property: enough to interleave, few enough for a suite that runs on every save. */
const RUNS = times(4, 40);

/** Several writers at once: whatever the order, the result is that of some order, one at a time. */
export function racesContract({ stores, tenant }: Bench): void {
  const commit = (t: string, ...writes: Write[]): Promise<CommitResult> =>
    stores().transactions.commit(t, writes);

  /** Reads, decides, commits, until it wins: what a use case does. Says how often it lost. */
  async function approve(t: string, id: string): Promise<number> {
    for (let losses = 0; ; losses += 1) {
      const found = await stores().promotions.read(t, id);
      if (found === undefined) throw new Error('gone');
      const { seq } = found.state;
      const next = promotionWrite(promotion(t, id, seq + 1), seq, found.workflowRecord);
      if ((await commit(t, next)).committed) return losses;
    }
  }

  describe('writers at once', () => {
    test('of one promotion are each counted once', async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 2, max: 8 }), async (writers) => {
          const t = tenant();
          await commit(t, promotionWrite(promotion(t, 'prom-1', 1), 0, IDLE));
          await Promise.all(Array.from({ length: writers }, () => approve(t, 'prom-1')));
          const events = await stores().promotions.events(t, 'prom-1');
          expect(events.map(({ seq }) => seq)).toEqual(
            Array.from({ length: writers + 1 }, (_, index) => index + 1),
          );
        }),
        { numRuns: 4 },
      );
    });

    test('of overlapping items: each commit wins whole or loses whole, and every item has one winner', async () => {
      const claims = fc.array(fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 4 }), {
        minLength: 2,
        maxLength: 6,
      });
      await fc.assert(
        fc.asyncProperty(claims, async (writers) => {
          const t = tenant();
          const results = await Promise.all(
            writers.map((items, writer) =>
              commit(
                t,
                ...items.map((number): Write => {
                  return { write: 'revision', revision: revision(number + 1, { digest: sha(`${writer}`) }) };
                }),
              ),
            ),
          );
          const { items } = await stores().heads.revisions(t, SLOT, { limit: 10 });
          const winners = writers.filter((_, writer) => results[writer]?.committed === true);
          expect(items).toHaveLength(winners.flat().length);
          for (const [writer, claimed] of writers.entries()) {
            const own = items.filter(({ digest }) => digest === sha(`${writer}`));
            expect(own).toHaveLength(results[writer]?.committed === true ? claimed.length : 0);
          }
          for (const [writer, result] of results.entries()) {
            if (result.committed) continue;
            const taken = (index: number) =>
              items.some(({ number }) => number === (writers[writer]?.[index] ?? 0) + 1);
            expect(result.lost.length === 0 || result.lost.every(taken)).toBe(true);
          }
        }),
        { numRuns: RUNS },
      );
    });

    test('for one head, one place and one guard: one gets through', async () => {
      const t = tenant();
      const staging = { type: 'environment', item: environment('staging') } as const;
      await commit(t, { write: 'catalog', entry: staging, expected: 0 });
      const racer = (index: number) =>
        commit(
          t,
          { write: 'check_guard', environment: 'staging', guard: 1 },
          {
            write: 'head',
            head: head(1, { claim: { promotion: `prom-${index}`, fence: 1, at: '' } }),
            expected: 0,
          },
          {
            write: 'open',
            type: 'promotion',
            subject: AGENT,
            digest: sha('one'),
            target: 'staging',
            promotion_id: `prom-${index}`,
          },
          { write: 'deployment', deployment: deployment(`dep-${index}`), expected: 0 },
        );
      const results = await Promise.all(Array.from({ length: 20 }, (_, index) => racer(index)));
      expect(results.filter(({ committed }) => committed)).toHaveLength(1);
      const winner = results.findIndex(({ committed }) => committed);
      expect((await stores().heads.read(t, SLOT))?.claim?.promotion).toBe(`prom-${winner}`);
      expect(await stores().promotions.holderOfPlace(t, AGENT, sha('one'), 'staging', 'promotion')).toBe(
        `prom-${winner}`,
      );
      const made = await stores().deployments.list(t, { by: 'subject', subject: AGENT }, { limit: 50 });
      expect(made.items.map(({ id }) => id)).toEqual([`dep-${winner}`]);
    });

    test('who raise a guard while another checks it: the check wins before every raise or not at all', async () => {
      const t = tenant();
      const staging = { type: 'environment', item: environment('staging') } as const;
      await commit(t, { write: 'catalog', entry: staging, expected: 0 });
      const raise = () => commit(t, { write: 'raise_guard', environment: 'staging' });
      const check = () =>
        commit(
          t,
          { write: 'check_guard', environment: 'staging', guard: 1 },
          { write: 'revision', revision: revision(1) },
        );
      const [, checked] = await Promise.all([raise(), check(), raise(), raise()]);
      expect((await stores().catalog.item(t, 'environment', 'staging'))?.guard).toBe(4);
      const { items } = await stores().heads.revisions(t, SLOT, { limit: 5 });
      expect(items).toHaveLength(checked?.committed === true ? 1 : 0);
    });
  });
}
