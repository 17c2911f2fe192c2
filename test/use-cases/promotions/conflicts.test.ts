import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { editConfig } from '../../../functions/use-cases/config/edit.ts';
import type { Deps } from '../../../functions/use-cases/deps.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { conflicting, type Tries } from '../../support/conflicts.ts';
import { randomStream } from '../../support/random-stream.ts';
import { memoryStores } from '../../support/replayed-stores.ts';
import { createWorld, person, TENANT, type World } from '../deployments/world.ts';
import { ALICE, DEV } from './people.ts';
import { asked, recorded, sure, TO_PRODUCTION } from './stage.ts';

/** Milliseconds that a transaction is under way, and that a read takes. */
const [HOLD, READ] = [10, 5];

let world: World;
beforeEach(async () => {
  world = await createWorld(memoryStores);
  await world.gateway('gw-staging', 'staging');
  await world.gateway('gw-789', 'production');
  vi.useFakeTimers({ toFake: ['setTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Lets time pass until everything asked for is done. */
async function settled<T>(work: Promise<T>): Promise<T> {
  let done = false;
  const ended = work.finally(() => {
    done = true;
  });
  while (!done) await vi.advanceTimersByTimeAsync(1);
  return await ended;
}

/** What each of many does at once has: transactions that conflict, reads that take a while, and how often it tried. */
function crowd(): () => { readonly deps: Deps; readonly tries: Tries } {
  const { deps } = world;
  const random = randomStream(15);
  const transactions = conflicting(deps.transactions, { hold: HOLD, sleep });
  return () => {
    const tries = { tries: 0, committed: 0 };
    const all: typeof deps.catalog.all = async (...asking) => {
      await sleep(READ);
      return await deps.catalog.all(...asking);
    };
    const own = {
      ...deps,
      catalog: { ...deps.catalog, all },
      transactions: transactions.of(tries),
      random,
      sleep,
    };
    return { deps: own, tries };
  };
}

/** Expects that some were cancelled, and that a commit took three tries at most for half of them. */
function collided(each: readonly Tries[]): void {
  const tries = each.map(({ tries, committed }) => tries / committed).sort((a, b) => a - b);
  expect(tries.at(-1)).toBeGreaterThan(1);
  expect(tries[Math.floor(tries.length / 2)]).toBeLessThanOrEqual(3);
}

const AT_ONCE = Array.from({ length: 50 }, (_, n) => n);

describe('where AWS cancels transactions that overlap', () => {
  it('fifty promotions of as many agents go into one environment', async () => {
    await world.member(ALICE);
    for (const n of AT_ONCE) await recorded(world, `dep-${n}`, `agent-${n}`, 'staging');
    const one = crowd();
    const each = AT_ONCE.map(async (n) => {
      const { deps, tries } = one();
      const request = { ...TO_PRODUCTION, agent_id: `agent-${n}`, source_deployment_id: `dep-${n}` };
      const { id } = sure(await createPromotion(deps, asked(request))).state;
      sure(await approvePromotion(deps, { principal: ALICE, id }));
      sure(await executePromotion(deps, { principal: DEV, id }));
      expect(await execute(deps, { tenant: TENANT, id })).toMatchObject({ status: 'completed' });
      return tries;
    });
    collided(await settled(Promise.all(each)));
  });

  it('thirty-two people edit one environment, and no edit is lost', async () => {
    const editor = person('editor', 'developer', 'admin');
    const one = crowd();
    const each = AT_ONCE.slice(0, 32).map(async (n) => {
      const { deps, tries } = one();
      const put = [{ kind: 'config', key: `key-${n}`, value: n }] as const;
      sure(
        await editConfig(deps, { principal: editor, environment: 'development', edits: { put, remove: [] } }),
      );
      return tries;
    });
    const tries = await settled(Promise.all(each));
    const slot = { subject: { kind: 'config', name: 'config' }, environment: 'development' } as const;
    expect((await world.deps.heads.read(TENANT, slot))?.revision).toBe(32);
    collided(tries);
  });

  it('twenty people approve one promotion, and each vote counts once', async () => {
    await recorded(world, 'dep-456', 'agent-123', 'staging');
    const required = { auto_promote: false, requires_approval: true, required_approvers: 20 };
    await world.rule('rule-1', 'staging', 'production', required);
    const { id } = sure(await createPromotion(world.deps, asked())).state;
    const one = crowd();
    const voters = AT_ONCE.slice(0, 20).map((n) => person(`voter-${n}`, 'approver'));
    const each = voters.map(async (principal) => {
      const { deps, tries } = one();
      sure(await approvePromotion(deps, { principal, id }));
      return tries;
    });
    const tries = await settled(Promise.all(each));
    const stored = await world.deps.promotions.read(TENANT, id);
    expect(stored?.state).toMatchObject({ status: 'approved' });
    expect(stored?.state.approvals).toHaveLength(20);
    collided(tries);
  });
});
