import type { Table } from '../../functions/adapters/dynamodb/table.ts';
import { type Meter, reset, roundsOf } from '../support/metered.ts';
import { TENANT, type World } from '../use-cases/deployments/world.ts';
import { recorded } from '../use-cases/promotions/stage.ts';

export type Row = [what: string, write: number, read: number, rounds: number, before: string, goal: string];
/** What was measured before this was worked on, where it was, and what it is to cost. */
type Aim = readonly [before: string, goal: string];
export type Bench = { readonly world: World; readonly table: Table; readonly used: Meter };

export async function measured(
  { used }: Bench,
  what: string,
  aim: Aim,
  act: () => Promise<unknown>,
): Promise<Row> {
  reset(used);
  await act();
  return [what, used.writeUnits, used.readUnits, roundsOf(used), ...aim];
}

/** Gateways to promote to, and a deployment to promote. */
export async function stageOf(world: World): Promise<void> {
  for (const [id, environment] of Object.entries({ 'gw-staging': 'staging', 'gw-789': 'production' })) {
    if ((await world.deps.catalog.item(TENANT, 'gateway', id)) === undefined)
      await world.gateway(id, environment);
  }
  if ((await world.deps.deployments.read(TENANT, 'dep-456')) === undefined)
    await recorded(world, 'dep-456', 'agent-123', 'staging');
}
