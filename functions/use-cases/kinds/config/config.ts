import { Fault } from '../../../domain/faults.ts';
import { slotIn } from '../../config/slot.ts';
import { hopSource } from '../hop-source.ts';
import type { PromotionKind } from '../kind.ts';
import { configAsked } from './asked.ts';

/**
 * Configs and flags from one environment to the next, or back. Nothing happens outside the table: the new tree's nodes are stored before
 * the commit that points the head at them, and nobody sees them until then.
 */
export const configKind: PromotionKind = {
  plan: async (...asked) => (await import('./plan.ts')).plan(...asked),
  sourceOf: hopSource,
  readAhead({ heads }, tenant, { source_environment }) {
    if (source_environment !== undefined) void heads.read(tenant, slotIn(source_environment));
  },
  reselected(asked, selection) {
    const request = configAsked(asked);
    return request.rollback === undefined ? { ...request, ...selection } : undefined;
  },
  people: async (...asked) => (await import('./people.ts')).peopleBehind(...asked),
  impact: async (...asked) => (await import('./impact.ts')).impactOf(...asked),
  back: async (...asked) => (await import('./back.ts')).backOf(...asked),
  slot: ({ target_environment }) => slotIn(target_environment),
  outside: async () => false,
  record: () => undefined,
  async apply() {
    throw new Fault('Corrupt', 'a config promotion has no effect outside the table');
  },
};
