import { movesOf, type Occupancy } from '../../ports/head-store.ts';
import type { Write } from '../../ports/transaction.ts';

/** A write that breaks the rules of its own domain (a version that does not rise, events with a hole): a programming fault. */
export class ImpossibleWrite extends Error {
  override readonly name = 'ImpossibleWrite';
}

/** Items in one transaction: DynamoDB's limit. */
export const MAX_ITEMS = 100;

/** More events than any command yields; reading from the middle of a history relies on it to find the commit it lies in. */
export const MAX_EVENTS = 50;

/** A version must rise with every write, or two writers could both believe they won. */
export function assertRises(what: string, expected: number, version: number): void {
  if (!Number.isSafeInteger(expected) || expected < 0 || version <= expected) {
    throw new ImpossibleWrite(`${what} goes from version ${expected} to ${version}`);
  }
}

/** The events of a commit lead from the version the writer saw to the version of the state it writes. */
export function assertContiguous(
  tenant: string,
  { state, events, expected }: Extract<Write, { readonly write: 'promotion' }>,
): void {
  const numbered = events.every((event, index) => event.seq === expected + index + 1);
  const ends = state.seq === expected + events.length;
  assertOwn(tenant, state.tenant);
  if (!numbered || !ends || events.length > MAX_EVENTS || state.seq === 0) {
    throw new ImpossibleWrite(
      `promotion ${state.id}: ${events.length} events from ${expected} to ${state.seq}`,
    );
  }
}

/** The environments that a write writes or removes. */
export function environmentWritten(write: Write): readonly string[] {
  if (write.write === 'catalog' && write.entry.type === 'environment') return [write.entry.item.name];
  return write.write === 'catalog_delete' && write.type === 'environment' ? [write.id] : [];
}

/** How many slots of an environment a commit fills, and how far it moves its heads. */
export function countedBy(
  writes: readonly Write[],
  environment: string,
): Occupancy & { readonly moves: number } {
  const here = writes.filter(
    (write) => write.write === 'head' && write.head.slot.environment === environment,
  );
  const first = here.filter((write) => write.write === 'head' && write.expected === 0);
  const fills = here.filter(
    (write) => write.write === 'head' && (write.expected === 0 || write.fills === true),
  );
  const moves = here.map((write) => (write.write === 'head' ? movedBy(write) : 0));
  return { heads: first.length, fills: fills.length, moves: moves.reduce((sum, by) => sum + by, 0) };
}

function movedBy({ head, expected, claimed }: Extract<Write, { readonly write: 'head' }>): number {
  const { began = 0 } = head;
  return movesOf(head) - (claimed === true ? expected + 1 : expected) + began;
}

/** A commit writes for one tenant. */
export function assertOwn(tenant: string, named: string): void {
  if (named !== tenant) throw new ImpossibleWrite(`a commit of tenant ${tenant} writes for ${named}`);
}

/** A commit names each item once and at most `MAX_ITEMS` of them. */
export function assertDistinct(items: readonly string[]): void {
  if (items.length > MAX_ITEMS) throw new ImpossibleWrite(`${items.length} items in one transaction`);
  const twice = items.find((item, index) => items.indexOf(item) !== index);
  if (twice !== undefined) throw new ImpossibleWrite(`writes ${twice} twice in one transaction`);
}
