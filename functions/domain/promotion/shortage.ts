import { type Actor, actorOf, type Principal } from '../identity/principal.ts';
import { samePerson } from '../identity/same-person.ts';
import type { Requirements } from '../policy/requirements.ts';

/** Approvals that the people of a tenant cannot give: of anybody, or of one group. `available` people could, each counted once. */
export type Shortage = { readonly group?: string; readonly required: number; readonly available: number };

/** What is asked of approvers. */
export type Quotas = Pick<Requirements, 'required_approvers' | 'groups'>;

/** What is missing when only some may approve. Reads no further than until nothing is. */
export async function shortagesOf(
  { required_approvers, groups }: Quotas,
  people: Iterable<Principal> | AsyncIterable<Principal>,
  mayApprove: (person: Principal) => boolean,
): Promise<readonly Shortage[]> {
  const quotas = [{ min: required_approvers }, ...groups].filter(({ min }) => min > 0);
  const counts = quotas.map((quota) => ({ quota, found: [] as readonly Actor[] }));
  for await (const person of people) {
    if (!mayApprove(person)) continue;
    const actor = actorOf(person);
    for (const count of counts) {
      const { quota, found } = count;
      const asked = !('group' in quota) || person.groups.includes(quota.group);
      if (!asked || found.length >= quota.min || found.some((one) => samePerson(one, actor))) continue;
      count.found = [...found, actor];
    }
    if (counts.every(({ quota, found }) => found.length >= quota.min)) return [];
  }
  return counts.flatMap(({ quota, found }) =>
    found.length < quota.min
      ? [
          {
            ...('group' in quota ? { group: quota.group } : {}),
            required: quota.min,
            available: found.length,
          },
        ]
      : [],
  );
}

/** A shortage as a sentence. */
export function shortageInWords({ group, required, available }: Shortage): string {
  const approvals = `${required} approval${required === 1 ? '' : 's'}`;
  const who = group === undefined ? '' : ` of the group ${group}`;
  const can = available === 0 ? 'nobody' : available === 1 ? 'only 1 person' : `only ${available} people`;
  return `needs ${approvals}${who}, which ${can} can give`;
}
