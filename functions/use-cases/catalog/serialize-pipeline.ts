import type { Environment } from '../../domain/catalog/environment.ts';
import type { Write } from '../../ports/transaction.ts';

/**
 * Writes that let one change of the pipeline through at a time, since names, aliases and ranks are judged over all
 * environments while a commit writes one: it takes and raises the guards of the first two others by name.
 * Any two changes share one of those, or write what the other takes, as long as there are two environments.
 */
export function serializePipeline(environments: readonly Environment[], written: string): readonly Write[] {
  const anchors = environments
    .filter(({ name }) => name !== written)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, 2);
  return anchors.flatMap(({ name: environment, guard }): readonly Write[] => [
    { write: 'check_guard', environment, guard },
    { write: 'raise_guard', environment },
  ]);
}
