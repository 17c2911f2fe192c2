import {
  ALGORITHM,
  checkpointDigest,
  checkpointOf,
  promotionChain,
} from '../../../functions/domain/audit/checkpoint.ts';
import { exportLine } from '../../../functions/domain/audit/export-item.ts';
import type { PromotionEvent } from '../../../functions/domain/promotion/events.ts';
import { append } from '../../../functions/domain/promotion/history.ts';
import { decisionDigest } from '../../../functions/domain/promotion/judge.ts';
import { promotionAfter } from '../../support/decider-specification.ts';
import { asks, dev, NOON } from '../../support/promotion-facts.ts';
import { testSigner } from '../../support/signer.ts';

/** A promotion whose first decision claims to allow what nobody approved: chained, digested and signed as a true one. */
export async function forgedTenant(): Promise<readonly string[]> {
  const { events } = promotionAfter(asks.request());
  const forged = events.map(({ event }): PromotionEvent => {
    if (event.type !== 'PromotionAssessed') return event;
    const decision = { ...event.decision, outcome: 'allow', reason_codes: [] } as const;
    return { ...event, decision, decision_digest: decisionDigest(decision) };
  });
  const history = append(undefined, forged, { now: NOON, actor: dev });
  const chain = promotionChain('prom-1');
  const checkpoint = checkpointOf({ tenant: 'acme', as_of: NOON, key_id: testSigner.keyId() }, [
    { chain, length: history.state.seq, digest: history.state.chain },
  ]);
  const value = await testSigner.sign(checkpointDigest(checkpoint));
  return [
    exportLine({ checkpoint, signature: { algorithm: ALGORITHM, value } }),
    ...history.events.map((event) => exportLine({ chain, event })),
  ];
}
