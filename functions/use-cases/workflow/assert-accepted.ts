import { Fault } from '../../domain/faults.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';

/** The answer to a command of Sluice's own on a promotion that it has just read: refusing it contradicts what is stored. */
export function assertAccepted<T extends object>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new Fault('Corrupt', answer.detail);
  return answer;
}
