import type * as z from 'zod/mini';
import type { getApprovals } from '../../functions/contract/promotion-reads.ts';
import { missingGroups } from '../../functions/domain/promotion/quorum.ts';
import { session } from '../api/client.ts';
import { Icon } from '../parts/icon.tsx';
import { Time } from '../parts/time.tsx';
import { plain } from '../words/status.ts';

/** Who approved, what is missing and who may give it. */
export type Approvals = z.infer<NonNullable<typeof getApprovals.response>>;

/** One slot for each approval: full ones name who gave it, open ones what is missing. */
export const Quorum = ({ approvals: { required, granted, groups } }: { readonly approvals: Approvals }) => {
  const missing = Math.max(0, required - granted.length);
  const lacking = missingGroups(groups);
  return (
    <ul class="quorum" aria-label={`${granted.length} of ${required} approvals given`}>
      {granted.map(({ subject, email, groups: theirs, at }) => (
        <li key={subject} class="slot full">
          <Icon name="approved" tone="ok" /> <b>{email === '' ? subject : email}</b>
          {theirs.length === 0 ? '' : `${theirs.join(', ')}, `}
          <Time at={at} />
        </li>
      ))}
      {Array.from({ length: missing }, (_, at) => (
        <li key={`open ${at}`} class="slot open">
          <Icon name="pending" tone="wait" /> <b>Missing</b>
          {lacking[at] === undefined ? 'from any approver' : `from ${lacking[at]}`}
        </li>
      ))}
    </ul>
  );
};

/** People named at once: who may come first. */
const SHOWN = 8;

/** Who may still approve, and who may not and why. */
export const People = ({ approvals: { people, next_cursor } }: { readonly approvals: Approvals }) => {
  const mine = session.value?.subject;
  const sorted = people.toSorted(
    (a, b) =>
      Number(b.subject === mine) - Number(a.subject === mine) || Number(b.eligible) - Number(a.eligible),
  );
  if (people.length === 0 && next_cursor === null)
    return (
      <p class="sm t-wait">Nobody has the role approver here. An administrator can give it, under People.</p>
    );
  return (
    <ul class="ppl">
      {sorted.slice(0, SHOWN).map(({ subject, email, groups, eligible, why }) => (
        <li key={subject}>
          <Icon name={eligible ? 'user' : 'no'} tone={eligible ? (subject === mine ? 'move' : '') : 'off'} />
          <span>
            <b>{subject === mine ? 'You' : email}</b>
          </span>
          <span>
            {eligible
              ? `may approve${groups.length === 0 ? '' : `, as ${groups.join(', ')}`}`
              : why === 'approved_already'
                ? 'approved already'
                : `may not: ${plain(why ?? 'not allowed')}`}
          </span>
        </li>
      ))}
      {people.length > SHOWN || next_cursor !== null ? (
        <li class="mut">
          and {next_cursor === null ? '' : 'at least '}
          {Math.max(people.length - SHOWN, 1)} more
        </li>
      ) : undefined}
    </ul>
  );
};
