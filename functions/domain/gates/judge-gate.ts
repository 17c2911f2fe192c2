import type { ConditionFacts } from '../conditions/condition.ts';
import { evaluate } from '../conditions/evaluate.ts';
import { type Digest, digest } from '../digest.ts';
import { addDuration, isBefore, isDuration } from '../instant.ts';
import type { PromotionType } from '../promotion-type.ts';
import type { Kind } from '../subject.ts';
import { leavesOpen } from './doubt.ts';
import type { Evidence } from './evidence.ts';
import type { CertificateSigner, GateResult, GateSetting, GateStatus } from './gate.ts';
import {
  ANSWER_TOO_OLD,
  type AskedAbout,
  judgesByProvider,
  NO_PROVIDER,
  NOT_ASKED,
  waitsForProvider,
  wordOf,
} from './provider.ts';
import { SOAKING } from './soak.ts';

/**
 * What a gate is judged on. `subject_digest` is what would be promoted, `asked_about` what a provider must have been asked about,
 * `conditions` what is known beside evidence.
 */
export type GateFacts = {
  readonly kind: Kind;
  readonly type: PromotionType;
  readonly protected: boolean;
  /** The environment that the promotion goes to. */
  readonly target: string;
  readonly subject_digest: Digest;
  readonly asked_about: AskedAbout;
  readonly evidence: readonly Evidence[];
  readonly conditions: ConditionFacts;
  readonly as_of: string;
};

/** The gates of a rollback: stale test evidence must not keep a broken release alive. */
export const OF_A_ROLLBACK = ['policy_compliance', 'signature'];

/** Whether a gate judges a promotion by reports that anybody brings. */
export function judgesEvidence(gate: GateSetting, { kind, type }: Pick<GateFacts, 'kind' | 'type'>): boolean {
  const { name, applies_to } = gate;
  if (type === 'rollback' && !OF_A_ROLLBACK.includes(name)) return false;
  if (name === 'policy_compliance' || name === 'soak' || judgesByProvider(gate)) return false;
  return applies_to.includes(kind);
}

/** The digest by which gates and chains name a report. */
export function evidenceDigest(evidence: Evidence): Digest {
  return digest('sluice/evidence/v1', evidence);
}

/**
 * Judges one gate. In `block` mode only PASSED counts, so all that is unknown, missing, malformed, foreign, stale or untrusted fails
 * closed; in `warn` mode the same becomes WARNING with its reason, but for a provider that is still to be asked: that is PENDING in
 * either mode. `evidence` names the one report the answer depends on, so judging again on that report alone gives the same answer.
 */
export function judgeGate(gate: GateSetting, facts: GateFacts): GateResult {
  const { name, mode } = gate;
  const skipped = skipReason(gate, facts);
  if (skipped !== undefined) {
    return { name, required: false, mode, status: 'SKIPPED', reason_code: skipped, evidence: [] };
  }
  const { status, reason_code, evidence } = ask(gate, facts);
  const named = evidence === undefined ? [] : [evidenceDigest(evidence)];
  const result: GateResult = {
    name,
    required: mode === 'block',
    mode,
    status,
    reason_code,
    evidence: named,
  };
  const advises = mode === 'warn' && status !== 'PASSED' && !waitsForProvider(result);
  return advises ? { ...result, status: 'WARNING' } : result;
}

/** What a gate says, and the report that it says it on. */
export type Answer = {
  readonly status: GateStatus;
  readonly reason_code: string;
  readonly evidence?: Evidence;
};

function skipReason(gate: GateSetting, { kind, type }: GateFacts): string | undefined {
  if (type === 'rollback' && !OF_A_ROLLBACK.includes(gate.name)) return 'not_for_rollbacks';
  return gate.name === 'policy_compliance' || gate.applies_to.includes(kind) ? undefined : 'not_applicable';
}

function ask(gate: GateSetting, facts: GateFacts): Answer {
  if (gate.name === 'policy_compliance') return policyCompliance(gate, facts);
  if (gate.name === 'soak') return soak(gate, facts);
  if (judgesByProvider(gate)) return byProvider(gate, facts);
  // What a promotion made of one environment admits nothing to another.
  const evidence = facts.evidence.filter(({ promotion_id }) => promotion_id === undefined);
  return judgeReports(gate, { ...facts, evidence });
}

/** The requirements themselves are the policy; thresholds on this gate refuse what they do not tolerate (`source.recorded`). */
function policyCompliance(gate: GateSetting, { conditions }: GateFacts): Answer {
  if (gate.thresholds === undefined || evaluate(gate.thresholds, conditions).met) {
    return { status: 'PASSED', reason_code: 'ok' };
  }
  return { status: 'FAILED', reason_code: 'policy_not_met' };
}

/** Time in the source environment, from facts: what is not met yet may be met later, what is unknown is an error. */
function soak(gate: GateSetting, { conditions }: GateFacts): Answer {
  if (gate.thresholds === undefined) return { status: 'ERROR', reason_code: 'no_thresholds' };
  const { met, problem } = evaluate(gate.thresholds, conditions);
  if (met) return { status: 'PASSED', reason_code: 'ok' };
  return problem === undefined
    ? { status: 'PENDING', reason_code: SOAKING }
    : { status: 'ERROR', reason_code: 'soak_unknown' };
}

/** The last word about this very manifest decides, and what it reports must meet the thresholds. */
function byProvider(gate: GateSetting, { evidence, asked_about, as_of }: GateFacts): Answer {
  if (gate.provider === undefined) return { status: 'ERROR', reason_code: NO_PROVIDER };
  const answers = evidence.filter((each) => each.gate === gate.name && isAbout(each, asked_about));
  const [answer] = answers.sort(latestFirst);
  const word = answer === undefined ? undefined : wordOf(answer);
  if (answer === undefined || word === undefined) return { status: 'PENDING', reason_code: NOT_ASKED };
  const named = { evidence: answer };
  const { status, reason_code } = word;
  if (status === 'PENDING') return { status, reason_code, ...named };
  const age = ageOf(answer, gate, as_of);
  if (age === 'unreadable') return { status: 'ERROR', reason_code: 'max_age_unreadable', ...named };
  if (age === 'too old') return { status: 'PENDING', reason_code: ANSWER_TOO_OLD, ...named };
  const met = gate.thresholds === undefined || evaluate(gate.thresholds, answer.result).met;
  if (status === 'PASSED' && !met) return { status: 'FAILED', reason_code: 'thresholds_not_met', ...named };
  return { status, reason_code, ...named };
}

function isAbout(evidence: Evidence, { promotion_id, manifest_digest }: AskedAbout): boolean {
  const word = wordOf(evidence);
  return word?.promotion_id === promotion_id && word.manifest_digest === manifest_digest;
}

/** What reports are judged on. */
export type ReportFacts = Pick<GateFacts, 'evidence' | 'subject_digest' | 'protected' | 'target' | 'as_of'>;

/** The latest usable report decides; where none is usable, the latest of the others says why. */
export function judgeReports(gate: GateSetting, facts: ReportFacts): Answer {
  const reports = facts.evidence
    .filter((evidence) => evidence.gate === gate.name)
    .map((evidence) => ({ evidence, unusable: unusable(evidence, gate, facts) }))
    .sort((a, b) => latestFirst(a.evidence, b.evidence));
  const report = reports.find((candidate) => candidate.unusable === undefined) ?? reports[0];
  if (report === undefined) return { status: 'FAILED', reason_code: 'evidence_missing' };
  const { evidence } = report;
  if (report.unusable !== undefined) return { status: 'FAILED', reason_code: report.unusable, evidence };
  return { ...judgeReport(gate, evidence, facts.as_of), evidence };
}

/** Why a report may not be relied on, whatever it says. A stale one may: it is the latest word, and an old one. */
function unusable(evidence: Evidence, gate: GateSetting, facts: ReportFacts): string | undefined {
  if (evidence.subject_digest !== facts.subject_digest) return 'evidence_about_another_digest';
  if (gate.format !== undefined && evidence.format !== gate.format) return 'evidence_of_another_format';
  if (gate.name === 'signature' && !(evidence.format === 'cosign' && isVerified(evidence))) {
    return 'signature_not_verified';
  }
  if (!isTrusted(evidence, gate, facts)) return 'evidence_untrusted';
  const { produced_at, received_at } = evidence;
  const future = isBefore(facts.as_of, produced_at) || isBefore(facts.as_of, received_at);
  return future ? 'evidence_from_the_future' : undefined;
}

/** Whether its producer could attach it to what goes to an environment. */
export function countsIn({ environments }: Evidence, target: string): boolean {
  return environments === undefined || environments.includes(target);
}

/** Only the verifier writes this word into results of these formats: whoever says so in another one is not believed. */
function isVerified({ format, result }: Evidence): boolean {
  return (format === 'cosign' || format === 'in-toto') && result['verified'] === true;
}

/**
 * A protected target trusts named producers only; elsewhere a gate that names none trusts whoever may attach evidence there. Named is who
 * brought it, or who signed it where the signature was verified: a key (`key:sha256:…`), or the holder of a certificate.
 */
function isTrusted(evidence: Evidence, { producers, signers }: GateSetting, facts: ReportFacts): boolean {
  if (producers === undefined && signers === undefined)
    return !facts.protected && countsIn(evidence, facts.target);
  if (producers?.includes(evidence.producer.subject)) return true;
  if (!isVerified(evidence)) return false;
  const { signer } = evidence.result;
  if (typeof signer === 'string' && producers?.includes(signer)) return true;
  return signers?.some((named) => isSigner(named, evidence.result)) ?? false;
}

/** Whether a verified certificate is that of a named signer. */
export function isSigner(
  named: CertificateSigner,
  { identity, issuer, trusted_root }: Evidence['result'],
): boolean {
  if (typeof identity !== 'string' || issuer !== named.issuer || trusted_root !== named.trusted_root)
    return false;
  return named.identity.endsWith('*')
    ? identity.startsWith(named.identity.slice(0, -1))
    : identity === named.identity;
}

function judgeReport(gate: GateSetting, evidence: Evidence, as_of: string): Answer {
  const age = ageOf(evidence, gate, as_of);
  if (age === 'unreadable') return { status: 'ERROR', reason_code: 'max_age_unreadable' };
  if (age === 'too old') return { status: 'FAILED', reason_code: 'evidence_too_old' };
  const { result } = evidence;
  if (result['error'] !== undefined) return { status: 'ERROR', reason_code: 'evidence_unusable' };
  const thresholds = gate.thresholds === undefined ? undefined : evaluate(gate.thresholds, result);
  const passed = thresholds?.met ?? result['passed'] === true;
  const open = leavesOpen(result, thresholds);
  if (open && thresholds?.met !== false) return { status: 'FAILED', reason_code: 'evidence_leaves_unknown' };
  return passed
    ? { status: 'PASSED', reason_code: 'ok' }
    : { status: 'FAILED', reason_code: 'thresholds_not_met' };
}

function ageOf(
  evidence: Evidence,
  { max_age }: GateSetting,
  as_of: string,
): 'good' | 'too old' | 'unreadable' {
  if (max_age === undefined) return 'good';
  if (!isDuration(max_age)) return 'unreadable';
  return isBefore(addDuration(producedAt(evidence), max_age), as_of) ? 'too old' : 'good';
}

/** Age counts from the earlier of produced and received: a producer cannot make its report younger. */
function producedAt({ produced_at, received_at }: Evidence): string {
  return isBefore(received_at, produced_at) ? received_at : produced_at;
}

/** Latest first by its earlier instant, then by receipt; what is still tied is ordered by digest, so order of input never matters. */
export function latestFirst(a: Evidence, b: Evidence): number {
  return (
    compareInstants(producedAt(b), producedAt(a)) ||
    compareInstants(b.received_at, a.received_at) ||
    (evidenceDigest(a) < evidenceDigest(b) ? -1 : 1)
  );
}

function compareInstants(a: string, b: string): number {
  if (isBefore(a, b)) return -1;
  return isBefore(b, a) ? 1 : 0;
}
