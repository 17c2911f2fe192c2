import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ConfigPromotionView } from '../../functions/contract/config-promotion-view.ts';
import { LONGEST_WAIT } from '../../functions/contract/promotion-verbs.ts';
import { askFor, PAUSE } from '../api/client.ts';
import type { Outcome, Problem } from '../api/problem.ts';

export type Promotion = ConfigPromotionView;

/** An answer that comes sooner did not wait. */
const AT_ONCE = 500;

/** One promotion of any kind: both APIs know all of them. */
export const promotionPath = (id: string): string => `/api/v1/config/promotions/${encodeURIComponent(id)}`;

/** A promotion as it moves. */
export type Live = {
  readonly promotion: Promotion | undefined;
  readonly problem: Problem | undefined;
  /** Takes over what an action answered: newer than what the page knew. */
  readonly take: (promotion: Promotion) => void;
};

/** Follows a promotion for as long as the page shows it: the server answers when it has moved, or after 20 s. */
export function useLive(id: string): Live {
  const state = useSignal<{ readonly promotion?: Promotion; readonly problem?: Problem }>({});
  const take = (promotion: Promotion) => {
    const known = state.peek().promotion;
    if (known?.id === promotion.id && known.version > promotion.version) return;
    state.value = { promotion };
  };
  useEffect(() => {
    const abort = new AbortController();
    const follow = async (): Promise<void> => {
      while (!abort.signal.aborted) {
        const { promotion } = state.peek();
        const began = Date.now();
        const outcome = document.hidden ? undefined : await read(id, promotion, abort.signal);
        if (abort.signal.aborted) return;
        if (outcome?.ok) take(outcome.value);
        else if (outcome !== undefined) state.value = { ...state.peek(), problem: outcome.problem };
        if (outcome?.ok === false && outcome.problem.status === 404) return;
        if (!outcome?.ok || Date.now() - began < AT_ONCE) await pause(abort.signal);
      }
    };
    follow().catch((error: unknown) => {
      if (!abort.signal.aborted) throw error;
    });
    return () => abort.abort();
  }, [id]);
  return { promotion: state.value.promotion, problem: state.value.problem, take };
}

function read(id: string, known: Promotion | undefined, signal: AbortSignal): Promise<Outcome<Promotion>> {
  const query = known === undefined ? {} : { wait: LONGEST_WAIT, version: known.version };
  return askFor(ConfigPromotionView, 'GET', promotionPath(id), { query, signal });
}

const pause = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, PAUSE);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
