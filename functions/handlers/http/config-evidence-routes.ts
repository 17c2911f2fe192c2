import { camelNames } from '../../contract/camel.ts';
import * as contract from '../../contract/config-evidence.ts';
import type { Digest } from '../../domain/digest.ts';
import type { Evidence } from '../../domain/gates/evidence.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { evidenceOfPromotion } from '../../use-cases/evidence/of-promotion.ts';
import type { SubmitDeps, Submitted } from '../../use-cases/evidence/submit.ts';
import type { DrivingDeps } from '../wiring/wiring.ts';
import { attachReport } from './attach-report.ts';
import { evidenceView } from './evidence-view.ts';
import { type Answer, created, ok } from './reply.ts';
import { type Route, route } from './route.ts';

/** The evidence of config promotions, in camelCase. */
export const configEvidenceRoutes: readonly Route<DrivingDeps & SubmitDeps>[] = [
  route(contract.getConfigEvidence, async ({ principal, param }, deps) => {
    const found = await evidenceOfPromotion(deps, principal, param('id'));
    if (isRefusal(found)) return found;
    const items = found.items.map(({ digest, evidence, attached_seq }) => ({
      ...reportView(digest, evidence),
      attachedSeq: attached_seq,
    }));
    return ok({ items, nextCursor: null });
  }),
  route(contract.attachConfigEvidence, async ({ principal, param, body, keeping }, deps) => {
    const id = param('id');
    const taken201 = ({ digest, evidence }: Submitted): Answer =>
      created(reportView(digest, evidence), `/api/v1/config/promotions/${id}/evidence`);
    const { producedAt, subjectDigest, ...report } = body;
    const taken = await attachReport(deps, principal, id, {
      ...report,
      ...(producedAt === undefined ? {} : { produced_at: producedAt }),
      ...(subjectDigest === undefined ? {} : { subject_digest: subjectDigest }),
      ...keeping(taken201),
    });
    return isRefusal(taken) ? taken : taken201(taken);
  }),
];

function reportView(digest: Digest, evidence: Evidence) {
  const { result, ...view } = evidenceView(digest, evidence);
  return { ...camelNames(view), result };
}
