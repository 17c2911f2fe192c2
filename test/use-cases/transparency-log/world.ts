import { randomUUID } from 'node:crypto';
import { nextChange } from '../../../functions/domain/audit/change.ts';
import type { Principal } from '../../../functions/domain/identity/principal.ts';
import type { Stores } from '../../../functions/ports/stores.ts';
import { firstRecord } from '../../../functions/use-cases/engine/intent.ts';
import type { FeedDeps } from '../../../functions/use-cases/transparency-log/feed.ts';
import { promotionAfter } from '../../support/decider-specification.ts';
import { memoryLogObjects, memoryLogTree } from '../../support/memory/log.ts';
import { asks } from '../../support/promotion-facts.ts';
import { memoryStores } from '../../support/replayed-stores.ts';
import { testNoteSigner } from '../../support/signer.ts';

export const TENANT = 'acme';
export const READER: Principal = {
  tenant: TENANT,
  subject: 'admin',
  email: 'admin@acme.com',
  kind: 'person',
  groups: [],
  grants: [{ role: 'admin' }],
};

export type LogWorld = FeedDeps & Stores & { readonly logObjects: ReturnType<typeof memoryLogObjects> };

export function logWorld(): LogWorld {
  return {
    ...memoryStores(),
    logTree: memoryLogTree(),
    logObjects: memoryLogObjects(),
    noteSigner: testNoteSigner,
    clock: { now: () => '2026-11-22T09:00:00.000Z' },
  };
}

/** A promotion that was requested and approved: its events are committed, which tells the log. */
export async function requested(world: Stores, id: string = randomUUID()): Promise<string> {
  const { state, events } = promotionAfter({ ...asks.request(), id });
  const workflowRecord = firstRecord(state);
  const write = { write: 'promotion', state, workflowRecord, events, expected: 0 } as const;
  const result = await world.transactions.commit(state.tenant, [write]);
  if (!result.committed) throw new Error('not committed');
  return id;
}

/** A change of what governs the tenant, which tells the log in its own commit. */
export async function changed(world: Stores, reason: string): Promise<void> {
  const about = {
    at: '2026-11-22T09:00:00.000Z',
    actor: { subject: 'admin', email: 'admin@acme.com', kind: 'person' },
  } as const;
  const told = { action: 'lock', target: { type: 'environment', id: 'staging' }, reason } as const;
  const change = nextChange(await world.changes.newest(TENANT), told, about);
  const result = await world.transactions.commit(TENANT, [{ write: 'change', change }]);
  if (!result.committed) throw new Error('not committed');
}
