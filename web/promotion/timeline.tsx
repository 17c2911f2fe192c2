import type * as z from 'zod/mini';
import { getTimeline } from '../../functions/contract/promotion-reads.ts';
import { ask } from '../api/client.ts';
import { useData } from '../api/data.ts';
import type { Outcome } from '../api/problem.ts';
import { Icon } from '../parts/icon.tsx';
import type { IconName } from '../parts/icon-name.ts';
import { Loading, ProblemNote } from '../parts/notes.tsx';
import { Time } from '../parts/time.tsx';
import { nextStep } from '../words/promotion.ts';
import { plain, type Tone } from '../words/status.ts';
import type { Promotion } from './live.ts';
import { toldOf } from './words.ts';

type Look = { readonly icon: IconName; readonly tone: Tone; readonly says: string };

/** What happened, in words. An event that this page does not know yet is told by its name. */
const WORDS: { readonly [type: string]: Look } = {
  PromotionRequested: { icon: 'user', tone: 'off', says: 'asked for it' },
  PromotionAssessed: { icon: 'passed', tone: 'ok', says: 'assessed the gates' },
  PromotionBlocked: { icon: 'blocked', tone: 'stop', says: 'stopped it at a gate' },
  EvidenceAttached: { icon: 'proof', tone: 'move', says: 'attached evidence' },
  ApprovalGranted: { icon: 'approved', tone: 'ok', says: 'approved' },
  ChangesRequested: { icon: 'comment', tone: 'wait', says: 'requested changes' },
  PromotionResubmitted: { icon: 'next', tone: 'move', says: 'resubmitted it' },
  ApprovalsVoided: { icon: 'cancelled', tone: 'wait', says: 'voided approvals: the content is another' },
  PromotionApproved: { icon: 'approved', tone: 'ok', says: 'found everything approved' },
  PromotionRejected: { icon: 'rejected', tone: 'stop', says: 'rejected it' },
  PromotionScheduled: { icon: 'scheduled', tone: 'hold', says: 'scheduled it' },
  PromotionUnscheduled: { icon: 'scheduled', tone: 'off', says: 'unscheduled it' },
  ExecutionRequested: { icon: 'executing', tone: 'move', says: 'asked to execute it' },
  ExecutionHeld: { icon: 'lock', tone: 'wait', says: 'held the execution back' },
  ExecutionStarted: { icon: 'executing', tone: 'move', says: 'began to execute it' },
  PromotionCompleted: { icon: 'completed', tone: 'ok', says: 'completed it' },
  PromotionFailed: { icon: 'failed', tone: 'stop', says: 'failed to execute it' },
  PromotionCancelled: { icon: 'cancelled', tone: 'off', says: 'cancelled it' },
  PromotionRolledBack: { icon: 'rolled_back', tone: 'off', says: 'took it back' },
  OutcomeSettled: { icon: 'passed', tone: 'ok', says: 'reported what became of it' },
  OutcomeReversed: { icon: 'failed', tone: 'stop', says: 'reported that it serves no more' },
  VerificationDecided: { icon: 'proof', tone: 'move', says: 'decided its verification' },
  RollbackBegun: {
    icon: 'rolled_back',
    tone: 'wait',
    says: 'requested its rollback: the verification failed',
  },
  RollbackDeclined: {
    icon: 'warning',
    tone: 'stop',
    says: 'did not roll it back, though the verification failed',
  },
};

type Event = NonNullable<z.infer<NonNullable<typeof getTimeline.response>>>['items'][number];

/** All events of a promotion, page by page. */
async function everyEvent(id: string, signal: AbortSignal): Promise<Outcome<readonly Event[]>> {
  const events: Event[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask(getTimeline, { at: { id }, query: { limit: 100, cursor }, signal });
    if (!page.ok) return page;
    events.push(...page.value.items);
    cursor = page.value.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return { ok: true, value: events };
}

/** Everything that happened, newest on top, and what is still to come above it. */
export const Timeline = ({ promotion }: { readonly promotion: Promotion }) => {
  const { id, version, status } = promotion;
  const { value, problem, reload } = useData(`timeline ${id} ${version}`, (signal) => everyEvent(id, signal));
  const open = ['pending', 'blocked', 'approved', 'scheduled', 'executing'].includes(status);
  return (
    <section class="sect" aria-labelledby="timeline">
      <header>
        <h2 id="timeline">Timeline</h2>
      </header>
      {problem === undefined ? undefined : <ProblemNote problem={problem} retry={reload} />}
      {value === undefined && problem === undefined ? <Loading /> : undefined}
      <ol class="tl">
        {open ? (
          <li class="fut">
            <Icon name="pending" tone="s wait" />
            <div>{nextStep(toldOf(promotion))}</div>
            <span class="w">next</span>
          </li>
        ) : undefined}
        {value?.toReversed().map(({ seq, at, type, actor, event }) => {
          const { icon, tone, says } = WORDS[type] ?? { icon: 'next', tone: 'off', says: type };
          const said = saidIn(event);
          return (
            <li key={seq}>
              <Icon name={icon} tone={`s ${tone}`} />
              <div>
                <b>{actor.kind === 'system' ? 'Sluice' : actor.email === '' ? actor.subject : actor.email}</b>{' '}
                {says}
                {actor.via === undefined ? '' : ` by ${plain(actor.via.channel)}`}
                {said === undefined ? undefined : <p class="sm">“{said}”</p>}
              </div>
              <Time at={at} />
            </li>
          );
        })}
      </ol>
    </section>
  );
};

/** What a person wrote beside what they did. */
function saidIn(event: { readonly [name: string]: unknown }): string | undefined {
  const { approval, reason, message } = event;
  if (typeof reason === 'string') return reason;
  if (typeof message === 'string') return message;
  if (typeof approval !== 'object' || approval === null || !('comment' in approval)) return undefined;
  return typeof approval.comment === 'string' ? approval.comment : undefined;
}
