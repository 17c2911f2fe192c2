import { recordedChannel } from '../../domain/audit/recorded.ts';
import { Fault } from '../../domain/faults.ts';
import { SYSTEM } from '../../domain/identity/principal.ts';
import type { Channel } from '../../domain/notification/channel.ts';
import { recordChange } from '../audit/record-change.ts';
import type { Deps } from '../deps.ts';

/** Times that a channel which others change meanwhile is looked at again. */
const TRIES = 5;

/**
 * Disables a channel because its receiver asked for that, with its words, and records it among the tenant's changes. One that was changed meanwhile is disabled all the same,
 * unless it points elsewhere now or is gone. Throws `Unavailable` when others keep writing it.
 */
export async function disable(
  deps: Pick<Deps, 'catalog' | 'changes' | 'transactions' | 'clock'>,
  channel: Channel,
  reason: string,
): Promise<void> {
  const { tenant, id } = channel;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const stored = await deps.catalog.item(tenant, 'channel', id);
    if (stored?.status !== 'active' || addressOf(stored) !== addressOf(channel)) return;
    const item: Channel = {
      ...stored,
      status: 'disabled',
      disabled_reason: reason,
      updated_at: deps.clock.now(),
      version: stored.version + 1,
    };
    const entry = { type: 'channel', item } as const;
    const told = {
      action: 'update',
      target: { type: 'channel', id },
      reason,
      before: recordedChannel(stored),
      after: recordedChannel(item),
    } as const;
    const result = await deps.transactions.commit(tenant, [
      { write: 'catalog', entry, expected: stored.version },
      await recordChange(deps, tenant, SYSTEM, told),
    ]);
    if (result.committed) return;
  }
  throw new Fault('Unavailable', `channel ${id} is being written by others`);
}

/** Where a channel leads: another address has not asked for anything. */
function addressOf(channel: Channel): string {
  return channel.type === 'webhook' ? channel.url : '';
}
