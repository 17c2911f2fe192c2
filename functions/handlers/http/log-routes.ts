import * as contract from '../../contract/transparency-log.ts';
import { base64Of } from '../../domain/digest.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { logOrigin, verifierKey } from '../../domain/transparency-log/checkpoint.ts';
import { type ProveDeps, proveConsistency, provePromotion } from '../../use-cases/transparency-log/prove.ts';
import { type Answer, ok, problemReply } from './reply.ts';
import { type Route, route } from './route.ts';

/** Proofs by the transparency log. */
export const logRoutes: readonly Route<ProveDeps>[] = [
  route(contract.provePromotion, async ({ principal, param, instance }, deps) => {
    const proof = await provePromotion(deps, principal, param('id'));
    if (typeof proof !== 'string') return later(proof, instance);
    return { status: 200, text: proof, headers: { 'content-type': 'application/json' } };
  }),
  route(contract.proveConsistency, async ({ principal, query, instance }, deps) => {
    const proof = await proveConsistency(deps, principal, query);
    if (isRefusal(proof)) return later(proof, instance);
    const verifier_key = verifierKey(logOrigin(principal.tenant), proof.public_key);
    return ok({ ...proof, path: proof.path.map(base64Of), verifier_key });
  }),
];

/** Seconds until the log is fed again. */
const NEXT = '60';

/** A refusal that a minute cures says so. */
const later = (refusal: Refusal, instance: string): Answer | Refusal =>
  refusal.refused === 'not_logged'
    ? problemReply(refusal.refused, refusal.detail, instance, {}, { 'retry-after': NEXT })
    : refusal;
