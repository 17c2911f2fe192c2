import { promotionsWaitingFor } from '../../functions/use-cases/promotions/waiting-for.ts';
import { replayCopies } from '../support/promotion-copies.ts';
import { TENANT } from '../use-cases/deployments/world.ts';
import { ALICE, DEV } from '../use-cases/promotions/people.ts';
import { sure } from '../use-cases/promotions/stage.ts';
import { standPromotions, WITHOUT_A_HIT } from '../use-cases/promotions/stand-promotions.ts';
import { type Bench, measured, type Row, stageOf } from './growth-rows.ts';

/** The units of a scan of all promotions, by which what waits for a person was found. */
const WAITED: { readonly [total: number]: string } = { 1000: '1,020 RRU', 100000: '102,000 RRU' };
const OPEN = 50;
const WAIT_FOR_OTHERS = 10_000;

/** `waiting_for=me`, whole, of a tenant with so many promotions of which 50 are open. */
export async function waiting(bench: Bench, total: number): Promise<readonly Row[]> {
  const { world } = bench;
  await stageOf(world);
  const ids = await standPromotions(world, total, OPEN);
  const replayed = await replayCopies(world.deps, TENANT, ids);
  const principal = { ...ALICE, tenant: TENANT };
  const asking = { principal, filter: {}, page: { limit: 100 } };
  const rows = [
    await measured(
      bench,
      `what waits for me, of ${total} promotions`,
      [WAITED[total] ?? '', '100 RRU'],
      async () => sure(await promotionsWaitingFor(world.deps, asking)),
    ),
  ];
  for (const [what, filter] of Object.entries(WITHOUT_A_HIT)) {
    const page = { limit: 50 };
    const row = await measured(bench, `  without a hit: by ${what}`, ['407 RRU', '5 RRU'], () =>
      world.deps.promotions.list(TENANT, filter, page),
    );
    rows.push(row);
  }
  return [...rows, [`  of these promotions replayed, all alike: ${replayed}`, 0, 0, 0, '', '100']];
}

/** `waiting_for=me` of a requester beside so many open promotions, none of which the requester may approve: the whole walk. */
export async function waitingForOthers(bench: Bench): Promise<Row> {
  const { world } = bench;
  await stageOf(world);
  await standPromotions(world, WAIT_FOR_OTHERS, WAIT_FOR_OTHERS);
  const asking = { principal: { ...DEV, tenant: TENANT }, filter: {}, page: { limit: 100 } };
  return await measured(
    bench,
    `what waits for me, beside ${WAIT_FOR_OTHERS} that wait for others`,
    ['100 RRU, cut', 'whole'],
    async () => {
      const { complete, items } = sure(await promotionsWaitingFor(world.deps, asking));
      if (!complete || items.length > 0) throw new Error('the walk was cut, or found something');
    },
  );
}
