import * as contract from '../../contract/evidence.ts';
import type { Digest } from '../../domain/digest.ts';
import { evidenceDigest } from '../../domain/gates/judge-gate.ts';
import type { Evidence } from '../../domain/promotion/commands.ts';
import { isClosed } from '../../domain/promotion/lifetime.ts';
import { decided } from '../../domain/promotion/refusals.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { authorize } from '../../use-cases/access/authorize.ts';
import { readable } from '../../use-cases/access/readable.ts';
import { type SubmitDeps, type Submitted, submitEvidence } from '../../use-cases/evidence/submit.ts';
import { readTimeline } from '../../use-cases/promotions/timeline.ts';
import type { DrivingDeps } from '../wiring/wiring.ts';
import { actorView } from './promotion-views.ts';
import { type Answer, created, ok } from './reply.ts';
import { type Route, route } from './route.ts';

export type EvidenceDeps = DrivingDeps & SubmitDeps;

/** Taking in and reading evidence. */
export const evidenceRoutes: readonly Route<EvidenceDeps>[] = [
  route(contract.submitEvidence, async ({ principal, body, keeping }, deps) => {
    const refusal = await authorize(deps, principal, 'attach_evidence');
    if (refusal !== undefined) return refusal;
    const taken = await submitEvidence(deps, { principal, submission: body, ...keeping(taken201) });
    return isRefusal(taken) ? taken : taken201(taken);
  }),
  route(contract.listEvidence, async ({ principal, query }, deps) => {
    const refusal = await authorize(deps, principal, 'read');
    if (refusal !== undefined) return refusal;
    const gates = query.gate === undefined ? undefined : [query.gate];
    const found = await deps.evidence.about(principal.tenant, query.subject_digest, gates);
    return ok({ items: found.map((one) => evidenceView(evidenceDigest(one), one)), next_cursor: null });
  }),
  route(contract.getEvidenceDocument, async ({ principal, query: { digest } }, deps) => {
    const refusal = await authorize(deps, principal, 'read');
    if (refusal !== undefined) return refusal;
    const document = await deps.evidence.document(principal.tenant, digest);
    if (document === undefined) return refuse('not_found', `there is no document ${digest}`);
    return ok({ document_digest: digest, document });
  }),
  route(contract.attachEvidence, async ({ principal, param, body, keeping }, deps) => {
    const state = await readable(deps, principal, param('id'));
    if (isRefusal(state)) return state;
    const refusal = await authorize(deps, principal, 'attach_evidence', state.target_environment);
    if (refusal !== undefined) return refusal;
    if (isClosed(state)) return decided(state, 'attach_evidence');
    const { digest } = state.seal.manifest.source;
    const { subject_digest = digest, ...report } = body;
    if (subject_digest !== digest) {
      return refuse('source_mismatch', `${state.id} promotes ${digest}`, { field: 'subject_digest' });
    }
    const submission = { ...report, subject_digest };
    const taken = await submitEvidence(deps, {
      principal,
      submission,
      attach_to: state.id,
      ...keeping(taken201),
    });
    return isRefusal(taken) ? taken : taken201(taken);
  }),
  route(contract.getEvidence, async ({ principal, param }, deps) => {
    const state = await readable(deps, principal, param('id'));
    if (isRefusal(state)) return state;
    const { tenant, id } = state;
    const events = await readTimeline(deps, { tenant, id });
    if (isRefusal(events)) return events;
    const attached = new Map(
      events.flatMap(({ seq, event }) =>
        event.type === 'EvidenceAttached' ? [[event.evidence, seq] as const] : [],
      ),
    );
    const [found, answers] = await Promise.all([
      deps.evidence.about(tenant, state.seal.manifest.source.digest),
      deps.evidence.answers(tenant, id),
    ]);
    const items = [...found, ...answers.map(({ evidence }) => evidence)].map((one) => {
      const digest = evidenceDigest(one);
      return { ...evidenceView(digest, one), attached_seq: attached.get(digest) ?? null };
    });
    return ok({ items, next_cursor: null });
  }),
];

const taken201 = ({ digest, evidence }: Submitted): Answer =>
  created(evidenceView(digest, evidence), `/api/v1/evidence?subject_digest=${evidence.subject_digest}`);

const evidenceView = (evidence: Digest, { producer, ...report }: Evidence) => ({
  evidence,
  ...report,
  producer: actorView(producer),
});
