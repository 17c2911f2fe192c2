import type { Digest } from '../../domain/digest.ts';
import type { Format, Unreadable } from '../../domain/evidence/report.ts';
import type { Evidence } from '../../domain/gates/evidence.ts';
import { evidenceDigest } from '../../domain/gates/judge-gate.ts';
import { givingWay } from '../../domain/gates/kept-reports.ts';
import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import { whereMay } from '../../domain/identity/roles.ts';
import { addDuration, CLOCK_AHEAD, earliest, toInstant } from '../../domain/instant.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Egress } from '../../ports/egress.ts';
import type { Signatures } from '../../ports/signatures.ts';
import type { StoredAnswer, Write } from '../../ports/transaction.ts';
import { hint } from '../engine/deployment-hints.ts';
import { commitOrUnknown } from '../engine/run-command.ts';
import { RACE_LOST, untilCommitted } from '../engine/until-committed.ts';
import { evidenceEvent } from './hint.ts';
import { type GivenDocument, readDocument } from './read-document.ts';
import { type TellDeps, tellWaiting } from './tell-waiting.ts';

export type SubmitDeps = TellDeps & { readonly egress: Egress; readonly signatures: Signatures };

/** A report as somebody brings it. */
export type Submission = {
  readonly gate: string;
  readonly format: Format;
  readonly subject_digest: Digest;
  /** When it was made; absent, now. Age counts from the earliest of this, the document's own word and its receipt. */
  readonly produced_at?: string;
  readonly document: GivenDocument;
};

export type Submitted = { readonly digest: Digest; readonly evidence: Evidence };

/**
 * Takes a report in: read, bound to what it is about, stored with its document, and then told to every promotion that waits for it,
 * to `attach_to`, and on the bus. Beyond `MOST_KEPT` of one producer the oldest gives way. Roles are the caller's to check. Refuses `invalid_request` for a document that is no report of its format, is
 * about something else or comes from the future, and `conflict` while the same Idempotency-Key is being answered.
 */
export async function submitEvidence(
  deps: SubmitDeps,
  input: {
    readonly principal: Principal;
    readonly submission: Submission;
    readonly attach_to?: string;
    /** It is brought to the verification of that promotion: it says what that one made of its target. */
    readonly verifies?: boolean;
    readonly answer?: (submitted: Submitted) => StoredAnswer;
  },
): Promise<Submitted | Refusal> {
  const { principal, submission, attach_to, verifies = false } = input;
  const { gate, format, subject_digest: subject } = submission;
  const read = await readDocument(deps, { format, subject, document: submission.document });
  if ('unreadable' in read) return wrong(read);
  const { reading, digest: document_digest, text } = read;
  const environments = whereMay(principal, 'attach_evidence');
  const submitted = await untilCommitted<Submitted | Refusal>(deps, async () => {
    const received_at = deps.clock.now();
    const made = [submission.produced_at, reading.produced_at].map((at) =>
      at === undefined ? received_at : toInstant(at),
    );
    const [given, own] = made;
    if (given === undefined || own === undefined) return badInstant('is not an RFC 3339 instant');
    const latest = addDuration(received_at, CLOCK_AHEAD);
    if (given > latest || own > latest) return badInstant('is in the future');
    const evidence: Evidence = {
      gate,
      format,
      subject_digest: subject,
      produced_at: earliest(given, own, received_at),
      received_at,
      producer: actorOf(principal),
      result: reading.result,
      document_digest,
      ...(environments === 'all' ? {} : { environments }),
      ...(verifies && attach_to !== undefined ? { promotion_id: attach_to } : {}),
    };
    const taken = { digest: evidenceDigest(evidence), evidence };
    const retires = givingWay(await deps.evidence.about(principal.tenant, subject, [gate]), evidence);
    const writes: Write[] = [
      {
        write: 'evidence',
        evidence,
        ...(text === undefined ? {} : { document: text }),
        ...(retires.length === 0 ? {} : { retires }),
      },
    ];
    if (input.answer !== undefined) writes.push({ write: 'answer', answer: input.answer(taken) });
    const result = await commitOrUnknown(deps, principal.tenant, writes);
    // Without an answer it may be stored already; the same report at a later moment is another item and says the same.
    if (result === 'unknown') return RACE_LOST;
    if (result.committed) return taken;
    if (result.lost.includes(1))
      return refuse('conflict', 'a request with this Idempotency-Key is in progress');
    // Stored already, to the byte: the same report of the same moment is one report.
    return result.lost.includes(0) ? taken : RACE_LOST;
  });
  if ('refused' in submitted) return submitted;
  const { tenant } = principal;
  await tellWaiting(
    deps,
    { tenant, subject },
    { ...submitted, ...(attach_to === undefined ? {} : { attach_to }) },
  );
  await hint(deps, evidenceEvent(tenant, submitted));
  return submitted;
}

function wrong({ unreadable, field }: Unreadable): Refusal {
  return refuse('invalid_request', unreadable, { errors: [{ field, problem: unreadable }] });
}

function badInstant(problem: string): Refusal {
  return refuse('invalid_request', `produced_at ${problem}`, { errors: [{ field: 'produced_at', problem }] });
}
