import type { PromotionView } from '../../functions/contract/promotion-view.ts';
import { TRAITS } from '../../functions/domain/kind-traits.ts';
import { unreachable } from '../../functions/domain/unreachable.ts';
import type { IconName } from '../parts/icon-name.ts';

/** The colours that a status may have. */
export type Tone = 'ok' | 'wait' | 'stop' | 'hold' | 'move' | 'off';
export type Status = PromotionView['status'];

/** A status as people see it: a shape, a word, a colour; colour is never alone. */
export function statusLook(status: Status): {
  readonly icon: IconName;
  readonly word: string;
  readonly tone: Tone;
} {
  switch (status) {
    case 'pending':
      return { icon: 'pending', word: 'Pending', tone: 'wait' };
    case 'blocked':
      return { icon: 'blocked', word: 'Blocked', tone: 'stop' };
    case 'approved':
      return { icon: 'approved', word: 'Approved', tone: 'ok' };
    case 'scheduled':
      return { icon: 'scheduled', word: 'Scheduled', tone: 'hold' };
    case 'executing':
      return { icon: 'executing', word: 'Executing', tone: 'move' };
    case 'completed':
      return { icon: 'completed', word: 'Completed', tone: 'ok' };
    case 'rejected':
      return { icon: 'rejected', word: 'Rejected', tone: 'stop' };
    case 'cancelled':
      return { icon: 'cancelled', word: 'Cancelled', tone: 'off' };
    case 'failed':
      return { icon: 'failed', word: 'Failed', tone: 'stop' };
    case 'rolled_back':
      return { icon: 'rolled_back', word: 'Rolled back', tone: 'off' };
    default:
      return unreachable(status);
  }
}

/** What a promotion moves: `agent agent-123`, `configuration`. */
export const subjectName = ({ kind, name }: PromotionView['subject']): string => TRAITS[kind].only ?? name;

/** A code of the API as words: `missing_evidence` is `missing evidence`. */
export const plain = (code: string): string => code.replaceAll('_', ' ');

/** A number with the word it counts: `1 key`, `3 keys`. */
export const count = (number: number, word: string): string =>
  `${number.toLocaleString('en')} ${word}${number === 1 ? '' : 's'}`;
