import { dynamoStores } from '../../functions/adapters/dynamodb/stores.ts';
import { packNode } from '../../functions/adapters/node-codec.ts';
import type { Entry } from '../../functions/domain/config-tree/entry.ts';
import { entryOfTreeKey } from '../../functions/domain/config-tree/tree-key.ts';
import type { Principal } from '../../functions/domain/identity/principal.ts';
import { addDuration } from '../../functions/domain/instant.ts';
import { emptyHead, swap } from '../../functions/domain/promotion/head.ts';
import type { Revision, Slot } from '../../functions/domain/subject.ts';
import { exportAudit } from '../../functions/use-cases/audit/export.ts';
import { evaluateRules } from '../../functions/use-cases/auto-promotion/evaluate.ts';
import { editConfig } from '../../functions/use-cases/config/edit.ts';
import { readApprovals } from '../../functions/use-cases/promotions/approvals.ts';
import { createPromotion } from '../../functions/use-cases/promotions/create.ts';
import { startEngine } from '../support/engine.ts';
import { memoryCursors } from '../support/memory/cursors.ts';
import { meter } from '../support/metered.ts';
import { contentOf } from '../support/promotion-facts.ts';
import { standLive } from '../use-cases/auto-promotion/stand-live.ts';
import { createWorld, person, TENANT, type World } from '../use-cases/deployments/world.ts';
import { requestFull, standEntries } from '../use-cases/promotions/first-full.ts';
import { ADMIN, DEV } from '../use-cases/promotions/people.ts';
import { asked, requested, sure, TO_PRODUCTION } from '../use-cases/promotions/stage.ts';
import { standMembers } from '../use-cases/promotions/stand-members.ts';
import { benchKey, benchValue } from './config-tree-data.ts';
import { type Bench, measured, type Row, stageOf } from './growth-rows.ts';
import { waiting, waitingForOthers } from './growth-waiting.ts';
import { printTable } from './print.ts';

const ENTRIES = 10_000;
const PROMOTIONS = [1_000, 10_000, 100_000];
const HEADS = [1_000, 10_000];
const MEMBERS = [1_000, 10_000];
const FULLS = [10_000, 100_000];
const REVISIONS = 10_000;

/** What grows with a tenant: units and sequential rounds on the real table, each on a table of its own. */
export async function benchGrowth(): Promise<void> {
  const rows: Row[] = [];
  await onTable(async (bench) => rows.push(...(await importing(bench))));
  for (const total of FULLS) await onTable(async (bench) => rows.push(...(await promotingAll(bench, total))));
  for (const total of PROMOTIONS) await onTable(async (bench) => rows.push(...(await waiting(bench, total))));
  await onTable(async (bench) => rows.push(await waitingForOthers(bench)));
  for (const total of HEADS) await onTable(async (bench) => rows.push(...(await evaluating(bench, total))));
  for (const total of MEMBERS) await onTable(async (bench) => rows.push(await approving(bench, total)));
  await onTable(async (bench) => rows.push(...(await planning(bench))));
  await onTable(async (bench) => rows.push(...(await exporting(bench))));
  printTable('What grows with a tenant', [['', 'WRU', 'RRU', 'rounds', 'before', 'goal'], ...rows]);
}

async function onTable(act: (bench: Bench) => Promise<unknown>): Promise<void> {
  const engine = await startEngine();
  const table = engine.open({ requestHandler: { requestTimeout: 60_000 } });
  const used = meter(table);
  try {
    await act({ world: await createWorld((now) => dynamoStores(table, now)), table, used });
  } finally {
    table.client.destroy();
    await engine.stop();
  }
}

const entriesOf = (total: number): readonly Entry[] =>
  Array.from({ length: total }, (_, n) => {
    const { key } = entryOfTreeKey(benchKey(n));
    const [, text = '{}'] = new TextDecoder().decode(benchValue(n)).split(/^v/);
    return { kind: 'config', key, value: JSON.parse(text) };
  });

/** A first FULL of so many entries onto an environment that has none. */
async function promotingAll(bench: Bench, total: number): Promise<readonly Row[]> {
  await standEntries(bench.world, entriesOf(total));
  let executed: Awaited<ReturnType<typeof requestFull>> = async () => {};
  const requested = await measured(
    bench,
    `first FULL of ${total} entries, requested`,
    ['read twice; 1M: 1,019 MB', 'reads once'],
    async () => {
      executed = await requestFull(bench.world);
    },
  );
  return [
    requested,
    await measured(bench, '  executed', ['1M: 6,800 RRU, 782 MB', '20 RRU, 14 WRU'], () =>
      executed({ ...bench.world.deps, ...dynamoStores(bench.table, () => bench.world.now) }),
    ),
  ];
}

/** One edit that sets so many entries in an empty environment; what its nodes hold, and what each is rounded up by. */
async function importing(bench: Bench): Promise<readonly Row[]> {
  const put = entriesOf(ENTRIES);
  const input = { principal: EDITOR, environment: 'development', edits: { put, remove: [] } };
  const { deps } = bench.world;
  const packed: number[] = [];
  const nodes: typeof deps.nodes = {
    ...deps.nodes,
    put: async (tenant, some) => {
      const all = [...some];
      packed.push(...all.map(({ bytes }) => packNode(bytes).length / 1024));
      await deps.nodes.put(tenant, all);
    },
    reader: (tenant) => deps.nodes.reader(tenant),
  };
  const row = await measured(
    bench,
    `import of ${ENTRIES} entries`,
    ['10,149 WRU, 73 rounds', '250 WRU, 12 rounds'],
    async () => sure(await editConfig({ ...deps, nodes }, input)),
  );
  const held = Math.ceil(packed.reduce((sum, size) => sum + size, 0));
  return [
    row,
    [`  what its ${packed.length} nodes hold, packed`, held, 0, 0, '', ''],
    ['  keys, and each rounded up to a whole unit', row[1] - held, 0, 0, '', ''],
  ];
}

const EDITOR: Principal = person('editor', 'developer', 'admin');

/** The evaluation of rules beside so many live deployments, none of which is due: after a rule changed, and when nothing did. */
async function evaluating(bench: Bench, total: number): Promise<readonly Row[]> {
  const { world } = bench;
  await standLive(world, total);
  const cursors = memoryCursors();
  const evaluate = () => evaluateRules({ ...world.deps, cursors }, { most: total });
  world.advance('PT5M');
  const all = await measured(
    bench,
    `rules of ${total} live deployments, one changed`,
    ['', 'a change'],
    evaluate,
  );
  world.advance('PT5M');
  return [
    all,
    await measured(
      bench,
      `rules of ${total} live deployments, nothing due`,
      ['10,000: 20,156 RRU', '50 RRU'],
      evaluate,
    ),
  ];
}

/** The first page of who may approve, of so many members of whom 200 may. */
async function approving(bench: Bench, total: number): Promise<Row> {
  const { world } = bench;
  await standMembers(world, total, 200);
  await stageOf(world);
  const { id } = await requested(world);
  return await measured(
    bench,
    `who may approve, a page of 100, of ${total} members`,
    ['508 RRU, cut at 500', '20 RRU'],
    async () => sure(await readApprovals(world.deps, { tenant: TENANT, id }, { limit: 100 })),
  );
}

/** A dry run of a promotion in a tenant with few and with as many rules and freezes as it may have. */
async function planning(bench: Bench): Promise<readonly Row[]> {
  const { world } = bench;
  await stageOf(world);
  const rows: Row[] = [];
  let made = 0;
  for (const count of [20, 200]) {
    for (; made < count; made += 1) {
      await world.rule(`rule-${made}`, 'staging', 'production', { auto_promote: false });
      await world.commit({
        write: 'catalog',
        entry: { type: 'freeze', item: freeze(world, made) },
        expected: 0,
      });
    }
    const tried = { ...asked(TO_PRODUCTION), dry_run: true };
    rows.push(
      await measured(
        bench,
        `plan beside ${count} rules and freezes`,
        ['', 'grows by pages of 4 KB'],
        async () => sure(await createPromotion(world.deps, tried)),
      ),
    );
  }
  return rows;
}

const freeze = ({ now }: World, n: number) =>
  ({
    id: `frz-${n}`,
    environment: 'production',
    reason: 'stocktaking',
    starts_at: addDuration(now, `P${n + 1}D`),
    ends_at: addDuration(now, `P${n + 1}DT1H`),
    mode: 'deny',
    on_due: 'wait',
    created_by: 'admin',
    version: 1,
    created_at: now,
    updated_at: now,
  }) as const;

const SLOT: Slot = { subject: { kind: 'config', name: 'config' }, environment: 'staging' };

/** The whole audit export of one environment with so many revisions, and its largest answer. */
async function exporting(bench: Bench): Promise<readonly Row[]> {
  const { world } = bench;
  let head = emptyHead(SLOT, world.now);
  for (let number = 1; number <= REVISIONS; ) {
    const { version: expected } = head;
    const written: Revision[] = [];
    for (; written.length < 99 && number <= REVISIONS; number += 1) {
      const digest = contentOf(`${number}`);
      const swapped = swap(head, { digest, cause: { by: 'edit' }, actor: ACTOR, now: world.now });
      written.push(swapped.revision);
      head = swapped.head;
    }
    const revisions = written.map((revision) => ({ write: 'revision', revision }) as const);
    await world.commit({ write: 'head', head, expected }, ...revisions);
  }
  let [pages, longest] = [0, 0];
  const principal = { ...ADMIN, tenant: TENANT, grants: [{ role: 'auditor' } as const] };
  const row = await measured(
    bench,
    `export of ${REVISIONS} revisions of one environment`,
    ['', 'ends'],
    async () => {
      for (let after: string | undefined, more = true; more; pages += 1) {
        const page = { limit: 100, ...(after === undefined ? {} : { after }) };
        const answer = sure(await exportAudit(world.deps, { principal, page }));
        longest = Math.max(longest, JSON.stringify(answer.items).length);
        after = answer.next;
        more = after !== undefined;
      }
    },
  );
  const kilobytes = Math.ceil(longest / 1024);
  return [row, [`  in ${pages} answers, the longest of KB`, 0, kilobytes, 0, '', '6,144 KB']];
}

const ACTOR = { subject: DEV.subject, email: DEV.email, kind: 'person' } as const;
