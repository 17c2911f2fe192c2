import { listFreezes } from '../../functions/contract/freezes.ts';
import { spokenInstant } from '../../functions/domain/instant.ts';
import { ask } from '../api/client.ts';
import type { Outcome } from '../api/problem.ts';
import type { Changed } from '../settings/change.ts';

/** What came of a change of freezes, with how their scope stands after it, as the server sees it. */
export async function standing(made: Outcome<Changed>, scope: string): Promise<Outcome<Changed>> {
  if (!made.ok) return made;
  const after = await ask(listFreezes, { at: { scope } });
  if (!after.ok) return made;
  const { frozen, next_open, next_close } = after.value;
  const where = scope === '*' ? 'Everything' : scope;
  const until = frozen ? next_open : next_close;
  const says = `${where} is ${frozen ? 'frozen' : 'open'} now${until === null ? '' : `, until ${spokenInstant(until)}`}.`;
  return { ok: true, value: { ...made.value, says } };
}
