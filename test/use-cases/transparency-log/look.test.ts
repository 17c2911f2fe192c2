import { describe, expect, it } from 'vitest';
import { nextChange } from '../../../functions/domain/audit/change.ts';
import { DEFAULT_PIPELINE } from '../../../functions/domain/catalog/pipeline.ts';
import { digestOfBytes } from '../../../functions/domain/digest.ts';
import { emptyHead, revisionDigest, swap } from '../../../functions/domain/promotion/head.ts';
import type { Head, Slot } from '../../../functions/domain/subject.ts';
import type { LogObjects } from '../../../functions/ports/log-objects.ts';
import { feedLogs } from '../../../functions/use-cases/transparency-log/feed.ts';
import { END, published } from './seen.ts';
import { changed, type LogWorld, logWorld, requested, TENANT } from './world.ts';

const AT = '2026-11-20T09:00:00.000Z';
const ACTOR = { subject: 'dev', email: 'dev@acme.com', kind: 'person' } as const;

/** A tenant with environments, so that its chains can be walked. */
async function peopled(): Promise<LogWorld> {
  const world = logWorld();
  await world.transactions.commit(TENANT, [
    { write: 'tenant', tenant: { id: TENANT, name: 'Acme', version: 1, created_at: AT }, expected: 0 },
  ]);
  for (const item of DEFAULT_PIPELINE(AT)) {
    const entry = { type: 'environment', item } as const;
    await world.transactions.commit(TENANT, [{ write: 'catalog', entry, expected: 0 }]);
  }
  return world;
}

/** Records so many revisions of a head. */
async function revised(world: LogWorld, slot: Slot, times: number): Promise<Head> {
  let head: Head = (await world.heads.read(TENANT, slot)) ?? emptyHead(slot, AT);
  for (let n = 0; n < times; n += 1) {
    const change = {
      digest: digestOfBytes(`${head.revision}`),
      cause: { by: 'record', deployment_id: 'dep-1' },
      actor: ACTOR,
      now: AT,
    } as const;
    const next = swap(head, change);
    const result = await world.transactions.commit(TENANT, [
      { write: 'raise_guard', environment: slot.environment },
      {
        write: 'head',
        head: next.head,
        expected: head.version,
        ...(head.version === 0 ? { fills: true } : {}),
      },
      { write: 'revision', revision: next.revision },
    ]);
    if (!result.committed) throw new Error('not committed');
    head = next.head;
  }
  return head;
}

const slotOf = (name: string, gateway = 'gw-1'): Slot => ({
  subject: { kind: 'agent', name },
  environment: 'staging',
  gateway,
});

/** As it was before commits told of all that they append to. */
async function untold(world: LogWorld): Promise<void> {
  for (const each of await world.logNews.of(TENANT, 10_000)) await world.logNews.forget(TENANT, each);
}

describe('revisions of heads', () => {
  it('are in the log, each once, by the digest that the next one names', async () => {
    const world = await peopled();
    const head = await revised(world, slotOf('agent-1'), 3);
    expect(await feedLogs(world, END)).toMatchObject({ entries: 3, faults: [] });
    const chain = 'head/agent/agent-1/staging#gw-1';
    const entries = await published(world);
    expect(entries).toMatchObject([1, 2, 3].map((seq) => ({ chain, seq })));
    const [last] = await world.heads.revisionsFrom(TENANT, head.slot, 3, 1);
    if (last === undefined) throw new Error('there are three');
    expect(entries.at(-1)).toMatchObject({ digest: revisionDigest(last) });
    await revised(world, slotOf('agent-1'), 1);
    expect((await feedLogs(world, END)).entries).toBe(1);
    expect((await feedLogs(world, END)).entries).toBe(0);
  });
});

describe('a chain that nobody told of', () => {
  it('is found though its environment was deleted, and the names of such are read once', async () => {
    const world = await peopled();
    await revised(world, slotOf('agent-1'), 2);
    const newest = await world.changes.newest(TENANT);
    const told = { action: 'delete', target: { type: 'environment', id: 'staging' }, before: {} } as const;
    const writes = [
      { write: 'catalog_delete', type: 'environment', id: 'staging', expected: 1 },
      { write: 'change', change: nextChange(newest, told, { at: AT, actor: ACTOR }) },
    ] as const;
    expect(await world.transactions.commit(TENANT, writes)).toEqual({ committed: true });
    await untold(world);
    expect(await feedLogs(world, END)).toMatchObject({ entries: 3, faults: [] });
    const chains = (await published(world)).map(({ chain }) => chain);
    expect(chains).toContain('head/agent/agent-1/staging#gw-1');
    const asked: number[] = [];
    const { after } = world.changes;
    Object.assign(world.changes, {
      after: (tenant: string, seq: number, most: number) => {
        asked.push(seq);
        return after(tenant, seq, most);
      },
    });
    await feedLogs(world, END);
    expect(new Set(asked)).toEqual(new Set([1]));
  });

  it('is found by looking, whatever it is a chain of, and gets into the log whole', async () => {
    const world = await peopled();
    for (let n = 0; n < 70; n += 1) await revised(world, slotOf(`agent-${n}`), 1);
    await revised(world, slotOf('agent-0', 'gw-2'), 300);
    const id = await requested(world);
    await changed(world, 'a reason');
    await untold(world);
    const { entries, faults, oldest } = await feedLogs(world, END);
    expect([entries, faults, oldest]).toEqual([70 + 300 + 2 + 1, [], undefined]);
    const found = await published(world);
    expect(new Set(found.map(({ chain, seq }) => `${chain} ${seq}`)).size).toBe(found.length);
    expect(found.filter(({ chain }) => chain === `promotion/${id}`)).toHaveLength(2);
    expect((await feedLogs(world, END)).entries).toBe(0);
  });

  it('is measured, though nobody told of it', async () => {
    const world = await peopled();
    await revised(world, slotOf('agent-1'), 1);
    await untold(world);
    const noteSigner = { ...world.noteSigner, sign: () => Promise.reject(new Error('no key')) };
    expect(await feedLogs({ ...world, noteSigner }, END)).toMatchObject({ oldest: AT });
  });

  it('that cannot be read stops no other tenant, and no next look', async () => {
    const world = await peopled();
    await revised(world, slotOf('agent-1'), 1);
    await untold(world);
    const promotions = { ...world.promotions, list: () => Promise.reject(new Error('unreadable')) };
    const { entries, faults } = await feedLogs({ ...world, promotions }, END);
    expect([entries, faults.map(({ tenant }) => tenant)]).toEqual([0, [TENANT]]);
    expect((await feedLogs(world, END)).entries).toBe(1);
  });
});

describe('a tile that another feeder is writing', () => {
  it('is no corruption of the log: the next run goes on', async () => {
    const world = logWorld();
    await requested(world);
    // S3 answers 409 to a conditional write beside another one, whose object is not there yet.
    const busy: LogObjects = {
      get: (path) => world.logObjects.get(path),
      put: async (path, bytes, mark) => !path.includes('tile/') && world.logObjects.put(path, bytes, mark),
    };
    const logObjects = Object.assign(busy, { all: world.logObjects.all });
    const { faults } = await feedLogs({ ...world, logObjects }, END);
    expect(faults).toMatchObject([{ tenant: TENANT, error: { name: 'Unavailable' } }]);
    expect(await feedLogs(world, END)).toMatchObject({ entries: 2, faults: [] });
  });
});
