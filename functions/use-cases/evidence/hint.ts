import type { Digest } from '../../domain/digest.ts';
import type { Evidence } from '../../domain/gates/evidence.ts';
import { type CloudEvent, cloudEvent } from '../../domain/notification/cloud-event.ts';

/** Our own: a report about a digest arrived. */
export const EVIDENCE_RECEIVED = 'dev.cdeventsx.sluice-evidence.received.0.1.0';

/** The event that says so; the same report is told under the same id. */
export function evidenceEvent(
  tenant: string,
  { digest, evidence }: { readonly digest: Digest; readonly evidence: Evidence },
): CloudEvent {
  const { subject_digest, gate, format, received_at } = evidence;
  return cloudEvent({
    tenant,
    id: digest,
    type: EVIDENCE_RECEIVED,
    at: received_at,
    subject: digest,
    content: { gate, format },
    custom: { subject_digest, gate },
  });
}
