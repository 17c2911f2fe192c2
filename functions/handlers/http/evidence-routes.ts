import * as contract from '../../contract/evidence.ts';
import type { Digest } from '../../domain/digest.ts';
import { evidenceDigest } from '../../domain/gates/judge-gate.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { ACTIONS, whereMay } from '../../domain/identity/roles.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { authorize } from '../../use-cases/access/authorize.ts';
import { readable } from '../../use-cases/access/readable.ts';
import { type CollectDeps, collectSignatures } from '../../use-cases/evidence/collect-signatures.ts';
import { evidenceOfPromotion, reportsOf } from '../../use-cases/evidence/of-promotion.ts';
import { type SubmitDeps, type Submitted, submitEvidence } from '../../use-cases/evidence/submit.ts';
import type { DrivingDeps } from '../wiring/wiring.ts';
import { attachReport } from './attach-report.ts';
import { evidenceView } from './evidence-view.ts';
import { type Answer, created, ok } from './reply.ts';
import { type Route, route } from './route.ts';

export type EvidenceDeps = DrivingDeps & SubmitDeps & CollectDeps;

/** Taking in and reading evidence, but for that of config promotions. */
export const evidenceRoutes: readonly Route<EvidenceDeps>[] = [
  route(contract.submitEvidence, async ({ principal, body, keeping }, deps) => {
    const refusal = await authorize(deps, principal, 'attach_evidence');
    if (refusal !== undefined) return refusal;
    const taken = await submitEvidence(deps, { principal, submission: body, ...keeping(taken201) });
    return isRefusal(taken) ? taken : taken201(taken);
  }),
  route(contract.collectSignatures, async ({ principal, body }, deps) => {
    const refusal = await authorize(deps, principal, 'attach_evidence');
    if (refusal !== undefined) return refusal;
    const { artifact, version, gate = 'signature', ...signer } = body;
    const asked = { principal, artifact, version: version.replace(/^v/, ''), gate, signer };
    const found = await collectSignatures(deps, asked);
    if (isRefusal(found)) return found;
    const items = found.taken.map(({ digest, evidence }) => evidenceView(digest, evidence));
    return { status: 201, body: { items, passed_over: [...found.passed_over] } };
  }),
  route(contract.listEvidence, async ({ principal, query }, deps) => {
    const refusal = await readsEverything(deps, principal);
    if (refusal !== undefined) return refusal;
    const gates = query.gate === undefined ? undefined : [query.gate];
    const found = await deps.evidence.about(principal.tenant, query.subject_digest, gates);
    return ok({ items: found.map((one) => evidenceView(evidenceDigest(one), one)), next_cursor: null });
  }),
  route(contract.getEvidenceDocument, async ({ principal, query: { digest, promotion_id } }, deps) => {
    const refusal =
      promotion_id === undefined
        ? await readsEverything(deps, principal)
        : await namedBy(deps, principal, promotion_id, digest);
    if (refusal !== undefined) return refusal;
    const document = await deps.evidence.document(principal.tenant, digest);
    if (document === undefined) return refuse('not_found', `there is no document ${digest}`);
    return ok({ document_digest: digest, document });
  }),
  route(contract.attachEvidence, async ({ principal, param, body, keeping }, deps) => {
    const taken = await attachReport(deps, principal, param('id'), { ...body, ...keeping(taken201) });
    return isRefusal(taken) ? taken : taken201(taken);
  }),
  route(contract.getEvidence, async ({ principal, param }, deps) => {
    const found = await evidenceOfPromotion(deps, principal, param('id'));
    if (isRefusal(found)) return found;
    const items = found.items.map(({ digest, evidence, attached_seq }) => ({
      ...evidenceView(digest, evidence),
      attached_seq,
    }));
    return ok({ items, next_cursor: null });
  }),
];

/** What is said of a digest belongs to no environment: a role in one of them does not open it. */
async function readsEverything(deps: EvidenceDeps, principal: Principal): Promise<Refusal | undefined> {
  const unread = await authorize(deps, principal, 'read');
  if (unread !== undefined || whereMay(principal, 'read') === 'all') return unread;
  const detail = 'this takes a reading role in the whole tenant: read the evidence of a promotion instead';
  return refuse('not_authorized', detail, { required: ACTIONS.read });
}

/** Whether a promotion that somebody may read has a report with this document. */
async function namedBy(
  deps: EvidenceDeps,
  principal: Principal,
  promotion_id: string,
  document: Digest,
): Promise<Refusal | undefined> {
  const state = await readable(deps, principal, promotion_id);
  if (isRefusal(state)) return state;
  const reports = await reportsOf(deps, state);
  if (reports.some(({ document_digest }) => document_digest === document)) return undefined;
  return refuse('not_found', `there is no document ${document}`);
}

const taken201 = ({ digest, evidence }: Submitted): Answer =>
  created(evidenceView(digest, evidence), `/api/v1/evidence?subject_digest=${evidence.subject_digest}`);
