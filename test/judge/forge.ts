import { eventIn, eventsIn, type Item } from './record.ts';

export const AT = '2026-11-21T09:00:00.000Z';
export const admin = { subject: 'admin', email: 'admin@acme.com', kind: 'person' };
export const second = { subject: 'root', email: 'root@acme.com', kind: 'person' };

/** A change as it would have been recorded, below the guard of the execution unless it says another. */
export function change(items: Item[], type: string, id: string, values: object, more: object = {}): void {
  const seq = 1 + Math.max(...items.map((item) => item.change?.seq ?? 0));
  const made = {
    v: 2,
    seq,
    at: AT,
    actor: admin,
    action: 'update',
    target: { type, id },
    guards: { production: 1 },
  };
  items.push({
    chain: 'changes',
    change: { ...made, before: null, after: null, prev: null, values, ...more },
  });
}

export const environment = (items: readonly Item[], name = 'production') =>
  items[
    items.findIndex((item) => item.change?.target.type === 'tenant')
  ].change.values.after.environments.find((one: Item) => one.name === name);
export const member = (items: readonly Item[], subject: string) =>
  items
    .find((item) => item.change?.target.type === 'tenant')
    .change.values.after.members.find((one: Item) => one.subject === subject);
export const POLICY = {
  ...{
    id: 'pol-1',
    name: 'two',
    environments: ['production'],
    required_approvers: 2,
    groups: [],
    expires_after: 'P7D',
  },
  ...{ require_comment: false, separation_of_duties: { requester: true } },
};
/** Everything that the execution reads happened one guard later. */
export function later(items: Item[]): void {
  eventIn(items, 'ExecutionStarted').guard = 2;
}
/** A rollback of before that took revision 2 away, and the promotion as a rollback to it. */
export function forward(items: Item[]): void {
  const asked = (promotion_type: string, id: string, revision: number) => {
    const { event } = eventsIn(items)[0];
    return {
      ...event,
      promotion_type,
      id,
      request: { ...event.request, rollback: { mode: 'restore', revision } },
    };
  };
  const at = '2026-11-20T09:00:00.000Z';
  const older = eventsIn(items).map((stored: Item) => {
    const { event } = stored;
    if (event.type === 'PromotionRequested')
      return { ...stored, at, event: asked('rollback', 'prom-0000', 1) };
    return { ...stored, at, event: event.type === 'PromotionCompleted' ? { ...event, revision: 3 } : event };
  });
  eventsIn(items)[0].event = asked('rollback', 'prom-0001', 2);
  items.push(...older.map((event: Item) => ({ chain: 'promotion/prom-0000', event })));
}

/** What is done to a legitimate record, by the row that finds it. */
export type Forged = readonly (readonly [string, RegExp, (items: Item[]) => void])[];
