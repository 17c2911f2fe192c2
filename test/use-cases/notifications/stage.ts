import { SYSTEM } from '../../../functions/domain/identity/principal.ts';
import type { Channel } from '../../../functions/domain/notification/channel.ts';
import type { Notice } from '../../../functions/domain/notification/notice.ts';
import type { Command } from '../../../functions/domain/promotion/commands.ts';
import type { Sent } from '../../../functions/ports/sender.ts';
import type { Stores } from '../../../functions/ports/stores.ts';
import { type DeliverDeps, deliver } from '../../../functions/use-cases/notifications/deliver.ts';
import { channel } from '../../ports/channel-samples.ts';
import { IDLE } from '../../ports/samples.ts';
import { by, promotionAfter, type Step } from '../../support/decider-specification.ts';
import { alice, asks, NOON } from '../../support/promotion-facts.ts';

/** What leads an approved promotion to its completion: seven events. */
export const WHOLE: readonly (Step | Command)[] = [
  by(alice, asks.approve()),
  asks.requestExecution(),
  by(SYSTEM, asks.startExecution()),
  by(SYSTEM, asks.complete()),
];
export const SEQS = [1, 2, 3, 4, 5, 6, 7];

export type Stage = ReturnType<typeof stageOf>;

/** A tenant with one webhook channel, a receiver that answers as `answer` says, and promotions that go as far as they are led. */
export function stageOf(stores: Stores, tenant: string, change: Parameters<typeof channel>[3] = {}) {
  const told: { readonly promotion: string; readonly seq: number; readonly id: string }[] = [];
  const world = {
    answer: async (_: Notice): Promise<Sent> => ({ outcome: 'delivered' }),
    now: NOON,
  };
  const sender = {
    async send(_: Channel, notice: Notice): Promise<Sent> {
      told.push({ promotion: notice.promotion.id, seq: notice.event.seq, id: notice.id });
      return world.answer(notice);
    },
    drift: async (): Promise<Sent> => ({ outcome: 'refused', reason: 'no drift is told here' }),
  };
  const deps: DeliverDeps = {
    ...stores,
    clock: { now: () => world.now },
    senders: { email: sender, webhook: sender, slack: sender },
  };
  const commit = async (...writes: Parameters<Stores['transactions']['commit']>[1]) => {
    const result = await stores.transactions.commit(tenant, writes);
    if (!result.committed) throw new Error(`lost: ${result.lost.join()}`);
  };
  return Object.assign(world, {
    deps,
    told,
    commit,
    /** The channel as it is told to be from now on; version 1 creates it. */
    write: (
      version: number,
      altered: Parameters<typeof channel>[3] = {},
      target?: Parameters<typeof channel>[2],
    ) =>
      commit({
        write: 'catalog',
        entry: {
          type: 'channel',
          item: channel(tenant, 'chan-1', target, { ...change, ...altered, version }),
        },
        expected: version - 1,
      }),
    /** Takes a promotion from after its `from`th event to where the steps lead. */
    async lead(id: string, steps: readonly (Step | Command)[], from = 0) {
      const { state, events } = promotionAfter(asks.request({ id, tenant }), ...steps);
      await commit({
        write: 'promotion',
        state,
        workflowRecord: IDLE,
        events: events.slice(from),
        expected: from,
      });
    },
    look: (promotion_id = 'prom-1', last = false, others: Partial<DeliverDeps> = {}) =>
      deliver({ ...deps, ...others }, { tenant, channel_id: 'chan-1', promotion_id }, { last }),
    seqs: (promotion = 'prom-1') => told.filter((one) => one.promotion === promotion).map(({ seq }) => seq),
    history: async () => (await stores.deliveries.history(tenant, 'chan-1', { limit: 100 })).items,
    position: (promotion_id = 'prom-1') =>
      stores.deliveries.position({ tenant, channel_id: 'chan-1', promotion_id }),
    channel: () => stores.catalog.item(tenant, 'channel', 'chan-1'),
  });
}
