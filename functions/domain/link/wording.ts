import { spokenInstant } from '../instant.ts';
import { TRAITS } from '../kind-traits.ts';
import { nameOf } from '../notification/words.ts';
import type { Change } from '../promotion/manifest.ts';
import { countApprovals } from '../promotion/quorum.ts';
import type { PromotionState } from '../promotion/state.ts';

/** Characters of a value that a person is shown; all of it is in the API. */
const SHOWN = 120;

/** What a person is asked, in one line: what → where. */
export function question({
  type,
  subject,
  seal,
  source_environment,
  target_environment,
}: PromotionState): string {
  const { version_label } = seal.plan.source;
  const version = version_label === undefined ? '' : ` ${version_label}`;
  const { only } = TRAITS[subject.kind];
  const what = only === undefined ? `${subject.kind} ${subject.name}${version}` : `the ${only}`;
  return type === 'rollback'
    ? `Roll back ${what} in ${target_environment}?`
    : `Promote ${what} from ${source_environment} to ${target_environment}?`;
}

/** The longest that a key of configuration stands in the subject of a mail. */
const LONGEST = 80;

/** The subject of a mail that asks to decide: it names the first key that changes, and how many more do. `first` is absent where none can be named. */
export function subjectLine(state: PromotionState, first: string | undefined): string {
  const { tree } = state.seal.plan;
  if (tree === undefined || first === undefined) return question(state);
  const { added, modified, removed } = tree.summary;
  const others = added + modified + removed - 1;
  // As people write it: keys and flags stand below these two names in the tree.
  const name = first.replace(/^(?:config|flag)\//, '');
  const key = name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name;
  const what = others > 0 ? `${key} and ${others} more` : key;
  return state.type === 'rollback'
    ? `Roll back ${what} in ${state.target_environment}`
    : `${what}: ${state.source_environment} → ${state.target_environment}`;
}

/** How many changes a promotion makes, in words; nothing where it only swaps one content for another. */
export function howMany({ seal, target_environment }: PromotionState): string {
  const { tree } = seal.plan;
  if (tree === undefined) return `in ${target_environment}`;
  const { added, modified, removed } = tree.summary;
  const parts = [
    ...(added === 0 ? [] : [`${added} added`]),
    ...(modified === 0 ? [] : [`${modified} modified`]),
    ...(removed === 0 ? [] : [`${removed} deleted`]),
  ];
  const keys = added + modified + removed;
  return `${keys} ${keys === 1 ? 'key' : 'keys'} in ${target_environment}: ${parts.join(', ')}`;
}

/** What one more approval causes: said before anybody gives it. */
export function effectOfApproval(state: PromotionState): string {
  const { seal, approvals, execution, schedule } = state;
  const { granted, required, groups } = countApprovals(seal.requirements, approvals, seal.manifest_digest);
  const lacking = groups.filter(({ min, granted: got }) => got < min);
  if (
    granted.length + 1 < required ||
    lacking.some(({ min, granted: got }) => got + 1 < min) ||
    lacking.length > 1
  )
    return 'Another approval is needed after yours.';
  const last = lacking.map(({ group }) => ` from somebody in ${group}`).join('');
  const then =
    schedule !== undefined
      ? `executes at ${spokenInstant(schedule.at)}`
      : execution === 'automatic'
        ? 'executes at once'
        : 'waits for a person to execute it';
  return `With an approval${last} it ${then}.`;
}

/** What a person decides on, as pairs of a name and a text. Every text may come from somebody hostile. */
export function facts(state: PromotionState): readonly (readonly [string, string])[] {
  const { seal, expires_at, requester, requested_at } = state;
  const { granted, required, groups } = countApprovals(
    seal.requirements,
    state.approvals,
    seal.manifest_digest,
  );
  const given = granted.map(({ actor }) => nameOf(actor)).join(', ');
  const quotas = groups.map(({ group, min, granted: got }) => `, ${got} of ${min} from ${group}`).join('');
  return [
    ['Requested by', `${nameOf(requester)}, ${spokenInstant(requested_at)}`],
    ...notesOf(state),
    ['Approvals', `${granted.length} of ${required}${quotas}${given === '' ? '' : `: ${given}`}`],
    ['Manifest', seal.manifest_digest],
    ['Promotion', state.id],
    ['Expires', spokenInstant(expires_at)],
  ];
}

function notesOf({ request }: PromotionState): readonly (readonly [string, string])[] {
  return request.notes !== undefined ? [['Notes', request.notes]] : [];
}

/** Each gate with what it says and why. */
export function gatesInWords({
  gates,
}: PromotionState): readonly { readonly gate: string; readonly says: string }[] {
  return gates.map(({ name, status, reason_code, mode }) => ({
    gate: name,
    says: `${status.toLowerCase()} (${reason_code.replaceAll('_', ' ')})${mode === 'warn' ? ', only warns' : ''}`,
  }));
}

/** A value before or after a change: shortened, and said where there is none. */
export function valueInWords(value: Change['from']): string {
  if (value === null) return '(nothing)';
  const characters = [...value];
  return characters.length > SHOWN ? `${characters.slice(0, SHOWN).join('')}…` : value;
}
