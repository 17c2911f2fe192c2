import { type Digest, digest } from '../digest.ts';
import type { Evidence } from '../gates/evidence.ts';
import type { StoredEvent } from '../promotion/events.ts';
import { replay } from '../promotion/history.ts';
import { decisionDigest } from '../promotion/judge.ts';
import { countApprovals } from '../promotion/quorum.ts';
import { decideAgain, type RecordedDecision, recordedDecisions } from '../promotion/recorded-decisions.ts';
import type { BrokenLink } from './verify-chain.ts';

/** What became of a promotion's history; `id` is the promotion's, when the history can be followed at all. */
export type HistoryVerified = {
  readonly id?: string;
  readonly decisions: number;
  readonly problems: readonly BrokenLink[];
};

/**
 * Recomputes what a whole chain of events says: that they may follow one another, that each seal is the digest of its manifest and
 * policy, that each decision follows from its recorded inputs, and that each execution was allowed with the approvals on record. The chain
 * itself holds already.
 */
export function verifyHistory(
  events: readonly StoredEvent[],
  evidence: ReadonlyMap<Digest, Evidence>,
): HistoryVerified {
  try {
    const decisions = recordedDecisions(events);
    const executions = new Set(
      events.filter(({ event }) => event.type === 'ExecutionStarted').map(({ seq }) => seq),
    );
    const unsound = decisions.flatMap((recorded) => {
      const executed = executions.has(recorded.seq) ? wrongExecution(recorded) : undefined;
      const problem = wrongSeal(recorded) ?? wrongDecision(recorded, evidence) ?? executed;
      return problem === undefined ? [] : [{ position: recorded.seq, problem }];
    });
    const problems = [...unsound, ...foreignApprovals(events)].sort((a, b) => a.position - b.position);
    return { id: replay(events).id, decisions: decisions.length, problems };
  } catch (error) {
    // Whoever could write chains could write nonsense in them: it is named, never followed.
    const problem = error instanceof Error ? error.message : 'it cannot be followed';
    return {
      decisions: 0,
      problems: [{ position: 1, problem: `begins a history that is none: ${problem}` }],
    };
  }
}

/** The digests of evidence that decisions and events of a history name. */
export function evidenceNamed(events: readonly StoredEvent[]): readonly Digest[] {
  return events.flatMap(({ event }) => {
    if (event.type === 'EvidenceAttached') return [event.evidence];
    if (event.type !== 'PromotionAssessed' && event.type !== 'ExecutionStarted') return [];
    return event.decision?.gates?.flatMap((gate) => gate.evidence ?? []) ?? [];
  });
}

function wrongSeal({ seal }: RecordedDecision): string | undefined {
  const { policy_digest, ...policy } = seal.requirements;
  if (digest('sluice/policy/v1', policy) !== policy_digest)
    return 'names a policy digest that is not its policy';
  if (digest('sluice/manifest/v1', seal.manifest) === seal.manifest_digest) return undefined;
  return 'names a manifest digest that is not its manifest';
}

/** Nothing executes but by a decision that allows it, and with the approvals that its seal demands on record. */
function wrongExecution({ decision, seal, approvals }: RecordedDecision): string | undefined {
  if (decision.outcome !== 'allow') return 'executes by a decision that does not allow it';
  const { complete, granted, required } = countApprovals(seal.requirements, approvals, seal.manifest_digest);
  return complete
    ? undefined
    : `executes with ${granted.length} of ${required} approvals on record, or without a group's`;
}

/** An approval is recorded by the one who gives it. */
function foreignApprovals(events: readonly StoredEvent[]): readonly BrokenLink[] {
  return events.flatMap(({ seq, actor, event }) =>
    event.type === 'ApprovalGranted' && event.approval.actor.subject !== actor.subject
      ? [
          {
            position: seq,
            problem: `records an approval of ${event.approval.actor.subject} by ${actor.subject}`,
          },
        ]
      : [],
  );
}

function wrongDecision(
  recorded: RecordedDecision,
  evidence: ReadonlyMap<Digest, Evidence>,
): string | undefined {
  const { decision, decision_digest } = recorded;
  if (decisionDigest(decision) !== decision_digest) return 'names a digest that is not its decision';
  const used = decision.gates.flatMap((gate) => gate.evidence);
  const found = used.map((one) => evidence.get(one)).filter((one) => one !== undefined);
  if (found.length < used.length) return undefined;
  const again = decisionDigest(decideAgain(recorded, found));
  return again === decision_digest ? undefined : 'does not follow from what it was decided on';
}
