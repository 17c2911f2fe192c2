import {
  ALGORITHM,
  type ChainHead,
  checkpointDigest,
  checkpointOf,
} from '../../../functions/domain/audit/checkpoint.ts';
import { exportLine } from '../../../functions/domain/audit/export-item.ts';
import type { Actor } from '../../../functions/domain/identity/principal.ts';
import type { PromotionEvent, StoredEvent } from '../../../functions/domain/promotion/events.ts';
import { promotionChain } from '../../../functions/domain/promotion/evolve.ts';
import { append } from '../../../functions/domain/promotion/history.ts';
import { decisionDigest } from '../../../functions/domain/promotion/judge.ts';
import { decideAgain, recordedDecisions } from '../../../functions/domain/promotion/recorded-decisions.ts';
import { promotionAfter } from '../../support/decider-specification.ts';
import { asks, dev, NOON } from '../../support/promotion-facts.ts';
import { PLACES } from '../../support/promotions.ts';
import { testSigner } from '../../support/signer.ts';

/** Events of a promotion that were made up, chained, digested and signed as true ones. */
export async function signedHistory(
  forged: readonly (PromotionEvent | { readonly event: PromotionEvent; readonly actor: Actor })[],
  chain = promotionChain('prom-1'),
): Promise<readonly string[]> {
  const given = forged.map((each) => ('event' in each ? each : { event: each, actor: dev }));
  // The first two are always stored together.
  const commits = [given.slice(0, 2), ...given.slice(2).map((each) => [each])];
  let history: ReturnType<typeof append> | undefined;
  const events: StoredEvent[] = [];
  for (const commit of commits) {
    const actor = commit[0]?.actor ?? dev;
    const made = commit.map(({ event }) => event);
    history = append(history?.state, made, { now: NOON, actor });
    events.push(...history.events);
  }
  if (history === undefined) throw new Error('no events');
  const head = { chain, length: history.state.seq, digest: history.state.chain };
  return [await signedHeads([head]), ...events.map((event) => exportLine({ chain, event }))];
}

/** A checkpoint of these heads, signed with the key of the tests. */
export async function signedHeads(heads: readonly ChainHead[]): Promise<string> {
  const checkpoint = checkpointOf({ tenant: 'acme', as_of: NOON, key_id: testSigner.keyId() }, heads);
  const value = await testSigner.sign(checkpointDigest(checkpoint));
  return exportLine({ checkpoint, signature: { algorithm: ALGORITHM, value } });
}

/** A promotion whose first decision claims to allow what nobody approved. */
export async function forgedTenant(): Promise<readonly string[]> {
  const { events } = promotionAfter(asks.request());
  return signedHistory(
    events.map(({ event }): PromotionEvent => {
      if (event.type !== 'PromotionAssessed') return event;
      const decision = { ...event.decision, outcome: 'allow', reason_codes: [] } as const;
      return { ...event, decision, decision_digest: decisionDigest(decision) };
    }),
  );
}

/** A promotion that executed, its events changed; each decision is then made again from what is left, so that all digests agree. */
export async function forgedExecution(
  forge: (
    events: readonly StoredEvent[],
  ) => readonly { readonly event: PromotionEvent; readonly actor: Actor }[],
): Promise<readonly string[]> {
  const forged = forge(promotionAfter(...PLACES.completed).events);
  const stored = forged.map(({ event, actor }, at) => ({
    v: 1,
    seq: at + 1,
    at: NOON,
    actor,
    prev: null,
    event,
  }));
  const again = new Map(recordedDecisions(stored).map((recorded) => [recorded.seq, decideAgain(recorded)]));
  return signedHistory(
    forged.map(({ event, actor }, at) => {
      const decision = again.get(at + 1);
      if (decision === undefined || !('decision' in event)) return { event, actor };
      return { event: { ...event, decision, decision_digest: decisionDigest(decision) }, actor };
    }),
  );
}
