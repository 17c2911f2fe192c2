import { EVERYWHERE } from '../../domain/freeze/freeze.ts';
import { isClosed } from '../../domain/promotion/lifetime.ts';
import type { Stopped, UnblockRecord } from '../../ports/unblock-records.ts';
import type { Deps } from '../deps.ts';
import { everyItem } from '../every-item.ts';

export type TellStoppedDeps = Pick<
  Deps,
  'unblockRecords' | 'promotions' | 'workflowRecords' | 'catalog' | 'clock'
>;

/**
 * What was stopped where something was lifted is due now: the sweep judges it again, and what is still stopped waits anew. Repeated
 * from the start when it broke off: whoever has heard is off the list. One that cannot be told stops no other; the first such fault is
 * thrown at the end. `end`: no other is begun then; answers whether all have heard.
 */
export async function tellStopped(
  deps: TellStoppedDeps,
  opening: UnblockRecord,
  end: string,
): Promise<boolean> {
  const { tenant, environment } = opening;
  const names =
    environment === EVERYWHERE
      ? (await deps.catalog.all(tenant, 'environment')).map(({ name }) => name)
      : [environment];
  const faults: unknown[] = [];
  for (const name of names) {
    for await (const stopped of everyItem((page) => deps.unblockRecords.stopped(tenant, name, page))) {
      if (deps.clock.now() >= end) return false;
      await makeDue(deps, tenant, name, stopped).catch((error: unknown) => faults.push(error));
    }
  }
  if (faults.length > 0) throw faults[0];
  await deps.unblockRecords.clearWork(opening);
  return true;
}

/** Due first, off the list last: one that moves on meanwhile is read again, and one that is stopped again stays on it. */
async function makeDue(
  deps: TellStoppedDeps,
  tenant: string,
  environment: string,
  stopped: Stopped,
): Promise<void> {
  const ref = { tenant, id: stopped.id };
  for (let told = false; !told; ) {
    const stored = await deps.promotions.read(tenant, stopped.id);
    told =
      stored === undefined ||
      isClosed(stored.state) ||
      (await deps.workflowRecords.postpone(ref, stored.state.seq, deps.clock.now()));
  }
  await deps.unblockRecords.leave(tenant, environment, stopped);
}
