import { plain } from './status.ts';

/** Why a gate says what it says, by the reason that the server gives. */
const REASONS: { readonly [reason: string]: string } = {
  ok: 'The latest report that counts passes',
  evidence_missing: 'Nobody has brought a report about this content',
  evidence_too_old: 'The latest report is older than the gate allows',
  evidence_about_another_digest: 'The report is about other content',
  evidence_of_another_format: 'The report has another format than the gate asks for',
  evidence_untrusted: 'The report is by somebody whom the gate does not trust',
  evidence_from_the_future: 'The report has a time that is yet to come',
  evidence_unusable: 'The report says itself that it is not complete',
  evidence_leaves_unknown: 'The report leaves something unknown, which is no pass',
  signature_not_verified: 'No signature by a key or signer of the gate was verified',
  signature_missing: 'Nothing in the registry signs this content',
  signature_unknown: 'Whether a signature counts could not be found out',
  trusted_root_unusable: 'The roots of trust of the gate cannot be used: an admin sets them anew',
  thresholds_not_met: 'What the report says does not meet what the gate asks for',
  policy_not_met: 'It does not meet the policy of the environment',
  no_thresholds: 'The gate has no thresholds: an admin sets them',
  soaking: 'It has not run long enough in the environment before',
  soak_unknown: 'How long it ran in the environment before is not known',
  max_age_unreadable: 'The age that the gate allows cannot be read: an admin sets it anew',
  not_for_rollbacks: 'Rollbacks are not held up by this gate',
  not_applicable: 'The gate does not judge this kind',
  no_provider: 'The gate names no provider: an admin sets one',
  provider_not_asked: 'Its provider has yet to be asked',
  provider_asked_again: 'Its provider is asked again',
  provider_answer_too_old: 'Its provider answered too long ago, and is asked again',
  provider_timed_out: 'Its provider did not answer in time',
  provider_unreachable: 'Its provider cannot be reached',
  provider_failed: 'Its provider answered with an error',
  provider_forbidden: 'Its provider has an address that is not called',
  provider_secret_unusable: 'The secret for its provider cannot be used: an admin sets it anew',
  provider_says_no: 'Its provider says no',
  provider_warns: 'Its provider warns',
  provider_reports_error: 'Its provider could not tell',
  provider_answer_malformed: 'Its provider answered what cannot be read',
};

/** The same of gates that look at no report. */
const OK: { readonly [gate: string]: string } = {
  policy_compliance: 'The policy of the environment holds',
  soak: 'It ran long enough in the environment before',
};

/** A gate's reason as a clause without an end, for a line of its own or behind a colon. */
export function gateReason(gate: string, reason: string): string {
  const own = reason === 'ok' ? OK[gate] : undefined;
  const words = own ?? REASONS[reason] ?? plain(reason);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
