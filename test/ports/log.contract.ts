import { expect, test } from 'vitest';
import { nextChange } from '../../functions/domain/audit/change.ts';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import { emptyHead, swap } from '../../functions/domain/promotion/head.ts';
import { type Bench, everything } from './adapters.ts';

/** What the log has not reached: told, found by tenant, and forgotten only as it was seen. */
export function logNewsContract({ stores, tenant }: Bench): void {
  const news = () => stores().logNews;
  const grownOf = async (t: string) => (await news().of(t, 10)).flatMap(({ grown }) => grown);
  const tenants = async () => everything((page) => news().tenants(page), 100);

  test('is what was told, once, until it is forgotten', async () => {
    const t = tenant();
    expect(await news().of(t, 10)).toEqual([]);
    const [a, b] = [
      { chain: 'promotion/a', seq: 1 },
      { chain: 'promotion/b', seq: 3 },
    ];
    const head = { ...AGENT, seq: 2 };
    for (const grown of [b, a, head, b]) await news().tell(t, grown);
    expect(await grownOf(t)).toEqual([head, a, b]);
    expect((await news().of(t, 1)).length).toBe(1);
    const [first, second] = await news().of(t, 10);
    if (first === undefined || second === undefined) throw new Error('there are three');
    await news().forget(t, second);
    await news().forget(t, second);
    expect(await grownOf(t)).toEqual([head, b]);
  });

  test('names each tenant once, however much there is, and none that has no news', async () => {
    const named = Array.from({ length: 9 }, () => tenant());
    for (const t of named) {
      for (const id of ['a', 'b', 'c']) await news().tell(t, { chain: `promotion/${id}`, seq: 1 });
    }
    const found = await tenants();
    expect(found.filter((t) => named.includes(t)).sort()).toEqual(named.toSorted());
    expect(new Set(found).size).toBe(found.length);
    for (const t of named) for (const each of await news().of(t, 10)) await news().forget(t, each);
    expect((await tenants()).filter((t) => named.includes(t))).toEqual([]);
  });

  test('is told by each commit of all that it appends to, in one item, and by none that lost', async () => {
    const t = tenant();
    const actor = { subject: 'admin', email: 'admin@acme.com', kind: 'person' } as const;
    const at = '2026-11-22T09:00:00.000Z';
    const told = { action: 'lock', target: { type: 'environment', id: 'staging' } } as const;
    const change = nextChange(undefined, told, { at, actor });
    const { revision } = swap(emptyHead(AGENT.slot, at), {
      digest: digestOfBytes('content'),
      cause: { by: 'record', deployment_id: 'dep-1' },
      actor,
      now: at,
    });
    const writes = [
      { write: 'change', change },
      { write: 'revision', revision },
    ] as const;
    expect(await stores().transactions.commit(t, writes)).toEqual({ committed: true });
    const both = [
      { chain: 'changes', seq: 1 },
      { ...AGENT, seq: 1 },
    ];
    expect((await news().of(t, 10)).map(({ grown }) => grown)).toEqual([both]);
    for (const each of await news().of(t, 10)) await news().forget(t, each);
    expect((await stores().transactions.commit(t, writes)).committed).toBe(false);
    expect(await news().of(t, 10)).toEqual([]);
    expect(await stores().changes.after(t, 0, 10)).toEqual([change]);
    expect(await stores().changes.after(t, 1, 10)).toEqual([]);
    expect(await stores().heads.revisionsFrom(t, AGENT.slot, 1, 10)).toEqual([revision]);
  });
}

const AGENT = {
  chain: 'head/agent/agent-123/staging#gw-1',
  slot: {
    subject: { kind: 'agent', name: 'agent-123' },
    environment: 'staging',
    gateway: 'gw-1',
  },
} as const;
