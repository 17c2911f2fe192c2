import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { editConfig } from '../../../functions/use-cases/config/edit.ts';
import type { Deps } from '../../../functions/use-cases/deps.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { ConflictingTable } from '../../support/conflicting-table.ts';
import type { Tries } from '../../support/conflicts.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../../support/engine.ts';
import { randomStream } from '../../support/random-stream.ts';
import { replayWritten } from '../../support/replay-written.ts';
import { tableStores } from '../../support/replayed-table.ts';
import { createWorld, person, TENANT, type World } from '../deployments/world.ts';
import { ALICE, DEV } from './people.ts';
import { asked, recorded, sure, TO_PRODUCTION } from './stage.ts';

/** Milliseconds that a transaction is under way, and that a read takes. */
const [hold, read] = [10, 5];
/** Turns of the event loop in which whoever was answered may ask on. */
const TURNS = 5;

const sleep = (milliseconds: number) => new Promise<void>((resolved) => setTimeout(resolved, milliseconds));
const turn = () => new Promise<void>((resolved) => setImmediate(resolved));

describe.skipIf(skipWithoutEngine())('where the table cancels transactions that overlap', () => {
  let engine: Engine;
  let world: World;
  let table: ConflictingTable;
  beforeEach(async () => {
    // A module that loads late takes time that no clock here knows.
    await Promise.all(
      globSync('functions/use-cases/{kinds/*,rollbacks}/*.ts').map((file) => import(resolve(file))),
    );
    engine = await startEngine();
    const opened = engine.open();
    table = new ConflictingTable(opened, { hold, read, sleep });
    world = await createWorld((now) => tableStores(opened, now));
    await world.gateway('gw-staging', 'staging');
    await world.gateway('gw-789', 'production');
    vi.useFakeTimers({ toFake: ['setTimeout'] });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await replayWritten();
    await engine.stop();
  });

  /** Lets time pass until everything asked for is done: only while the engine has nothing to answer, so that its speed is no matter. */
  async function settled<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const ended = work.finally(() => {
      done = true;
    });
    while (!done) {
      for (let quiet = 0; quiet < TURNS; quiet = table.underWay === 0 ? quiet + 1 : 0) await turn();
      await vi.advanceTimersByTimeAsync(1);
    }
    return await ended;
  }

  /** Many who act at once, each counted. */
  async function crowd<T>(many: readonly T[], act: (deps: Deps, one: T) => Promise<unknown>): Promise<void> {
    const random = randomStream(15);
    const each = many.map(async (one) => {
      const tries: Tries = { tries: 0, committed: 0 };
      await table.as(tries, () => act({ ...world.deps, random, sleep }, one));
      return tries.tries / tries.committed;
    });
    const tries = (await settled(Promise.all(each))).sort((a, b) => a - b);
    expect(tries.at(-1)).toBeGreaterThan(1);
    expect(tries[Math.floor(tries.length / 2)]).toBeLessThanOrEqual(3);
  }

  const many = (count: number) => Array.from({ length: count }, (_, n) => n);

  it('fifty promotions of as many agents go into one environment', async () => {
    await world.member(ALICE);
    for (const n of many(50)) await recorded(world, `dep-${n}`, `agent-${n}`, 'staging');
    await crowd(many(50), async (deps, n) => {
      const request = { ...TO_PRODUCTION, agent_id: `agent-${n}`, source_deployment_id: `dep-${n}` };
      const { id } = sure(await createPromotion(deps, asked(request))).state;
      sure(await approvePromotion(deps, { principal: ALICE, id }));
      sure(await executePromotion(deps, { principal: DEV, id }));
      expect(await execute(deps, { tenant: TENANT, id })).toMatchObject({ status: 'completed' });
    });
    const { items } = await world.deps.promotions.list(TENANT, { statuses: ['completed'] }, { limit: 100 });
    expect(items).toHaveLength(50);
    const running = await Promise.all(
      many(50).map((n) =>
        world.deps.heads.read(TENANT, {
          subject: { kind: 'agent', name: `agent-${n}` },
          environment: 'production',
          gateway: 'gw-789',
        }),
      ),
    );
    expect(running.map((head) => head?.revision)).toEqual(many(50).map(() => 1));
  });

  it('thirty-two people edit one environment, and no edit is lost', async () => {
    const editor = person('editor', 'developer', 'admin');
    await crowd(many(32), async (deps, n) => {
      const put = [{ kind: 'config', key: `key-${n}`, value: n }] as const;
      sure(
        await editConfig(deps, { principal: editor, environment: 'development', edits: { put, remove: [] } }),
      );
    });
    const slot = { subject: { kind: 'config', name: 'config' }, environment: 'development' } as const;
    expect((await world.deps.heads.read(TENANT, slot))?.revision).toBe(32);
  });

  it('twenty people approve one promotion, and each vote counts once', async () => {
    await recorded(world, 'dep-456', 'agent-123', 'staging');
    const required = { auto_promote: false, requires_approval: true, required_approvers: 20 };
    await world.rule('rule-1', 'staging', 'production', required);
    const { id } = sure(await createPromotion(world.deps, asked())).state;
    const voters = many(20).map((n) => person(`voter-${n}`, 'approver'));
    await crowd(voters, async (deps, principal) => sure(await approvePromotion(deps, { principal, id })));
    const stored = await world.deps.promotions.read(TENANT, id);
    expect(stored?.state).toMatchObject({ status: 'approved' });
    expect(new Set(stored?.state.approvals.map(({ actor }) => actor.subject)).size).toBe(20);
  });
});
