import { Fault } from '../../domain/faults.ts';
import type { StoredPromotion } from '../../ports/promotion-store.ts';
import type { Work } from '../../ports/transaction.ts';
import { decodeBody } from './body.ts';
import { type Item, integer, optionalText, where } from './item.ts';
import { dueOf } from './keys.ts';
import { promotionState } from './schemas/promotion.ts';

/** A promotion as its item says it; impossible content is the fault `Corrupt`. */
export function storedPromotion(found: Item): StoredPromotion {
  const state = decodeBody(found, promotionState);
  if (state.seq !== integer(found, 'ver')) {
    throw new Fault('Corrupt', `${where(found)} says ${state.seq} and its version ${integer(found, 'ver')}`);
  }
  const due = optionalText(found, 'GSI3SK');
  return {
    state,
    workflowRecord: {
      work: workOf(found),
      ...(due === undefined ? {} : { due_at: dueOf(due) }),
      attempt: integer(found, 'attempt'),
      published: integer(found, 'pub'),
    },
  };
}

const WORK = new Map<string, Work>([
  ['start', 'start'],
  ['wake', 'wake'],
  ['publish', 'publish'],
  ['schedule', 'schedule'],
]);

function workOf(found: Item): Work[] {
  const names = optionalText(found, 'todo')?.split(' ') ?? [];
  return names.map((name) => {
    const work = WORK.get(name);
    if (work === undefined) throw new Fault('Corrupt', `${where(found)} is to do what nobody knows`);
    return work;
  });
}
