import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../functions/domain/gates/evidence.ts';
import { evidenceDigest } from '../../functions/domain/gates/judge-gate.ts';
import type { ProviderAnswer } from '../../functions/domain/gates/provider.ts';
import type { Write } from '../../functions/ports/transaction.ts';
import { type Bench, everything } from './adapters.ts';
import { AT, BOT, later, sha } from './samples.ts';

const COMMITTED = { committed: true };
const SUBJECT = sha('what is promoted');

const report = (changes: Partial<Evidence> = {}): Evidence => ({
  gate: 'tests',
  format: 'junit',
  subject_digest: SUBJECT,
  produced_at: AT,
  received_at: AT,
  producer: BOT,
  result: { passed: true, total: 3, nested: { list: [1, 'a', null] } },
  document_digest: sha('document'),
  ...changes,
});

/** Evidence about a digest, and who waits for it. */
export function evidenceContract({ stores, tenant }: Bench): void {
  const commit = (t: string, ...writes: Write[]) => stores().transactions.commit(t, writes);
  const put = (t: string, evidence: Evidence, document?: string) =>
    commit(t, { write: 'evidence', evidence, ...(document === undefined ? {} : { document }) });

  describe('evidence', () => {
    test('is found under its own digest, by gate and receipt, and nowhere else', async () => {
      const t = tenant();
      const [first, second] = [report(), report({ received_at: later(1) })];
      const scan = report({ gate: 'security_scan' });
      // A name that begins like another gate's.
      const other = report({ gate: 'tests.e2e' });
      for (const one of [second, other, scan, first]) expect(await put(t, one)).toEqual(COMMITTED);
      await put(t, report({ subject_digest: sha('another') }));
      expect(await stores().evidence.about(t, SUBJECT, ['tests'])).toEqual([first, second]);
      expect(await stores().evidence.about(t, SUBJECT, ['tests', 'security_scan'])).toEqual([
        scan,
        first,
        second,
      ]);
      expect(await stores().evidence.about(t, SUBJECT, ['soak'])).toEqual([]);
      expect(await stores().evidence.about(t, SUBJECT)).toHaveLength(4);
      expect(await stores().evidence.about(tenant(), SUBJECT)).toEqual([]);
    });

    test('is stored once: the same report at the same moment is the same item', async () => {
      const t = tenant();
      await put(t, report());
      expect(await put(t, report())).toEqual({ committed: false, lost: [0] });
      expect(await put(t, report({ result: { passed: false } }))).toEqual(COMMITTED);
      expect((await stores().evidence.watchList(t, SUBJECT)).version).toBe(2);
    });

    test('keeps its document to the byte, once', async () => {
      const t = tenant();
      const document = `<testsuite>${'é'.repeat(100_000)}</testsuite>`;
      const named = report({ document_digest: sha(document) });
      await put(t, named, document);
      expect(await put(t, { ...named, gate: 'more' }, document)).toEqual(COMMITTED);
      expect(await stores().evidence.document(t, sha(document))).toBe(document);
      expect(await stores().evidence.document(t, sha('no document'))).toBeUndefined();
      expect(await stores().evidence.document(tenant(), sha(document))).toBeUndefined();
    });
  });

  describe('a report that gives way', () => {
    const retire = (t: string, evidence: Evidence, ...retires: Evidence[]) =>
      commit(t, { write: 'evidence', evidence, retires });
    const digests = (...reports: Evidence[]) => reports.map(evidenceDigest);
    const [first, second, third] = [
      report(),
      report({ received_at: later(1) }),
      report({ received_at: later(2) }),
    ];

    test('is no longer looked at, and still found by its digest', async () => {
      const t = tenant();
      await put(t, first);
      expect(await retire(t, second, first)).toEqual(COMMITTED);
      expect(await stores().evidence.about(t, SUBJECT)).toEqual([second]);
      expect(await stores().evidence.retired(t, SUBJECT, digests(second, first))).toEqual([first]);
      expect(await stores().evidence.retired(t, sha('another'), digests(first))).toEqual([]);
      expect(await stores().evidence.retired(tenant(), SUBJECT, digests(first))).toEqual([]);
      expect((await stores().evidence.watchList(t, SUBJECT)).version).toBe(2);
    });

    test('may be the one that comes, or be moved by two at once', async () => {
      const t = tenant();
      expect(await retire(t, first, first)).toEqual(COMMITTED);
      expect(await retire(t, first, first)).toEqual({ committed: false, lost: [0] });
      expect(await stores().evidence.about(t, SUBJECT)).toEqual([]);
      await retire(t, second, first);
      expect(await retire(t, third, first)).toEqual(COMMITTED);
      expect(await stores().evidence.retired(t, SUBJECT, digests(first))).toEqual([first]);
      expect(await stores().evidence.about(t, SUBJECT)).toEqual([second, third]);
    });
  });

  describe('answers of providers', () => {
    const answer = (gate: string, number: number): ProviderAnswer => ({
      number,
      evidence: report({ gate, format: 'provider', result: { number } }),
    });
    const say = (t: string, promotion_id: string, gate: string, number: number, document?: string) =>
      commit(t, {
        write: 'provider_answer',
        promotion_id,
        answer: answer(gate, number),
        ...(document === undefined ? {} : { document }),
      });

    test('are numbered, and the last of each gate is found', async () => {
      const t = tenant();
      const latest = (...gates: string[]) => stores().evidence.latestAnswers(t, 'prom-1', gates);
      expect(await latest('tests')).toEqual([]);
      // A name that begins like another gate's, and one that sorts before it.
      for (const gate of ['tests', 'tests.e2e', 'a'])
        expect(await say(t, 'prom-1', gate, 1)).toEqual(COMMITTED);
      for (const number of [2, 10]) await say(t, 'prom-1', 'tests', number);
      await say(t, 'prom-2', 'soak', 1);
      expect(await latest('tests', 'soak', 'a')).toEqual([answer('tests', 10), answer('a', 1)]);
      expect(await stores().evidence.latestAnswers(tenant(), 'prom-1', ['tests'])).toEqual([]);
      const all = await stores().evidence.answers(t, 'prom-1');
      expect(all.map(({ evidence, number }) => `${evidence.gate} ${number}`)).toEqual([
        'a 1',
        'tests 1',
        'tests 2',
        'tests 10',
        'tests.e2e 1',
      ]);
    });

    test('come one after another: of two with one number one is lost', async () => {
      const t = tenant();
      const two = await Promise.all([say(t, 'prom-1', 'tests', 1), say(t, 'prom-1', 'tests', 1)]);
      expect(two.filter(({ committed }) => committed)).toHaveLength(1);
    });

    test('raise no watch list, and keep their document', async () => {
      const t = tenant();
      expect(await say(t, 'prom-1', 'tests', 1, 'said')).toEqual(COMMITTED);
      expect((await stores().evidence.watchList(t, SUBJECT)).version).toBe(0);
      expect(await stores().evidence.document(t, sha('document'))).toBe('said');
      expect(await stores().evidence.about(t, SUBJECT)).toEqual([]);
    });
  });

  describe('a watch list', () => {
    const watch = (t: string, seen: number, promotion_id: string) =>
      commit(t, { write: 'watch', subject_digest: SUBJECT, seen, promotion_id });

    test('names who waits, and refuses who has not seen the newest report', async () => {
      const t = tenant();
      expect(await stores().evidence.watchList(t, SUBJECT)).toEqual({ version: 0, waiting: [] });
      expect(await watch(t, 0, 'prom-2')).toEqual(COMMITTED);
      expect(await watch(t, 0, 'prom-1')).toEqual(COMMITTED);
      expect(await watch(t, 0, 'prom-1')).toEqual(COMMITTED);
      await put(t, report());
      expect(await watch(t, 0, 'prom-3')).toEqual({ committed: false, lost: [0] });
      expect(await watch(t, 2, 'prom-3')).toEqual({ committed: false, lost: [0] });
      expect(await watch(t, 1, 'prom-3')).toEqual(COMMITTED);
      const watchList = await stores().evidence.watchList(t, SUBJECT);
      expect(watchList).toEqual({ version: 1, waiting: ['prom-1', 'prom-2', 'prom-3'] });
      const promotion_ids: [string, ...string[]] = ['prom-1', 'prom-9'];
      expect(await commit(t, { write: 'unwatch', subject_digest: SUBJECT, promotion_ids })).toEqual(
        COMMITTED,
      );
      expect((await stores().evidence.watchList(t, SUBJECT)).waiting).toEqual(['prom-2', 'prom-3']);
    });

    test('sees either the report or the waiter, whichever commits first', async () => {
      const t = tenant();
      const [watched] = await Promise.all([watch(t, 0, 'prom-1'), put(t, report())]);
      const { waiting } = await stores().evidence.watchList(t, SUBJECT);
      expect(waiting.includes('prom-1')).toBe(watched.committed);
    });

    test('has work from a report on until somebody says that all know it', async () => {
      const t = tenant();
      const open = async () => {
        const all = await everything((page) => stores().evidence.withWork(page), 2);
        return all.filter((ref) => ref.tenant === t).map(({ subject }) => subject);
      };
      await watch(t, 0, 'prom-1');
      expect(await open()).toEqual([]);
      for (const one of [SUBJECT, sha('b'), sha('c')]) await put(t, report({ subject_digest: one }));
      expect((await open()).sort()).toEqual([SUBJECT, sha('b'), sha('c')].sort());
      await put(t, report({ received_at: later(1) }));
      expect(await stores().evidence.clearWork({ tenant: t, subject: SUBJECT }, 1)).toBe(false);
      expect(await open()).toContain(SUBJECT);
      expect(await stores().evidence.clearWork({ tenant: t, subject: SUBJECT }, 2)).toBe(true);
      expect(await open()).not.toContain(SUBJECT);
    });
  });

  test('a report is named by all that it says', () => {
    const one = evidenceDigest(report());
    for (const changes of [{ gate: 'x' }, { received_at: later(1) }, { result: {} }, { format: 'json' }]) {
      expect(evidenceDigest(report(changes))).not.toBe(one);
    }
  });
}
