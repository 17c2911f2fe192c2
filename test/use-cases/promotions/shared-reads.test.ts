import { describe, expect, it } from 'vitest';
import { Fault } from '../../../functions/domain/faults.ts';
import { sharedReads } from '../../../functions/use-cases/engine/shared-reads.ts';
import { memoryStores } from '../../support/replayed-stores.ts';
import { createWorld, TENANT } from '../deployments/world.ts';

/** Shared reads over a store that counts them and waits with each answer until it is let go. */
async function counted() {
  const { deps } = await createWorld(memoryStores);
  const stage = { reads: 0, broken: false, held: Promise.resolve() };
  const all: typeof deps.catalog.all = async (...asked) => {
    stage.reads += 1;
    await stage.held;
    if (stage.broken) throw new Fault('Unavailable', 'the table is away');
    return await deps.catalog.all(...asked);
  };
  const shared = sharedReads({ ...deps, catalog: { ...deps.catalog, all } });
  return { stage, shared, environments: () => shared.deps.catalog.all(TENANT, 'environment') };
}

describe('the reads of one request', () => {
  it('are made once for all who ask the same, and once for each who asks something else', async () => {
    const { stage, shared, environments } = await counted();
    const [one, two] = await Promise.all([environments(), environments()]);
    expect(two).toEqual(one);
    expect(one.length).toBeGreaterThan(0);
    expect(await environments()).toEqual(one);
    expect(stage.reads).toBe(1);
    expect(await shared.deps.catalog.all('another-tenant', 'environment')).toEqual([]);
    expect(await shared.deps.catalog.all(TENANT, 'rule')).toEqual([]);
    expect(stage.reads).toBe(3);
  });

  it('are made anew after a commit, won or lost, and after a pause', async () => {
    const { stage, shared, environments } = await counted();
    await environments();
    await shared.deps.transactions.commit(TENANT, [{ write: 'raise_guard', environment: 'staging' }]);
    await environments();
    expect(stage.reads).toBe(2);
    const guard = { write: 'check_guard', environment: 'staging', guard: 999 } as const;
    expect(await shared.deps.transactions.commit(TENANT, [guard])).toMatchObject({ committed: false });
    await environments();
    expect(stage.reads).toBe(3);
    await shared.deps.sleep(0);
    await environments();
    expect(stage.reads).toBe(4);
  });

  it('that nobody waits for may fail unheard, and fail for those who do', async () => {
    const { stage, shared, environments } = await counted();
    stage.broken = true;
    void environments();
    await shared.settled();
    await expect(environments()).rejects.toThrow('away');
    expect(stage.reads).toBe(1);
  });

  it('have ended once they are settled', async () => {
    const { stage, shared, environments } = await counted();
    let letGo = () => {};
    stage.held = new Promise((resolve) => {
      letGo = resolve;
    });
    let ended = false;
    void environments();
    const settled = shared.settled().then(() => {
      ended = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toBe(false);
    letGo();
    await settled;
    expect(ended).toBe(true);
  });
});
