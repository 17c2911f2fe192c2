import { describe, expect, test } from 'vitest';
import { movesOf } from '../../functions/ports/head-store.ts';
import { type Bench, everything } from './adapters.ts';
import { environment } from './catalog-samples.ts';
import { AGENT, deployment, head, revision, SLOT, sha } from './samples.ts';

const COMMITTED = { committed: true };
const lost = (...indices: number[]) => ({ committed: false, lost: indices });

/** Heads and revisions: what is where, and what was. */
export function slotsContract({ stores, tenant }: Bench): void {
  const commit = (t: string, ...writes: Parameters<ReturnType<typeof stores>['transactions']['commit']>[1]) =>
    stores().transactions.commit(t, writes);

  describe('a head', () => {
    test('is written over the version its writer saw, and from no other', async () => {
      const t = tenant();
      expect(await stores().heads.read(t, SLOT)).toBeUndefined();
      expect(await commit(t, { write: 'head', head: head(1), expected: 0 })).toEqual(COMMITTED);
      expect(await commit(t, { write: 'head', head: head(1), expected: 0 })).toEqual(lost(0));
      const empty = { digest: null, chain: null, revision: 0 };
      expect(await commit(t, { write: 'head', head: head(2, empty), expected: 1 })).toEqual(COMMITTED);
      expect(await commit(t, { write: 'head', head: head(2), expected: 1 })).toEqual(lost(0));
      expect(await stores().heads.read(t, SLOT)).toEqual(head(2, empty));
    });

    test('cannot be written without a rising version', async () => {
      const same = commit(tenant(), { write: 'head', head: head(3), expected: 3 });
      await expect(same).rejects.toThrow('version');
    });

    test('is found by its subject and by its environment, page by page', async () => {
      const t = tenant();
      const slots = [
        SLOT,
        { ...SLOT, gateway: 'gateway-staging-2' },
        { subject: AGENT, environment: 'production' },
        { subject: { kind: 'artifact', name: 'agent-123' }, environment: 'staging' },
      ] as const;
      for (const slot of slots) await commit(t, { write: 'head', head: head(1, { slot }), expected: 0 });
      const subjectHeads = await stores().heads.ofSubject(t, AGENT);
      expect(subjectHeads.map(({ slot }) => slot)).toEqual(expect.arrayContaining(slots.slice(0, 3)));
      expect(subjectHeads).toHaveLength(3);
      for (const limit of [1, 2, 10]) {
        const staged = await everything((page) => stores().heads.inEnvironment(t, 'staging', page), limit);
        expect(staged.map(({ slot }) => slot)).toEqual([slots[0], slots[1], slots[3]]);
      }
      const seen = await stores().heads.glance(t, 'staging');
      expect(seen.map(({ slot }) => slot)).toEqual([slots[0], slots[1], slots[3]]);
      expect(await stores().heads.glance(tenant(), 'staging')).toEqual([]);
      const neighbours = ['agent-123!', 'agent-123-2', 'agent-12'].map((name) => ({
        subject: { kind: 'agent', name } as const,
        environment: 'staging',
      }));
      const bare = { subject: AGENT, environment: 'staging' };
      for (const slot of [...neighbours, bare])
        await commit(t, { write: 'head', head: head(1, { slot }), expected: 0 });
      const own = await stores().heads.ofSubjectIn(t, AGENT, 'staging');
      expect(own.map(({ slot }) => slot)).toEqual([bare, slots[0], slots[1]]);
      expect(await stores().heads.ofSubjectIn(tenant(), AGENT, 'staging')).toEqual([]);
    });

    test('is counted by its environment once, and whenever it is filled again', async () => {
      const t = tenant();
      const staging = { type: 'environment', item: environment('staging') } as const;
      await commit(t, { write: 'catalog', entry: staging, expected: 0 });
      const occupied = () => stores().heads.occupancy(t, 'staging');
      const guarded = { write: 'check_guard', environment: 'staging', guard: 1 } as const;
      const other = { ...SLOT, gateway: 'gateway-staging-2' };
      expect(await occupied()).toEqual({ heads: 0, fills: 0 });
      await commit(t, { write: 'head', head: head(1), expected: 0 }, guarded);
      expect(await occupied()).toEqual({ heads: 1, fills: 1 });
      await commit(t, { write: 'head', head: head(2), expected: 1 }, guarded);
      expect(await occupied()).toEqual({ heads: 1, fills: 1 });
      await commit(
        t,
        { write: 'head', head: head(3), expected: 2, fills: true },
        { write: 'head', head: head(1, { slot: other }), expected: 0 },
        { write: 'raise_guard', environment: 'staging' },
      );
      expect(await occupied()).toEqual({ heads: 2, fills: 3 });
      expect(await stores().catalog.item(t, 'environment', 'staging')).toMatchObject({
        version: 1,
        guard: 2,
      });
      const lostOne = { write: 'head', head: head(4), expected: 3, fills: true } as const;
      expect(await commit(t, lostOne, guarded)).toEqual(lost(1));
      expect(await occupied()).toEqual({ heads: 2, fills: 3 });
      expect(await stores().heads.occupancy(tenant(), 'staging')).toEqual({ heads: 0, fills: 0 });
    });

    test('moves the count of its environment: by two where it is claimed, and not where that is settled', async () => {
      const t = tenant();
      const staging = { type: 'environment', item: environment('staging') } as const;
      await commit(t, { write: 'catalog', entry: staging, expected: 0 });
      const moves = async () => (await stores().heads.moves(t)).get('staging');
      const guarded = { write: 'check_guard', environment: 'staging', guard: 1 } as const;
      const free = (version: number) => {
        const { claim: _, ...unclaimed } = head(version);
        return unclaimed;
      };
      expect(await moves()).toBe(0);
      await commit(t, { write: 'head', head: free(1), expected: 0 }, guarded);
      expect(await moves()).toBe(1);
      await commit(t, { write: 'head', head: head(2), expected: 1 }, guarded);
      expect(await moves()).toBe(3);
      await commit(t, { write: 'head', head: free(3), expected: 2, claimed: true });
      expect(await moves()).toBe(3);
      const [stored] = await stores().heads.glance(t, 'staging');
      expect(stored === undefined ? 0 : movesOf(stored)).toBe(3);
      expect(await commit(t, { write: 'head', head: free(4), expected: 2 }, guarded)).toEqual(lost(0));
      expect(await moves()).toBe(3);
      const changed = { type: 'environment', item: { ...staging.item, version: 2 } } as const;
      await commit(t, { write: 'catalog', entry: changed, expected: 1 });
      expect(await moves()).toBe(3);
      expect(await stores().heads.moves(tenant())).toEqual(new Map());
    });

    test('keeps its environment from being deleted by whoever has not seen it', async () => {
      const t = tenant();
      const item = environment('staging');
      await commit(t, { write: 'catalog', entry: { type: 'environment', item }, expected: 0 });
      const removal = { write: 'catalog_delete', type: 'environment', id: 'staging', expected: 1 } as const;
      const seen = (fills: number) => ({ write: 'check_occupancy', environment: 'staging', fills }) as const;
      const guarded = { write: 'check_guard', environment: 'staging', guard: 1 } as const;
      expect(await commit(t, seen(0))).toEqual(COMMITTED);
      expect(await commit(t, seen(0), guarded)).toEqual(COMMITTED);
      await commit(t, { write: 'head', head: head(1), expected: 0 }, guarded);
      expect(await commit(t, seen(0))).toMatchObject({ committed: false });
      expect(await commit(t, removal, seen(0))).toMatchObject({ committed: false });
      expect(await commit(t, seen(1), { write: 'raise_guard', environment: 'staging' })).toEqual(COMMITTED);
      // A change of the environment itself leaves what it counts alone.
      const changed = { type: 'environment', item: { ...item, version: 2 } } as const;
      await commit(t, { write: 'catalog', entry: changed, expected: 1 });
      expect(await stores().heads.occupancy(t, 'staging')).toEqual({ heads: 1, fills: 1 });
      expect(await commit(t, { ...removal, expected: 2 }, seen(1))).toEqual(COMMITTED);
      expect(await commit(t, seen(1))).toMatchObject({ committed: false });
      expect(await stores().heads.occupancy(t, 'staging')).toEqual({ heads: 0, fills: 0 });
    });

    test('that is missing although its revisions exist is a fault, and no empty slot', async () => {
      const t = tenant();
      await commit(t, { write: 'revision', revision: revision(1) });
      for (const read of ['read', 'peek', 'assertNeverWritten'] as const)
        await expect(stores().heads[read](t, SLOT)).rejects.toMatchObject({ name: 'Corrupt' });
      expect(await stores().heads.find(t, SLOT)).toBeUndefined();
      expect(await stores().heads.read(t, { subject: AGENT, environment: 'staging' })).toBeUndefined();
    });

    test('belongs to its slot alone', async () => {
      const t = tenant();
      await commit(t, { write: 'head', head: head(1), expected: 0 });
      for (const slot of [
        { ...SLOT, gateway: 'gateway-staging' },
        { ...SLOT, subject: { ...AGENT, name: 'agent-1' } },
        { ...SLOT, subject: { ...AGENT, kind: 'config' } },
        { subject: AGENT, environment: 'staging' },
      ] as const) {
        expect(await stores().heads.read(t, slot)).toBeUndefined();
      }
    });
  });

  describe('revisions', () => {
    test('are written once and read newest first', async () => {
      const t = tenant();
      const causes = [
        { by: 'record', deployment_id: 'dep-1' },
        { by: 'edit', reason: 'by hand' },
        { by: 'edit' },
      ] as const;
      const all = [1, 2, 9, 10, 11].map((number, index) => {
        const cause = causes[index];
        return revision(number, cause === undefined ? {} : { cause });
      });
      for (const each of all)
        expect(await commit(t, { write: 'revision', revision: each })).toEqual(COMMITTED);
      expect(await commit(t, { write: 'revision', revision: revision(9) })).toEqual(lost(0));
      const listed = await everything((page) => stores().heads.revisions(t, SLOT, page), 2);
      expect(listed).toEqual(all.toReversed());
      const other = { ...SLOT, gateway: 'gateway-2' };
      expect(await stores().heads.revisions(t, other, { limit: 5 })).toEqual({ items: [] });
    });

    test('are read oldest first from any number on', async () => {
      const t = tenant();
      const all = [1, 2, 3, 4, 5].map((number) => revision(number));
      for (const each of all) await commit(t, { write: 'revision', revision: each });
      const from = (first: number, limit: number) => stores().heads.revisionsFrom(t, SLOT, first, limit);
      expect(await from(1, 2)).toEqual(all.slice(0, 2));
      expect(await from(3, 2)).toEqual(all.slice(2, 4));
      expect(await from(2, 100)).toEqual(all.slice(1));
      expect(await from(6, 2)).toEqual([]);
      expect(await stores().heads.revisionsFrom(t, { ...SLOT, gateway: 'other' }, 1, 5)).toEqual([]);
    });
  });

  test('a transaction is all or nothing, and names every write that lost', async () => {
    const t = tenant();
    await commit(t, { write: 'head', head: head(1), expected: 0 });
    const result = await commit(
      t,
      { write: 'revision', revision: revision(1) },
      { write: 'head', head: head(1), expected: 0 },
      { write: 'deployment', deployment: deployment('dep-1'), expected: 0 },
      { write: 'deployment', deployment: deployment('dep-2', 8), expected: 7 },
    );
    expect(result).toEqual(lost(1, 3));
    expect(await stores().heads.revisions(t, SLOT, { limit: 5 })).toEqual({ items: [] });
    expect(await stores().deployments.read(t, 'dep-1')).toBeUndefined();
  });

  test('a transaction may hold nothing, and 99 items beside what tells the log; not 101, and none twice', async () => {
    const t = tenant();
    const revisions = (count: number) =>
      Array.from({ length: count }, (_, index) => {
        return { write: 'revision', revision: revision(index + 1, { digest: sha(`${index}`) }) } as const;
      });
    expect(await commit(t)).toEqual(COMMITTED);
    await expect(commit(t, ...revisions(101))).rejects.toThrow('items in one transaction');
    await expect(commit(t, ...revisions(2), ...revisions(1))).rejects.toThrow('twice');
    expect(await commit(t, ...revisions(99))).toEqual(COMMITTED);
    expect(await everything((page) => stores().heads.revisions(t, SLOT, page), 30)).toHaveLength(99);
  });
}
