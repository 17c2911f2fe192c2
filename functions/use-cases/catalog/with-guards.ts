import type { Environment } from '../../domain/catalog/environment.ts';
import type { Write } from '../../ports/transaction.ts';

/**
 * The writes of one commit, its change naming the guards that the commit raises, as they are after it. Whoever raises a guard appends to the
 * chain of changes, so on environments that were read after the newest change the numbers are right, or the commit loses.
 */
export function withGuards(
  environments: readonly Pick<Environment, 'name' | 'guard'>[],
  writes: readonly Write[],
): readonly Write[] {
  const raised = new Map(
    writes.flatMap((write): readonly (readonly [string, number])[] => {
      if (write.write === 'raise_guard') return guardAfter(environments, write.environment);
      if (write.write !== 'catalog' || write.entry.type !== 'environment') return [];
      const { name, guard } = write.entry.item;
      const stored = guardAfter(environments, name);
      return stored.length === 0 ? [[name, guard]] : stored;
    }),
  );
  if (raised.size === 0) return writes;
  const guards = Object.fromEntries([...raised].sort(([a], [b]) => (a < b ? -1 : 1)));
  return writes.map((write) =>
    write.write === 'change' ? { ...write, change: { ...write.change, guards } } : write,
  );
}

function guardAfter(environments: readonly Pick<Environment, 'name' | 'guard'>[], name: string) {
  return environments.filter((one) => one.name === name).map(({ guard }) => [name, guard + 1] as const);
}
