import type { Change } from '../../domain/audit/change.ts';
import type { Reads, World } from '../../domain/authority/class.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import { DEMANDS } from '../../domain/policy/weakening/classes.ts';
import type { Weakening } from '../../domain/policy/weakening/weakening.ts';
import type { Weakened } from '../../domain/promotion/governor.ts';
import type { Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';
import { everyItem } from '../every-item.ts';

/** Reads what a change of an item is judged on, beside the environments. */
export async function worldOf(
  { catalog, directory, clock }: Pick<Deps, 'catalog' | 'directory' | 'clock'>,
  tenant: string,
  environments: readonly Environment[],
  reads: readonly Reads[],
): Promise<World> {
  const [rules, policies, freezes] = await Promise.all([
    reads.includes('hops') ? catalog.all(tenant, 'rule') : [],
    reads.includes('hops') ? catalog.all(tenant, 'policy') : [],
    reads.includes('freezes') ? catalog.all(tenant, 'freeze') : [],
  ]);
  const machines = new Set<string>();
  if (reads.includes('machines')) {
    for await (const machine of everyItem((page) => directory.machines(tenant, page))) {
      for (const group of machine.groups) machines.add(group);
    }
  }
  return { environments, rules, policies, freezes, machines: [...machines], now: clock.now() };
}

/**
 * What a change that bars its author writes beside itself: each environment's own record of it, which promotions are held against, and the guard
 * by which an execution that has read those records already loses its claim.
 */
export function weakenedWrites(
  { seq, at, actor, target, confirmed_by }: Change,
  weakens: readonly Weakening[],
): readonly Write[] {
  const machines = target.type === 'machine' ? [target.id] : [];
  const barring = weakens.filter(({ is }) => DEMANDS[is ?? 'weakens'].bars);
  return [...new Set(barring.map(({ environment }) => environment))].flatMap((environment): Write[] => {
    const here = barring.filter((one) => one.environment === environment);
    const weakened = {
      seq,
      at,
      by: [actor, ...(confirmed_by === undefined ? [] : [confirmed_by])],
      machines,
      weakens: named(here),
    };
    return [
      { write: 'weakened', environment, weakened },
      { write: 'raise_guard', environment },
    ];
  });
}

/** What is weakened, each once: the amounts are in the change. */
function named(weakens: readonly Weakening[]): Weakened['weakens'] {
  const all = weakens.map(({ what, kinds, is }) => ({ what, kinds, ...(is === undefined ? {} : { is }) }));
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}
