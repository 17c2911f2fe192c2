import type { ConditionFacts } from '../conditions/condition.ts';
import { type Digest, digest } from '../digest.ts';
import type { Evidence } from '../gates/evidence.ts';
import type { GateResult, GateSetting } from '../gates/gate.ts';
import { judgeGate } from '../gates/judge-gate.ts';
import { waitsForProvider } from '../gates/provider.ts';
import type { RuleDecided } from '../policy/rule-applied.ts';
import type { Decision } from './decision.ts';
import { countApprovals, type Quorum } from './quorum.ts';
import type { Approval, Seal } from './state.ts';

/** All that a decision depends on. Stored, they give the same decision again, to the byte. */
export type JudgeInputs = {
  readonly promotion_id: string;
  readonly seal: Seal;
  readonly evidence: readonly Evidence[];
  readonly conditions: ConditionFacts;
  readonly approvals: readonly Approval[];
  readonly as_of: string;
  readonly rule?: RuleDecided;
};

/**
 * Judges a sealed promotion: every gate, then the approvals. `deny` when a gate in block mode did not pass, else `pending` while
 * approvals are missing, else `allow`. The order of evidence, approvals and members never matters.
 */
export function judge(inputs: JudgeInputs): Decision {
  const { promotion_id, seal, approvals, as_of, rule } = inputs;
  const { manifest_digest, requirements } = seal;
  const gates = judgeGates(inputs);
  const quorum = countApprovals(requirements, approvals.toSorted(byTime), manifest_digest);
  return {
    promotion_id,
    manifest_digest,
    policy_digest: requirements.policy_digest,
    as_of,
    outcome: outcomeOf(gates, quorum),
    reason_codes: reasonCodes(gates, quorum, seal),
    gates,
    approvals: {
      required: quorum.required,
      groups: quorum.groups,
      granted: quorum.granted.map(({ actor }) => actor.subject).sort(),
    },
    ...(rule === undefined ? {} : { rule }),
  };
}

/** The digest of a decision: what replaying it must give again. */
export function decisionDigest(decision: Decision): Digest {
  return digest('sluice/decision/v1', decision);
}

/** The gates that keep a promotion from going on, in their order. */
export function failingGates(decision: Pick<Decision, 'gates'>): readonly GateResult[] {
  return decision.gates.filter(
    (gate) => waitsForProvider(gate) || (gate.required && gate.status !== 'PASSED'),
  );
}

function judgeGates({ promotion_id, seal, evidence, conditions, as_of }: JudgeInputs): readonly GateResult[] {
  const { manifest, manifest_digest, plan, requirements } = seal;
  const { environment, recorded } = plan.source;
  const facts = {
    kind: manifest.subject.kind,
    type: manifest.type,
    protected: requirements.protected,
    target: manifest.target.environment,
    subject_digest: manifest.source.digest,
    asked_about: { promotion_id, manifest_digest },
    evidence,
    // Ours last: nothing that was reported may say where the source comes from.
    conditions: { ...conditions, source: { environment, recorded } },
    as_of,
  };
  return inFixedOrder(requirements.gates).map((gate) => judgeGate(gate, facts));
}

/** Policy compliance first, then the environment's own order; one name twice stands together. */
function inFixedOrder(gates: readonly GateSetting[]): readonly GateSetting[] {
  const place = ({ name }: GateSetting) =>
    name === 'policy_compliance' ? -1 : gates.findIndex((gate) => gate.name === name);
  return gates.toSorted((a, b) => place(a) - place(b));
}

function outcomeOf(gates: readonly GateResult[], quorum: Quorum): Decision['outcome'] {
  if (failingGates({ gates }).length > 0) return 'deny';
  return quorum.complete ? 'allow' : 'pending';
}

function reasonCodes(gates: readonly GateResult[], quorum: Quorum, seal: Seal): readonly string[] {
  const codes = gates
    .filter(({ status }) => status !== 'PASSED' && status !== 'SKIPPED')
    .map(({ reason_code }) => reason_code);
  if (!quorum.complete) codes.push('approval_required');
  if (seal.plan.source.recorded) codes.push('recorded_source');
  return [...new Set(codes)].sort();
}

function byTime(a: Approval, b: Approval): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  if (a.actor.subject !== b.actor.subject) return a.actor.subject < b.actor.subject ? -1 : 1;
  return 0;
}
