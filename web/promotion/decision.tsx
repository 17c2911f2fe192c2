import { useSignal } from '@preact/signals';
import { getApprovals } from '../../functions/contract/promotion-reads.ts';
import { ask, session } from '../api/client.ts';
import { useData } from '../api/data.ts';
import type { Outcome, Problem } from '../api/problem.ts';
import { Icon } from '../parts/icon.tsx';
import { Loading, ProblemNote } from '../parts/notes.tsx';
import { go, pathTo } from '../router.ts';
import { nextStep } from '../words/promotion.ts';
import { type Act, possible, retry, verb } from './actions.ts';
import { Acts } from './acts.tsx';
import type { Live, Promotion } from './live.ts';
import { type Approvals, People, Quorum } from './quorum.tsx';
import { toldOf } from './words.ts';

/** What the person may do with the promotion: consequence first, one main action, no dead end. */
export const Decision = ({
  promotion,
  take,
}: {
  readonly promotion: Promotion;
  readonly take: Live['take'];
}) => {
  const { id, version, requiresApproval } = promotion;
  const done = useSignal<string | undefined>(undefined);
  const wrong = useSignal<Problem | undefined>(undefined);
  const busy = useSignal(false);
  const found = useData(`approvals ${id} ${version}`, (signal) => ask(getApprovals, { at: { id }, signal }));
  const act = async (said: string, run: () => Promise<Outcome<Promotion>>): Promise<boolean> => {
    busy.value = true;
    const outcome = await run();
    busy.value = false;
    wrong.value = outcome.ok ? undefined : outcome.problem;
    if (!outcome.ok) return false;
    done.value = said;
    take(outcome.value);
    return true;
  };
  const mine = promotion.createdBy === session.value?.subject;
  const acts = possible(promotion, mine);
  const decides = promotion.status === 'pending' && promotion.waitingFor === 'approval';
  const open = ['pending', 'blocked', 'approved', 'scheduled'].includes(promotion.status);
  return (
    <section class="sect" aria-labelledby="dec" id="decision" tabIndex={-1}>
      <header>
        <h2 id="dec">{decides ? 'Your decision' : open ? 'What you can do' : 'What came of it'}</h2>
      </header>
      <div class="pad">
        <p class="sr" role="status">
          {done.value}
        </p>
        {done.value === undefined ? undefined : (
          <p class="said">
            <Icon name="passed" tone="ok" /> {done.value}
          </p>
        )}
        {wrong.value === undefined ? undefined : <ProblemNote problem={wrong.value} />}
        {requiresApproval && open ? (
          found.value === undefined ? (
            found.problem === undefined ? (
              <Loading rows={2} />
            ) : (
              <ProblemNote problem={found.problem} />
            )
          ) : (
            <>
              <Quorum approvals={found.value} />
              <People approvals={found.value} />
            </>
          )
        ) : undefined}
        {decides ? (
          <Deciding
            promotion={promotion}
            why={whyNot(found.value)}
            lastOne={found.value !== undefined && completes(found.value)}
            busy={busy.value}
            act={act}
          />
        ) : (
          <p class="conseq">
            <b>{nextStep(toldOf(promotion))}</b>
          </p>
        )}
        <Acts
          promotion={promotion}
          acts={acts}
          busy={busy.value}
          act={act}
          other={(name) => other(name, promotion, (problem) => (wrong.value = problem))}
        />
      </div>
    </section>
  );
};

/** Acts that lead to another page. */
async function other(act: Act, { id }: Promotion, tell: (problem: Problem) => void): Promise<void> {
  if (act === 'rollback') return go(pathTo('promotions', id, 'rollback'));
  const made = await retry(id);
  if (made.ok) go(pathTo('promotions', made.value));
  else tell(made.problem);
}

/** Why the person may not approve; nothing where they may, or where it is not known yet. */
function whyNot(approvals: Approvals | undefined): string | undefined {
  if (approvals === undefined) return 'it is being looked up who may approve';
  const me = approvals.people.find(({ subject }) => subject === session.value?.subject);
  if (me === undefined) return 'requires the role approver';
  return me.eligible ? undefined : (WHY[me.why ?? ''] ?? me.why?.replaceAll('_', ' ') ?? 'you may not');
}

/** Reasons of eligibility, to the person. */
const WHY: { readonly [why: string]: string } = {
  separation_of_duties: 'you had a part in what is promoted: another person decides',
  approved_already: 'you have approved already',
  governor: 'you weakened what governs this: another person decides',
  expired: 'the time to approve is over',
  not_authorized: 'requires the role approver',
};

/** Whether one more approval is all that is missing. */
const completes = ({ required, granted, groups }: Approvals): boolean =>
  granted.length + 1 >= required && groups.every(({ min, granted: got }) => got + 1 >= min);

type ActFn = (said: string, run: () => Promise<Outcome<Promotion>>) => Promise<boolean>;

const Deciding = ({
  promotion,
  why,
  lastOne,
  busy,
  act,
}: {
  readonly promotion: Promotion;
  readonly why: string | undefined;
  readonly lastOne: boolean;
  readonly busy: boolean;
  readonly act: ActFn;
}) => {
  const comment = useSignal('');
  const asked = useSignal(false);
  const { id, execution, scheduledAt, targetEnvironment: target, manifestDigest } = promotion;
  const runs = lastOne && execution === 'automatic' && scheduledAt === null;
  const text = comment.value.trim();
  const decide = async (name: string, said: string, body: object) => {
    if (busy || why !== undefined) return;
    if (name !== 'approve' && text === '') {
      asked.value = true;
      document.getElementById('comment')?.focus();
      return;
    }
    if (await act(said, () => verb(id, name, body))) comment.value = '';
  };
  const off = busy || why !== undefined;
  return (
    <form onSubmit={(event) => event.preventDefault()}>
      <p class="conseq">
        <b>
          {!lastOne
            ? 'Another approval is needed after yours.'
            : runs
              ? 'Approving executes at once.'
              : 'Approving completes the quorum.'}
        </b>
        {runs
          ? `${target} changes as soon as you approve.`
          : scheduledAt !== null
            ? 'It then executes at its time.'
            : execution === 'manual'
              ? `${target} changes when somebody executes it.`
              : ''}
      </p>
      <label class="f" for="comment">
        Comment, required to reject or to request changes
      </label>
      <textarea
        class="in"
        id="comment"
        maxLength={4000}
        value={comment.value}
        aria-invalid={asked.value && text === '' ? 'true' : undefined}
        aria-describedby={asked.value && text === '' ? 'comment-why' : undefined}
        onInput={({ currentTarget }) => {
          comment.value = currentTarget.value;
        }}
      />
      {asked.value && text === '' ? (
        <p class="sm t-stop" id="comment-why" role="alert">
          Say why: the requester reads it.
        </p>
      ) : undefined}
      {why === undefined ? undefined : (
        <p class="sm sec" id="why-not">
          <Icon name="no" /> You cannot decide here: {why}.
        </p>
      )}
      <div class="act">
        <button
          type="button"
          class="btn go big"
          aria-disabled={off ? 'true' : undefined}
          aria-describedby={why === undefined ? undefined : 'why-not'}
          onClick={() =>
            decide('approve', runs ? 'You approved. It executes now.' : 'You approved.', {
              manifestDigest,
              ...(text === '' ? {} : { comment: text }),
            })
          }
        >
          {runs ? 'Approve and execute' : 'Approve'}
        </button>
        <button
          type="button"
          class="btn"
          aria-disabled={off ? 'true' : undefined}
          onClick={() => decide('request-changes', 'You requested changes.', { reason: text })}
        >
          Request changes
        </button>
        <button
          type="button"
          class="btn no"
          aria-disabled={off ? 'true' : undefined}
          onClick={() => decide('reject', 'You rejected it.', { reason: text })}
        >
          Reject
        </button>
      </div>
    </form>
  );
};
