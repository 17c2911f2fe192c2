import type { Digest } from '../../domain/digest.ts';
import type { Evidence } from '../../domain/gates/evidence.ts';
import type { Decision } from '../../domain/promotion/decision.ts';
import { decisionDigest } from '../../domain/promotion/judge.ts';
import { decideAgain, type RecordedDecision } from '../../domain/promotion/recorded-decisions.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Deps } from '../deps.ts';
import { evidenceByDigest } from '../evidence/named.ts';
import { type DecisionRef, readDecision } from './decision.ts';

export type Replay = {
  readonly seq: number;
  readonly recorded: Digest;
  readonly replayed: Digest;
  /** Whether the recorded inputs give the recorded decision, to the byte. */
  readonly same: boolean;
  readonly decision: Decision;
};

/** Makes a decision again from what was recorded when it was made. */
export async function replayDecision(
  deps: Pick<Deps, 'promotions' | 'evidence'>,
  ref: DecisionRef,
): Promise<Replay | Refusal> {
  const recorded = await readDecision(deps, ref);
  if (isRefusal(recorded)) return recorded;
  const decision = decideAgain(recorded, await evidenceOf(deps, ref, recorded));
  const replayed = decisionDigest(decision);
  return {
    seq: recorded.seq,
    recorded: recorded.decision_digest,
    replayed,
    same: replayed === recorded.decision_digest,
    decision,
  };
}

/** The reports that a decision names. */
export async function evidenceOf(
  deps: Pick<Deps, 'evidence'>,
  { tenant, id }: DecisionRef,
  { seal, decision }: Pick<RecordedDecision, 'seal' | 'decision'>,
): Promise<readonly Evidence[]> {
  const named = decision.gates.filter(({ evidence }) => evidence.length > 0);
  const gates = named.map(({ name }) => name);
  const digests = named.flatMap(({ evidence }) => evidence);
  return await evidenceByDigest(deps, { tenant, id, subject: seal.manifest.source.digest }, digests, gates);
}
