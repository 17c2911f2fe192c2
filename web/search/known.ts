import { signal } from '@preact/signals';
import { getOverview } from '../../functions/contract/overview.ts';
import { PromotionView } from '../../functions/contract/promotion-view.ts';
import { ask, askFor } from '../api/client.ts';
import type { Problem } from '../api/problem.ts';
import { type Known, promotionIdIn } from './found.ts';

/** Milliseconds for which what was read is looked through without being read anew. */
const FRESH = 60_000;

const NOTHING: Known = { environments: [], subjects: [], promotions: [] };

/** What the search looks through, and since when it is known. */
const held = signal<{ readonly at: number; readonly value: Known }>({ at: 0, value: NOTHING });

/** What is known now. */
export const known = (): Known => held.value.value;

/** Keeps what a page has read for itself, so that the search need not ask for it. */
export function hold(value: Known): void {
  const { promotions } = held.peek().value;
  const ended = promotions.filter(
    ({ id }) => !value.promotions.some((one) => one.id === id) && asked.has(id),
  );
  held.value = { at: Date.now(), value: { ...value, promotions: [...value.promotions, ...ended] } };
}

/** Promotions that were asked for by their ids: those that ended are in no overview. */
const asked = new Set<string>();

/** Reads what a text may be about and is not known yet: everything once a minute at most, and a promotion by its id once. Answers why it could not. */
export async function learn(text: string, signal: AbortSignal): Promise<Problem | undefined> {
  const [everything, one] = await Promise.all([learnAll(signal), learnOne(promotionIdIn(text), signal)]);
  return everything ?? one;
}

async function learnAll(signal: AbortSignal): Promise<Problem | undefined> {
  if (Date.now() - held.peek().at < FRESH) return undefined;
  const found = await ask(getOverview, { signal });
  if (!found.ok) return found.problem;
  hold(found.value);
  return undefined;
}

async function learnOne(id: string | undefined, signal: AbortSignal): Promise<Problem | undefined> {
  if (id === undefined || held.peek().value.promotions.some((one) => one.id === id)) return undefined;
  const found = await askFor(PromotionView, 'GET', `/api/v1/promotions/${id}`, { signal });
  if (!found.ok) return found.problem.status === 404 ? undefined : found.problem;
  asked.add(id);
  const { at, value } = held.peek();
  held.value = { at, value: { ...value, promotions: [...value.promotions, found.value] } };
  return undefined;
}
