import { isEmpty } from '../../domain/promotion/head.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Head } from '../../domain/subject.ts';
import type { Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';
import { everyItem } from '../every-item.ts';

/**
 * Looks for a slot of some environments in use, which `refusal` sees. Finding none, returns the writes by which a commit is lost when a
 * slot there is filled meanwhile. While the list of heads shows fewer than an environment counts, refuses `in_use`.
 */
export async function nothingRuns(
  { heads }: Pick<Deps, 'heads'>,
  tenant: string,
  environments: readonly string[],
  refusal: (head: Head) => Refusal | undefined,
): Promise<Refusal | readonly Write[]> {
  const writes: Write[] = [];
  for (const environment of environments) {
    // Before the list: what is filled from here on raises it.
    const occupancy = await heads.occupancy(tenant, environment);
    let listed = 0;
    for await (const head of everyItem((page) => heads.inEnvironment(tenant, environment, page))) {
      listed += 1;
      const refused = isEmpty(head) ? undefined : refusal(head);
      if (refused !== undefined) return refused;
    }
    if (listed < occupancy.heads) {
      return refuse('in_use', `something began to run in ${environment} just now: try again in a moment`);
    }
    writes.push({ write: 'check_occupancy', environment, fills: occupancy.fills });
  }
  return writes;
}
