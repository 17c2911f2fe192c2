import { ConfigPromotionView } from '../../functions/contract/config-promotion-view.ts';
import { retryPromotion } from '../../functions/contract/promotions.ts';
import { ask, askFor } from '../api/client.ts';
import type { Outcome } from '../api/problem.ts';
import { iMay } from '../me.ts';
import { type Promotion, promotionPath } from './live.ts';

/** What a person can do with a promotion, beside deciding on it. */
export type Act =
  | 'execute'
  | 'schedule'
  | 'unschedule'
  | 'assess'
  | 'resubmit'
  | 'cancel'
  | 'retry'
  | 'rollback';

/** What can be done with a promotion in its status; `why` is why this person may not. */
export type Possible = { readonly act: Act; readonly name: string; readonly why?: string };

/** The acts that the status allows, each with whether this person's roles do. */
export function possible(promotion: Promotion, mine: boolean): readonly Possible[] {
  const { status, targetEnvironment: target } = promotion;
  const role = (allowed: boolean, name: string) =>
    allowed ? {} : { why: `requires the role ${name} in ${target}` };
  const execute = (name: string): Possible => ({
    act: 'execute',
    name,
    ...role(iMay('execute', target), 'promoter'),
  });
  const schedule = (name: string): Possible => ({
    act: 'schedule',
    name,
    ...role(iMay('schedule', target), 'promoter'),
  });
  const cancel: Possible = {
    act: 'cancel',
    name: 'Cancel promotion',
    ...role((mine && iMay('cancel_own', target)) || iMay('cancel', target), 'promoter'),
  };
  switch (status) {
    case 'pending':
      return promotion.waitingFor === 'changes'
        ? [{ act: 'resubmit', name: 'Resubmit', ...role(iMay('resubmit', target), 'developer') }, cancel]
        : [schedule(promotion.scheduledAt === null ? 'Schedule…' : 'Move the time…'), cancel];
    case 'blocked':
      return [cancel];
    case 'approved':
      return [execute('Execute now'), schedule('Schedule…'), cancel];
    case 'scheduled':
      return [
        execute('Execute now'),
        schedule('Move the time…'),
        { act: 'unschedule', name: 'Take the time away', ...role(iMay('schedule', target), 'promoter') },
        cancel,
      ];
    case 'completed':
      return promotion.kind === 'config'
        ? [{ act: 'rollback', name: 'Roll back…', ...role(iMay('roll_back', target), 'promoter') }]
        : [];
    case 'failed':
      return [{ act: 'retry', name: 'Retry', ...role(iMay('retry', target), 'promoter') }];
    default:
      return [];
  }
}

/** What an act does, said before it is done. */
export function consequence(act: Act, { targetEnvironment: target }: Promotion): string {
  switch (act) {
    case 'execute':
      return `${target} changes now. Gates, locks and freezes are looked at once more first.`;
    case 'schedule':
      return 'It executes by itself at that time, once it is approved.';
    case 'unschedule':
      return 'It then waits for somebody to execute it.';
    case 'assess':
      return 'Every gate is judged again on the evidence of now.';
    case 'resubmit':
      return 'It is planned anew from the source. Approvals of other content are void.';
    case 'cancel':
      return `Nothing changes in ${target}. It can be asked for again.`;
    case 'retry':
      return 'It is asked for again, as a new promotion.';
    case 'rollback':
      return 'The impact is shown first.';
    default:
      return act satisfies never;
  }
}

type Answer = Promise<Outcome<Promotion>>;

/** Does one of the verbs on a promotion. */
export const verb = (id: string, name: string, body: object = {}): Answer =>
  askFor(ConfigPromotionView, 'POST', `${promotionPath(id)}/${name}`, { body });

/** Takes away a promotion, or its time. */
export const remove = (id: string, part: '' | '/schedule', body: object = {}): Answer =>
  askFor(ConfigPromotionView, 'DELETE', `${promotionPath(id)}${part}`, { body });

/** Asks for a failed promotion again: the id of the new one. */
export async function retry(id: string): Promise<Outcome<string>> {
  const made = await ask(retryPromotion, { at: { id }, body: {}, once: `retry-${id}` });
  return made.ok ? { ok: true, value: made.value.id } : made;
}
