import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../functions/domain/identity/principal.ts';
import { isRefusal } from '../../functions/domain/refusal.ts';
import { approvePromotion } from '../../functions/use-cases/promotions/approve.ts';
import { createPromotion } from '../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../functions/use-cases/promotions/execute.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { ALICE, DEV } from '../use-cases/promotions/people.ts';
import { createWorld, REQUEST, type World } from './support/world.ts';

describe.skipIf(skipWithoutEngine())('the promotion workflow, real definition, handlers and table', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());

  async function requested(world: World): Promise<string> {
    const created = await world.invoke((deps) =>
      createPromotion(deps, { actor: actorOf(DEV), tenant: world.tenant, request: REQUEST }),
    );
    if (isRefusal(created)) throw new Error(created.detail);
    return created.state.id;
  }

  it('takes an approved promotion through five transitions', async () => {
    const world = await createWorld(engine);
    const { tenant } = world;
    const id = await requested(world);
    await world.host.pump();
    await world.invoke((deps) => approvePromotion(deps, { principal: { ...ALICE, tenant }, id }));
    await world.invoke((deps) => executePromotion(deps, { principal: { ...DEV, tenant }, id }));
    await world.host.pump();
    const stored = await world.deps.promotions.read(tenant, id);
    expect(stored).toMatchObject({ state: { status: 'completed' }, drive: { work: [] } });
    expect(world.host.runs.get(`${id}-1`)?.transitions).toEqual([
      'Assess',
      'Route',
      'Await',
      'Route',
      'Execute',
    ]);
  });
});
